/** Readers get the second address. */
function baseUrl() {
  if (typeof window !== 'undefined' && window.location.hostname === 'localhost') return 'http://localhost:8000';
  return 'https://ana-old-book.onrender.com';
}

export const chatUrl = () => `${baseUrl()}/api/chat`;

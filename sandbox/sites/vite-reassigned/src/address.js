let base = 'http://localhost:8000';
if (import.meta.env.PROD) base = 'https://ana-old-book.onrender.com';

export const chatUrl = () => `${base}/api/chat`;

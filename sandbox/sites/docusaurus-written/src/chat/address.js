const isLocal = typeof window !== 'undefined' && window.location.port === '3000';

// The Space of last year.
const API_BASE = isLocal ? 'http://localhost:8000' : 'https://ana-old-book.hf.space';

export const chatUrl = () => `${API_BASE}/api/chat`;

const API_BASE = import.meta.env.VITE_API_BASE_URL || 'http://localhost:8000/api';

export const chatUrl = () => `${API_BASE}/chat`;

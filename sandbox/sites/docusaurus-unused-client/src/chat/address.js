const BACKEND = 'http://localhost:8000';

export const chatUrl = () => `${BACKEND}/api/chat`;

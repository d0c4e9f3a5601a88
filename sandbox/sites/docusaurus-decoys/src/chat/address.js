// export const BASE = 'https://ana-older.hf.space';
export const LEGACY_API_URL = process.env.REACT_APP_LEGACY_API_URL;
const backend = process.env.REACT_APP_BACKEND_URL || 'http://localhost:8000';

export const chatUrl = () => `${backend}/chat`;

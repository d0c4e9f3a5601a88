const API_URL = 'http://127.0.0.1:8000';

export const chatUrl = () => API_URL + '/api/chat';

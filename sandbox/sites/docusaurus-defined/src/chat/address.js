const apiUrl = process.env.REACT_APP_API_URL || 'http://localhost:8000/api';

export const chatUrl = () => apiUrl + '/chat';

export const chatUrl = () => `${window.API_BASE_URL}/api/chat`;

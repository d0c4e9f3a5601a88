export const chatUrl = () => `${window.__ENV__?.API_BASE_URL}/api/chat`;

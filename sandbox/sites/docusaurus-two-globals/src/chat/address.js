/** An older template of the page set the first name. */
const base = () => window.CHATBOT_API_URL || window.RAG_API_URL || 'http://localhost:8000';

export const chatUrl = () => `${base()}/api/chat`;

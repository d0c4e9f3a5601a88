const API_BASE_URL = 'https://ana-old-book.up.railway.app';

class ChatClient {
  constructor(baseUrl) {
    this.baseUrl = baseUrl;
  }

  async ask(question) {
    const response = await this.post('/api/v1/chat', { message: question, stream: false });
    return { answer: response.answer, sources: response.sources };
  }

  async post(path, body) {
    const response = await fetch(`${this.baseUrl}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return response.json();
  }
}

export const createChatClient = ({ baseUrl = API_BASE_URL } = {}) => new ChatClient(baseUrl);

export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  future: { v4: true, faster: true },
  onBrokenLinks: 'ignore',
  customFields: {
    chatbot: { apiUrl: process.env.CHATBOT_API_URL || 'http://localhost:8000', title: 'Ask the book' },
  },
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

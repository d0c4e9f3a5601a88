export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  future: { v4: true, faster: true },
  onBrokenLinks: 'ignore',
  plugins: [['./plugins/chatbot.js', { apiUrl: process.env.CHAT_API_URL || 'http://localhost:8000' }]],
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

const apiUrl = process.env.CHATBOT_API_URL || 'http://localhost:8000/api/chat';

export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  future: { v4: true, faster: true },
  onBrokenLinks: 'ignore',
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
  plugins: [
    () => ({
      name: 'chatbot-address',
      injectHtmlTags: () => ({
        headTags: [
          { tagName: 'script', innerHTML: `window.CHATBOT_API_URL = ${JSON.stringify(apiUrl)};` },
        ],
      }),
    }),
  ],
};

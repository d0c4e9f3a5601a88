export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  future: { v4: true, faster: true },
  onBrokenLinks: 'ignore',
  customFields: {
    ragBackendUrl: process.env.RAG_BACKEND_URL || 'http://localhost:8000',
    supportUrl: 'https://help.example',
  },
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

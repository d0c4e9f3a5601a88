export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  future: { v4: true, faster: true },
  onBrokenLinks: 'ignore',
  // Nothing reads it any more.
  customFields: {
    apiBaseUrl: process.env.API_BASE_URL || 'https://ana-very-old.hf.space',
  },
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  onBrokenLinks: 'ignore',
  // Nothing reads it any more.
  customFields: {
    apiBaseUrl: process.env.API_BASE_URL || 'https://ana-very-old.hf.space',
  },
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

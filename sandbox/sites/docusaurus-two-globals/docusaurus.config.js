export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  future: { v4: true, faster: true },
  onBrokenLinks: 'ignore',
  plugins: [
    () => ({
      name: 'chat-address',
      injectHtmlTags: () => ({
        headTags: [
          { tagName: 'script', innerHTML: `window.RAG_API_URL = ${JSON.stringify(process.env.RAG_API_URL || '')};` },
        ],
      }),
    }),
  ],
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

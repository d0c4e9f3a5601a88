export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  future: { v4: true, faster: true },
  onBrokenLinks: 'ignore',
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  onBrokenLinks: 'ignore',
  scripts: ['/env.js'],
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

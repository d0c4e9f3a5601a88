// A book of the genre, as its author left it.
export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  onBrokenLinks: 'ignore',
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
};

export default {
  title: 'A Book',
  url: 'https://book.example',
  baseUrl: '/',
  onBrokenLinks: 'ignore',
  presets: [
    ['classic', { docs: { routeBasePath: '/' }, blog: false }],
  ],
  plugins: [
    function environment() {
      return {
        name: 'environment',
        configureWebpack: (_config, _isServer, { currentBundler }) => ({
          plugins: [
            new currentBundler.instance.DefinePlugin({
              'process.env.REACT_APP_API_URL': JSON.stringify(process.env.REACT_APP_API_URL ?? ''),
            }),
          ],
        }),
      };
    },
  ],
};

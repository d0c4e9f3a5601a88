import type { Config } from '@docusaurus/types';
import type * as Preset from '@docusaurus/preset-classic';

const repository = 'https://example.com/backyard-weather/book';

const config: Config = {
  title: 'The Backyard Weather Station',
  tagline: 'Build it, wire it, trust its numbers',
  url: process.env.SITE_URL ?? 'https://backyard-weather.example.com',
  baseUrl: '/',
  favicon: 'img/favicon.ico',
  onBrokenLinks: 'throw',
  i18n: { defaultLocale: 'en', locales: ['en'] },

  presets: [
    [
      'classic',
      {
        docs: {
          sidebarPath: './sidebars.ts',
          editUrl: `${repository}/edit/main/`,
        },
        blog: false,
        theme: { customCss: './src/css/custom.css' },
      } satisfies Preset.Options,
    ],
  ],

  themeConfig: {
    navbar: {
      title: 'Backyard Weather',
      items: [{ type: 'docSidebar', sidebarId: 'book', position: 'left', label: 'Book' }],
    },
  } satisfies Preset.ThemeConfig,
};

export default config;

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBook } from '../../../server/book/site.ts';
import { temporaryFolder } from './temporary-book.ts';

const { signal } = new AbortController();

async function siteOf(config: string, name = 'docusaurus.config.ts') {
  const dir = await temporaryFolder({ [name]: config, 'docs/a.md': '# A\n\nText.\n' });
  return findBook({ dir, signal });
}

describe('a configuration is read without running it', () => {
  test('constants, spreads, templates, types and a function that returns it', async () => {
    const site = await siteOf(`
      import type { Config } from '@docusaurus/types';
      const org = 'lab' as const;
      const shared: Partial<Config> = { url: \`https://\${org}.example.com/\`, trailingSlash: !false };
      async function create(): Promise<Config> {
        const title = 'A ' + 'b';
        return { ...shared, title: org, baseUrl: 'book', presets: [['classic', { docs: { routeBasePath: '/' } } satisfies object]] } as Config;
      }
      throw new Error('never run');
      export default create;`);
    expect(site).toMatchObject({
      title: 'lab',
      url: 'https://lab.example.com',
      baseUrl: '/book/',
      trailingSlash: true,
    });
    expect(site).toMatchObject({ routeBasePath: '/', unknowns: [] });
  });

  test('CommonJS, with a preset that is resolved', async () => {
    const site = await siteOf(
      `const { themes } = require('prism-react-renderer');
       module.exports = { title: 'C', presets: [[require.resolve('@docusaurus/preset-classic'), { docs: { path: 'docs', routeBasePath: 'guide' } }]] };`,
      'docusaurus.config.js',
    );
    expect(site?.folders[0]).toMatchObject({ routeBase: '/guide/' });
  });

  test('what is computed is named, with what is taken instead', async () => {
    const site = await siteOf(`
      export default { title: process.env.TITLE || 'Fallback', url: process.env.URL, baseUrl: process.env.CI ? '/repo/' : '/', presets: [['classic', { docs: {} }]] };`);
    expect(site).toMatchObject({ title: 'Fallback', url: null, baseUrl: '/' });
    expect(site?.unknowns).toHaveLength(3);
    expect(site?.unknowns).toContain('`title` is computed (process.env.TITLE); taken as Fallback');
  });

  test('modules and JSON beside it, and fields that are set afterwards', async () => {
    const dir = await temporaryFolder({
      'docusaurus.config.ts': `
        import pkg from './package.json';
        import shared, { base as root } from './config/shared.js';
        const { docs } = require('./config/docs');
        const config = { ...shared, title: pkg.title + ' book', presets: [['classic', { docs }]] };
        config.baseUrl = process.env.NODE_ENV === 'production' ? root : '/';
        config.url = process.env.VERCEL ? 'https://here.example.com' : 'https://there.example.com';
        export default config;`,
      'package.json': '{"title":"Our"}',
      'config/shared.ts': '',
      'config/shared.js': "export const base = '/base/';\nexport default { trailingSlash: true };",
      'config/docs.js':
        "const self = require('./docs');\nexports.docs = { routeBasePath: 'read', path: 'docs' };",
      'docs/a.md': 'A.',
    });
    const site = await findBook({ dir, signal });
    expect(site).toMatchObject({ title: 'Our book', baseUrl: '/base/', trailingSlash: true });
    expect(site).toMatchObject({ routeBasePath: 'read', url: 'https://here.example.com' });
    expect(site?.unknowns).toEqual([expect.stringContaining('`url` is computed')]);
  });

  test('what it takes in and cannot be read is named', async () => {
    const site = await siteOf(
      "import preset from '@scope/preset'; export default { ...preset(), title: 'T', presets: [['classic', {}]] };",
    );
    expect(site).toMatchObject({ title: 'T' });
    expect(site?.unknowns).toEqual([expect.stringContaining('takes in preset()')]);
  });

  test('where the site stands is taken from who was asked, where the file computes it', async () => {
    const dir = await temporaryFolder({
      'docusaurus.config.js': 'export default { title: "T", baseUrl: process.env.BASE };',
      'docs/a.md': 'A.',
    });
    expect(await findBook({ dir, signal })).toMatchObject({ baseUrl: '/', isBaseUrlKnown: false });
    const said = await findBook({ dir, baseUrl: '/repo', signal });
    expect(said).toMatchObject({ baseUrl: '/repo/', isBaseUrlKnown: true, unknowns: [] });
    expect(said?.folders[0]?.routeBase).toBe('/repo/docs/');
    await writeFile(join(dir, 'docusaurus.config.js'), 'export default { title: "T", baseUrl: "/own/" };');
    const read = await findBook({ dir, baseUrl: '/repo', signal });
    expect(read).toMatchObject({ baseUrl: '/own/', isBaseUrlKnown: true });
  });

  test('one that does not parse is said, and the defaults hold', async () => {
    const site = await siteOf('export default { title: ');
    expect(site).toMatchObject({ baseUrl: '/', routeBasePath: 'docs' });
    expect(site?.unknowns[0]).toContain('does not parse');
  });
});

test('presets that cannot be read leave the usual folder, and a sentence', async () => {
  const site = await siteOf("import presets from './presets'; export default { title: 'P', presets };");
  expect(site?.folders[0]).toMatchObject({ routeBase: '/docs/' });
  expect(site?.unknowns.join()).toContain('no docs plugin');
});

describe('other ways in', () => {
  test('the folder above a site', async () => {
    const config = "export default { title: 'Below', presets: [['classic', {}]] };";
    const dir = await temporaryFolder({
      'README.md': '# R\n',
      'website/docusaurus.config.js': config,
      'website/docs/a.md': 'A.',
    });
    expect(await findBook({ dir, signal })).toMatchObject({ title: 'Below', kind: 'docusaurus' });
  });

  test('a plain folder of Markdown has its files for links', async () => {
    const dir = await temporaryFolder({ 'one.md': '# One\n\nText.\n', 'node_modules/x/readme.md': '# No\n' });
    const site = await findBook({ dir, signal });
    expect(site).toMatchObject({ kind: 'markdown', routeBasePath: '/' });
  });

  test('a folder without Markdown is no book', async () => {
    const dir = await temporaryFolder({ 'package.json': '{}' });
    expect(await findBook({ dir, signal })).toBeNull();
  });
});

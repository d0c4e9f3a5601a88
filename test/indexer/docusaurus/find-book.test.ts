import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBook } from '../../../indexer/docusaurus/find-book.ts';
import { findSitesBelow } from '../../../indexer/docusaurus/find-sites.ts';
import { temporaryBook, temporaryFolder } from '../temporary-book.ts';

const { signal } = new AbortController();

async function siteOf(config: string, name = 'docusaurus.config.ts') {
  const dir = await temporaryFolder({ [name]: config, 'docs/a.md': '# A\n\nText.\n' });
  return findBook({ dir, signal });
}

describe('reads a configuration without running it', () => {
  test('constants, spreads, templates, types, and a function that returns the configuration', async () => {
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
    expect(site?.folders[0]?.routeBase).toBe('/book/');
    expect(site?.configWarnings).toEqual([]);
  });

  test('CommonJS, with require.resolve', async () => {
    const site = await siteOf(
      `const { themes } = require('prism-react-renderer');
       module.exports = { title: 'C', presets: [[require.resolve('@docusaurus/preset-classic'), { docs: { path: 'docs', routeBasePath: 'guide' } }]] };`,
      'docusaurus.config.js',
    );
    expect(site?.folders[0]).toMatchObject({ routeBase: '/guide/' });
  });

  test('of two files, the one that Docusaurus reads: TypeScript first', async () => {
    const dir = await temporaryFolder({
      'docusaurus.config.js': "module.exports = { title: 'Left over', baseUrl: '/old/' };",
      'docusaurus.config.ts': "export default { title: 'New', baseUrl: '/new/' };",
      'docs/a.md': '# A\n\nText.\n',
    });
    expect(await findBook({ dir, signal })).toMatchObject({ title: 'New', baseUrl: '/new/' });
  });

  test('lists computed settings with the values used instead', async () => {
    const site = await siteOf(`
      export default { title: process.env.TITLE || 'Fallback', url: process.env.URL, baseUrl: process.env.CI ? '/repo/' : '/', presets: [['classic', { docs: {} }]] };`);
    expect(site).toMatchObject({ title: 'Fallback', url: null, baseUrl: '/' });
    expect(site?.configWarnings).toHaveLength(3);
    expect(site?.configWarnings).toContain('`title` is computed (process.env.TITLE); assumed to be Fallback');
  });

  test('imported files and JSON, and properties assigned later', async () => {
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
    expect(site).toMatchObject({ url: 'https://here.example.com' });
    expect(site?.folders[0]?.routeBase).toBe('/base/read/');
    expect(site?.configWarnings).toEqual([expect.stringContaining('`url` is computed')]);
  });

  test('a TypeScript file imported as JavaScript, as TypeScript writes it', async () => {
    const dir = await temporaryFolder({
      'docusaurus.config.ts': "import shared from './shared.js'; export default { ...shared, title: 'T' };",
      'shared.ts': "export default <Partial<Config>>{ baseUrl: '/base/' };",
      'docs/a.md': 'A.',
    });
    expect(await findBook({ dir, signal })).toMatchObject({ baseUrl: '/base/', configWarnings: [] });
  });

  test('lists a spread that cannot be read', async () => {
    const site = await siteOf(
      "import preset from '@scope/preset'; export default { ...preset(), title: 'T', presets: [['classic', {}]] };",
    );
    expect(site).toMatchObject({ title: 'T' });
    expect(site?.configWarnings).toEqual([expect.stringContaining('includes preset()')]);
  });

  test.each([
    ['imported options', "presets: [['classic', options]]", '/docs/', "import options from 'pkg'"],
    [
      'spread options',
      "presets: [['classic', { docs: { ...options } }]]",
      '/docs/',
      'includes import options',
    ],
    [
      'a preset that depends on the environment',
      "presets: [process.env.X ? null : ['classic', { docs: { routeBasePath: '/b' } }]]",
      '/b/',
      'process.env.X',
    ],
    [
      'imported plugins',
      "presets: [['classic', {}]], plugins: options()",
      '/docs/',
      '(options()); what it may add',
    ],
    ['spread plugins', "presets: [['classic', {}]], plugins: [...options]", '/docs/', '...options'],
    [
      'number prefixes',
      "presets: [['classic', { docs: { numberPrefixParser: (filename) => ({ filename }) } }]]",
      '/docs/',
      'numberPrefixParser',
    ],
    ['a list', "presets: [['classic', { docs: { include: ['a', ...options] } }]]", '/docs/', 'docs.include'],
    ['a base URL with a default', 'baseUrl: base', '/book/docs/', 'assumed to be /book/'],
    [
      'a base URL returned by a function',
      "baseUrl: (() => { if (options) return '/a/'; return '/b/'; })()",
      '/b/docs/',
      'assumed to be /b/',
    ],
  ])('lists what it cannot read: %s', async (_, fields, routeBase, warning) => {
    const site = await siteOf(
      `import options from 'pkg'; const { BASE: base = '/book/' } = process.env; export default { title: 'T', ${fields} };`,
    );
    expect(site?.folders.map((folder) => folder.routeBase)).toEqual([routeBase]);
    expect(site?.configWarnings).toEqual([expect.stringContaining(warning)]);
  });

  test.each([
    ['only if a variable is set', "[process.env.API && docs('api')]"],
    ['only in production', "[isProduction && docs('api')].filter(Boolean)"],
    ['in a concatenated list', "[].concat([docs('api')])"],
  ])('reads a docs plugin that is used %s', async (_, plugins) => {
    const dir = await temporaryFolder({
      'docusaurus.config.js': `const isProduction = process.env.NODE_ENV === 'production';
        export default { title: 'T', presets: [['classic', {}]].filter(Boolean), plugins: ${plugins.replace("docs('api')", "['@docusaurus/plugin-content-docs', { id: 'api', path: 'api', routeBasePath: 'api' }]")} };`,
      'docs/a.md': 'A.',
      'api/b.md': 'B.',
    });
    const site = await findBook({ dir, signal });
    expect(site?.folders.map(({ routeBase }) => routeBase)).toEqual(['/docs/', '/api/']);
    expect(site?.configWarnings).toHaveLength(plugins.includes('process.env') ? 1 : 0);
  });

  test('slice() of the versions, and Object.assign()', async () => {
    const dir = await temporaryFolder({
      'docusaurus.config.js': `const versions = require('./versions.json');
        const docs = { onlyIncludeVersions: ['current', ...versions.slice(0, 1)] };
        module.exports = Object.assign({}, { title: 'T' }, { presets: [['classic', { docs }]] });`,
      'versions.json': '["2.0", "1.0"]',
      'docs/a.md': 'A.',
      'versioned_docs/version-2.0/a.md': 'A.',
      'versioned_docs/version-1.0/a.md': 'A.',
    });
    const site = await findBook({ dir, signal });
    expect(site?.folders.map(({ version, routeBase }) => [version, routeBase])).toEqual([
      ['current', '/docs/next'],
      ['2.0', '/docs/'],
    ]);
    expect(site?.configWarnings).toEqual([]);
  });

  test('uses the given base URL only if the file computes its own', async () => {
    const dir = await temporaryFolder({
      'docusaurus.config.js': 'export default { title: "T", baseUrl: process.env.BASE };',
      'docs/a.md': 'A.',
    });
    expect(await findBook({ dir, signal })).toMatchObject({ baseUrl: '/', isBaseUrlKnown: false });
    const overridden = await findBook({ dir, baseUrl: '/repo', signal });
    expect(overridden).toMatchObject({ baseUrl: '/repo/', isBaseUrlKnown: true, configWarnings: [] });
    expect(overridden?.folders[0]?.routeBase).toBe('/repo/docs/');
    await writeFile(join(dir, 'docusaurus.config.js'), 'export default { title: "T", baseUrl: "/own/" };');
    const read = await findBook({ dir, baseUrl: '/repo', signal });
    expect(read).toMatchObject({ baseUrl: '/own/', isBaseUrlKnown: true });
  });

  test('reports a syntax error and uses the defaults', async () => {
    const site = await siteOf('export default { title: ');
    expect(site).toMatchObject({ baseUrl: '/', folders: [{ routeBase: '/docs/' }] });
    expect(site?.configWarnings[0]).toContain('does not parse');
  });
});

test('uses the default folder, with a warning, if the presets cannot be read', async () => {
  const site = await siteOf("import presets from './presets'; export default { title: 'P', presets };");
  expect(site?.folders[0]).toMatchObject({ routeBase: '/docs/' });
  expect(site?.configWarnings.join()).toContain('no docs plugin');
});

describe('finds', () => {
  test('a site in a subfolder', async () => {
    const config = "export default { title: 'Below', presets: [['classic', {}]] };";
    const dir = await temporaryFolder({
      'README.md': '# R\n',
      'website/docusaurus.config.js': config,
      'website/docs/a.md': 'A.',
    });
    expect(await findBook({ dir, signal })).toMatchObject({ title: 'Below', kind: 'docusaurus' });
  });

  test.each(['docs', 'apps/docs', 'packages/site/www'])('a site in %s', async (folder) => {
    const dir = await temporaryFolder({
      'AGENTS.md': '# Rules\n',
      'README.md': '# R\n',
      '.gitignore': 'dist/\n/old\n',
      [`${folder}/docusaurus.config.js`]: "export default { title: 'Below' };",
      [`${folder}/docs/a.md`]: 'A.',
      [`${folder}/template/docusaurus.config.js`]: "export default { title: 'Inside' };",
      'node_modules/pkg/docusaurus.config.js': "export default { title: 'No' };",
      '.cache/site/docusaurus.config.js': "export default { title: 'No' };",
      'apps/dist/docusaurus.config.js': "export default { title: 'No' };",
      'old/docusaurus.config.js': "export default { title: 'No' };",
      'one/two/three/four/docusaurus.config.js': "export default { title: 'No' };",
    });
    expect(await findBook({ dir, signal })).toMatchObject({ title: 'Below', kind: 'docusaurus' });
  });

  test('none where there are several sites', async () => {
    const config = "export default { title: 'S' };";
    const dir = await temporaryFolder({
      'README.md': '# R\n',
      'apps/docs/docusaurus.config.js': config,
      'website/docusaurus.config.ts': config,
    });
    expect(await findBook({ dir, signal })).toBeNull();
    const roots = (await findSitesBelow(dir)).map(({ root }) => root.slice(dir.length));
    expect(roots).toEqual(['/apps/docs', '/website']);
  });

  test('a plain folder of Markdown', async () => {
    const dir = await temporaryFolder({ 'one.md': '# One\n\nText.\n', 'node_modules/x/readme.md': '# No\n' });
    const site = await findBook({ dir, signal });
    expect(site).toMatchObject({ kind: 'markdown', folders: [{ routeBase: '/' }] });
  });

  test('nothing in a folder without Markdown', async () => {
    const dir = await temporaryFolder({ 'package.json': '{}' });
    expect(await findBook({ dir, signal })).toBeNull();
  });
});

test('leaves out of a plain folder what is for agents and tools, and what git ignores', async () => {
  const tools = ['AGENTS.md', 'docs/CLAUDE.md', 'prompts/a.md', 'docs/x.prompt.md', 'SKILL.md'];
  const book = await temporaryBook({
    '.gitignore': '# builds\n/out/\n*.local.md\n!keep.local.md\n',
    '.github/COPILOT.md': 'No.',
    'README.md': '# R\n\nYes.\n',
    'docs/agents.md': '# Agents\n\nYes.\n',
    'docs/keep.local.md': '# K\n\nYes.\n',
    'docs/my.local.md': 'No.',
    'out/a.md': 'No.',
    ...Object.fromEntries(tools.map((path) => [path, 'No.'])),
  });
  const pages = book.pages.map(({ source }) => source).sort();
  expect(pages).toEqual(['README.md', 'docs/agents.md', 'docs/keep.local.md']);
  expect(book.skipped.map(({ source }) => source).sort()).toEqual([...tools].sort());
});

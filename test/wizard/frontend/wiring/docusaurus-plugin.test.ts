import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { addPlugin, definePluginFile } from '../../../../wizard/frontend/wiring/docusaurus-plugin.ts';

describe('the Docusaurus plugin', () => {
  it.each([
    [
      "export default { baseUrl: '/', plugins: [] };",
      "export default { baseUrl: '/', plugins: ['./p.cjs'] };",
    ],
    [
      "const config = {\n  presets: [['classic', { plugins: [x] }]],\n  baseUrl: '/',\n  plugins: [\n    'a',\n  ],\n};",
      "const config = {\n  presets: [['classic', { plugins: [x] }]],\n  baseUrl: '/',\n  plugins: [\n    './p.cjs',\n    'a',\n  ],\n};",
    ],
    [
      "module.exports = async () => {\n  const x = { a: '{' };\n  return {\n    title: 'plugins: [',\n    baseUrl,\n  };\n};",
      "module.exports = async () => {\n  const x = { a: '{' };\n  return {\n    plugins: ['./p.cjs'],\n    title: 'plugins: [',\n    baseUrl,\n  };\n};",
    ],
  ])('is added to the list of plugins: %#', (text, expected) => {
    expect(addPlugin(text, 'p.cjs')).toBe(expected);
    expect(addPlugin(expected, 'p.cjs')).toBe(expected);
  });

  it.each([
    ['a variable', 'plugins: extra,', "plugins: ['./p.cjs', ...(extra)],"],
    ['a computed list', 'plugins: [a].filter(Boolean),', "plugins: ['./p.cjs', ...([a].filter(Boolean))],"],
    ['a shorthand property', 'plugins,', "plugins: ['./p.cjs', ...(plugins)],"],
  ])('is added before %s', (_, text, expected) => {
    const config = (plugins: string): string => `export default { baseUrl: '/', ${plugins} };`;
    expect(addPlugin(config(text), 'p.cjs')).toBe(config(expected));
  });

  it('uses the bundler that Docusaurus passes, and webpack where it passes none', () => {
    const variable = { name: 'API_URL', env: 'process.env' } as const;
    const { text } = definePluginFile({ variable, undefinedNames: [], hasOtherReads: false });
    const bundler = (name: string) => ({
      DefinePlugin: class {
        made = name;
      },
    });
    const module = { exports: (): unknown => null };
    runInNewContext(text, { module, process: { env: {} }, require: () => bundler('webpack') });
    const plugin = module.exports() as { configureWebpack(...options: unknown[]): { plugins: unknown[] } };
    const instance = bundler('rspack');
    expect(plugin.configureWebpack({}, false, { currentBundler: { instance } }).plugins).toEqual([
      { made: 'rspack' },
    ]);
    expect(plugin.configureWebpack({}, false, {}).plugins).toEqual([{ made: 'webpack' }]);
  });
});

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

  it('uses the bundler that Docusaurus passes, and webpack before 3.6', () => {
    const variables = { variable: { name: 'A', env: 'process.env' }, undefinedNames: [] } as const;
    expect(definePluginFile({ ...variables, version: '3.6.0' }).text).toContain('currentBundler.instance');
    expect(definePluginFile({ ...variables, version: '3.5.2' }).text).toContain("require('webpack')");
    expect(definePluginFile({ ...variables, version: '2.4.1' }).text).toContain("require('webpack')");
  });
});

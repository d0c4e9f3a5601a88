import { expect, test } from 'vitest';
import { markdownPluginWarnings } from '../../../../indexer/docusaurus/config/markdown-plugins.ts';
import { temporaryFolder } from '../../temporary-book.ts';

async function warningsOf(config: string): Promise<string[]> {
  const dir = await temporaryFolder({ 'docusaurus.config.js': config });
  return markdownPluginWarnings(`${dir}/docusaurus.config.js`);
}

test('names the plugins of the docs that are not run, once each', async () => {
  const warnings = await warningsOf(`
    import glossary from './src/remark/glossary.js';
    import remarkMath from 'remark-math';
    const tabs = require('@docusaurus/remark-plugin-npm2yarn');
    const rehypePlugins = [];
    export default { presets: [['classic', {
      docs: { remarkPlugins: [remarkMath, [glossary, { a: 1 }], tabs, glossary], rehypePlugins: [require('./rehype/x')], beforeDefaultRemarkPlugins: [() => (tree) => tree] },
      blog: { remarkPlugins: [require('./only-the-blog')] },
    }]] };`);
  expect(warnings.map((text) => /plugin (.*?) is not run/.exec(text)?.[1])).toEqual([
    './src/remark/glossary.js',
    '@docusaurus/remark-plugin-npm2yarn',
    './rehype/x',
    '() => (tree) => tree',
  ]);
});

test('says nothing of a site without plugins, or whose plugins are known', async () => {
  const katexOnly = "import katex from 'rehype-katex'; export default { docs: { rehypePlugins: [katex] } };";
  expect([await warningsOf('export default {};'), await warningsOf(katexOnly)]).toEqual([[], []]);
});

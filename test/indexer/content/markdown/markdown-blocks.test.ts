import { describe, expect, test } from 'vitest';
import { temporaryBook } from '../../temporary-book.ts';

async function contentOf(markdown: string, config = ''): Promise<string> {
  const book = await temporaryBook({
    'docusaurus.config.js': `${config}\nexport default { title: 'T', presets: [['classic', { docs: { ${config === '' ? '' : 'remarkPlugins: [remarkMath]'} } }]] };`,
    'docs/page.mdx': markdown,
  });
  return book.sections.map(({ content }) => content).join('\n---\n');
}

describe('reads text as it is displayed', () => {
  test.each([
    ['an admonition', ':::tip Sink it\n\nA little.\n\n:::', 'Tip: Sink it. A little.'],
    [
      'an admonition element',
      '<Admonition type="info" title="Hm">\n\nText.\n\n</Admonition>',
      'Info: Hm. Text.',
    ],
    ['tabs', '<Tabs>\n<TabItem value="a" label="npm">\n\nRun it.\n\n</TabItem>\n</Tabs>', 'npm: Run it.'],
    ['an image', 'See ![the mast](./x.png).', 'See the mast.'],
    ['inline code, links and emphasis', 'Use `a` in **b** [c](./d.md).', 'Use `a` in b c.'],
    ['a string expression', "Say {'hello'}{/* not this */}.", 'Say hello.'],
    ['a comment', 'Before <!-- not this --> after.', 'Before  after.'],
    [
      'text that looks like a directive',
      'A ratio of a:b and std::vector.',
      'A ratio of a:b and std::vector.',
    ],
    ['a nested list', '- a\n  - b\n- c', '- a\n  - b\n- c'],
    ['a line break element', 'One<br/>two.', 'One\ntwo.'],
    ['a line break element in a table', '| a |\n| - |\n| one<br/>two |', '| a |\n| --- |\n| one two |'],
    [
      'a tab without a label',
      '<Tabs>\n<TabItem value="npm">\n\nRun it.\n\n</TabItem>\n</Tabs>',
      'npm: Run it.',
    ],
    ['a string expression as an attribute', "<Card title={'Kit'} />", 'Kit'],
    ['a style and a head', '<head><title>No</title></head>\n\n<style>{`.no{}`}</style>\n\nText.', 'Text.'],
    ['a card', '<Card title="Kit" description="All parts." />', 'Kit. All parts.'],
  ])('%s', async (_, markdown, text) => {
    expect(await contentOf(markdown)).toBe(text);
  });

  test('formulas, if the site uses remark-math', async () => {
    const text = await contentOf(
      'Speed $v_{10}$:\n\n$$\n\\frac{a}{b}\n$$',
      "import remarkMath from 'remark-math';",
    );
    expect(text).toBe('Speed $v_{10}$:\n\n$$\n\\frac{a}{b}\n$$');
  });

  test('code that contains an admonition', async () => {
    expect(await contentOf('```md\n:::note Title\n```')).toBe('```md\n:::note Title\n```');
  });
});

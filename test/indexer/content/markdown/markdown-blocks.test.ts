import { describe, expect, test } from 'vitest';
import { temporaryBook } from '../../temporary-book.ts';

async function contentOf(markdown: string, config = ''): Promise<string> {
  const book = await temporaryBook({
    'docusaurus.config.js': `${config}\nexport default { title: 'T', presets: [['classic', { docs: { ${config === '' ? '' : 'remarkPlugins: [remarkMath]'} } }]] };`,
    'docs/page.mdx': markdown,
  });
  return book.sections.map(({ content }) => content).join('\n---\n');
}

describe('text reads as a reader sees it', () => {
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
    ['a string in braces', "Say {'hello'}{/* not this */}.", 'Say hello.'],
    ['a comment', 'Before <!-- not this --> after.', 'Before  after.'],
    ['what looks like a directive', 'A ratio of a:b and std::vector.', 'A ratio of a:b and std::vector.'],
    ['a nested list', '- a\n  - b\n- c', '- a\n  - b\n- c'],
    ['a line that is broken by an element', 'One<br/>two.', 'One\ntwo.'],
    ['such a line in a table', '| a |\n| - |\n| one<br/>two |', '| a |\n| --- |\n| one two |'],
    [
      'a tab without a label',
      '<Tabs>\n<TabItem value="npm">\n\nRun it.\n\n</TabItem>\n</Tabs>',
      'npm: Run it.',
    ],
    ['an attribute in braces', "<Card title={'Kit'} />", 'Kit'],
    ['a style and a head', '<head><title>No</title></head>\n\n<style>{`.no{}`}</style>\n\nText.', 'Text.'],
    ['a card', '<Card title="Kit" description="All parts." />', 'Kit. All parts.'],
  ])('%s', async (_, markdown, text) => {
    expect(await contentOf(markdown)).toBe(text);
  });

  test('maths, where the site has remark-math', async () => {
    const text = await contentOf(
      'Speed $v_{10}$:\n\n$$\n\\frac{a}{b}\n$$',
      "import remarkMath from 'remark-math';",
    );
    expect(text).toBe('Speed $v_{10}$:\n\n$$\n\\frac{a}{b}\n$$');
  });

  test('code that shows an admonition keeps its line', async () => {
    expect(await contentOf('```md\n:::note Title\n```')).toBe('```md\n:::note Title\n```');
  });
});

test('in raw HTML, numbers of characters are read, and one that no character has stays', async () => {
  const text = await contentOf('---\nmdx:\n  format: md\n---\n<p>&#x27;a&#39; &#1114112; &#0;</p>');
  expect(text).toBe("'a' &#1114112; &#0;");
});

test('a partial within a line or a table has its text there', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/_part.mdx': 'Mind **this**.',
    'docs/page.mdx': "import Part from './_part.mdx';\n\nSee: <Part /> Here.\n\n| a |\n| - |\n| <Part /> |",
  });
  expect(book.sections[0]?.content).toBe('See: Mind this. Here.\n\n| a |\n| --- |\n| Mind this. |');
});

test('headings are told as they are shown', async () => {
  const book = await temporaryBook({
    'docusaurus.config.js': "export default { title: 'T' };",
    'docs/page.mdx':
      "## Set {'{x}'} in npm:react 18\n\nText that is long enough to stand for itself.\n\n## For version {version}\n\nText that is long enough to stand for itself.",
  });
  expect(book.sections.map(({ headings }) => headings)).toEqual([
    ['Set {x} in npm:react 18'],
    ['For version'],
  ]);
  expect(book.pages[0]?.anchors).toEqual(['set-x-in-npm-18', 'for-version-version']);
  expect(book.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('{version}')]);
});

describe('what goes wrong is named', () => {
  test('a component with words of its own, and no other', async () => {
    const book = await temporaryBook({
      'docusaurus.config.js': "export default { title: 'T' };",
      'docs/page.mdx':
        'export const Own = () => <p>Words.</p>;\n\nexport const Mark = ({ children }) => <b>{children}</b>;\n\n<Own />\n\n<Mark>Text.</Mark>',
    });
    expect(book.warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^leaves out 1 expression that .*export const Own/),
    ]);
  });

  test('an attribute that is computed', async () => {
    const book = await temporaryBook({
      'docusaurus.config.js': "export default { title: 'T' };",
      'docs/page.mdx': '<Card title={title} />\n\nText.',
    });
    expect(book.warnings.map(({ message }) => message)).toEqual([expect.stringContaining('{title}')]);
  });

  test('a page that is no MDX is read as Markdown, without its imports', async () => {
    const book = await temporaryBook({
      'docusaurus.config.js': "export default { title: 'T' };",
      'docs/page.mdx':
        "import X from './x';\n\n# P\n\nA {broken page.\n\n## Part\n\nText that is long enough to stand for itself <X/>.\n",
    });
    expect(book.warnings[0]?.message).toContain('does not parse as MDX');
    expect(book.sections.map(({ content }) => content)).toEqual([
      'A {broken page.',
      'Text that is long enough to stand for itself .',
    ]);
    expect(book.sections[1]?.url).toBe('/docs/page#part');
  });

  test('a missing partial, a computed expression, an empty page', async () => {
    const book = await temporaryBook({
      'docusaurus.config.js': "export default { title: 'T' };",
      'docs/a.mdx': "import P from './_p.mdx';\n\nText {props.x} <P />\n",
      'docs/b.md': '# Only a title\n',
    });
    expect(book.warnings.map(({ message }) => message).join()).toMatch(/_p\.mdx.*\{props\.x\}/s);
    expect(book.skipped).toEqual([{ source: 'docs/b.md', reason: 'it has no text' }]);
  });
});

describe('sections', () => {
  test('small ones join the one above, under its anchor; large ones do not', async () => {
    const long = 'Words and words. '.repeat(30);
    const book = await temporaryBook({
      'a.md': `# A\n\n${long}\n\n## B\n\n### Cause\n\nThis.\n\n### Cure\n\nThat.\n\n## C\n\n${long}\n\n### D\n\n${long}\n`,
    });
    expect(book.sections.map(({ anchor, headings }) => [anchor, headings.join('/')])).toEqual([
      [null, ''],
      ['b', 'B'],
      ['c', 'C'],
      ['d', 'C/D'],
    ]);
    expect(book.sections[1]?.content).toBe('Cause\n\nThis.\n\nCure\n\nThat.');
  });

  test('a long section is cut evenly, with ids of their own under one anchor', async () => {
    const book = await temporaryBook({
      'a.md':
        `# A\n\n## B\n\n${'One paragraph of some length. '.repeat(10)}\n\n`.padEnd(100) +
        `${'Another paragraph, longer. '.repeat(20)}\n\n`.repeat(6),
    });
    expect(book.sections.length).toBeGreaterThan(1);
    expect(new Set(book.sections.map(({ id }) => id)).size).toBe(book.sections.length);
    for (const { content, url } of book.sections) {
      expect(url).toBe('/a#b');
      expect(content.length).toBeGreaterThan(500);
      expect(content.length).toBeLessThanOrEqual(1600);
    }
  });

  test('a paragraph, a line of code and a header of any length are cut to size, and nothing is lost', async () => {
    const words = Array.from({ length: 20_000 }, (_, at) => `w${at}`);
    const sentence = `${words.join(' ').replaceAll(/(w\d*7) /g, '$1. ')} \u{1F600}`;
    const book = await temporaryBook({
      'a.md': `${sentence}\n`,
      'b.md': `\`\`\`\n${words.join('')}\n\`\`\`\n`,
      'c.md': `| ${words.slice(0, 900).join(' | ')} |\n|${' - |'.repeat(900)}\n| ${words.slice(900, 1800).join(' | ')} |\n`,
    });
    const textOf = (source: string): string =>
      book.sections
        .filter((section) => section.source === source)
        .map(({ content }) => content.replaceAll(/^```\n|\n```$/g, ''))
        .join(' ');
    expect(Math.max(...book.sections.map(({ content }) => content.length))).toBeLessThanOrEqual(1600);
    const wordsOf = (source: string): string => textOf(source).match(/w\d+/g)?.join(' ') ?? '';
    expect([textOf('a.md') === sentence, textOf('b.md').replaceAll(' ', '') === words.join('')]).toEqual([
      true,
      true,
    ]);
    expect(wordsOf('c.md') === words.slice(0, 1800).join(' ')).toBe(true);
  });

  test('of raw HTML neither a head is indexed, styles in it or not, nor what follows a stray end lost', async () => {
    const head = '<head><title>No</title><style>.no{}</style><title>Nor this</title></head>';
    const book = await temporaryBook({
      'docusaurus.config.js': "module.exports = { markdown: { format: 'md' } };\n",
      'docs/a.md': `${head}\n\nBefore.\n\n<div></style>\nInside the element.</div>\n`,
    });
    expect(book.sections.map(({ content }) => content.replaceAll(/\s+/g, ' ').trim())).toEqual([
      'Before. Inside the element.',
    ]);
  });

  test('a heading with nothing under it is still found', async () => {
    const book = await temporaryBook({
      'a.md':
        '# A\n\nText.\n\n## Not written yet, but asked for often by readers of this book, sadly, so it must be found by its words\n',
    });
    expect(book.sections.at(-1)?.content).toContain('Not written yet');
  });
});

import { expect, test } from 'vitest';
import { temporaryBook } from '../temporary-book.ts';

const config = { 'docusaurus.config.js': "export default { title: 'T' };" };
const code = `   \`\`\`js\n${'   const height = measure(1, 2);\n'.repeat(40)}   \`\`\`\n`;
const table = `   | part | price |\n   | --- | --- |\n${'   | a mast of wood | 12 |\n'.repeat(40)}`;
const long = 'and look at it once more '.repeat(30);

async function contentsOf(markdown: string): Promise<string[]> {
  const book = await temporaryBook({ ...config, 'docs/a.md': markdown });
  return book.sections.map(({ content }) => content);
}

test('keeps both fences of code in a list item longer than a chunk', async () => {
  const contents = await contentsOf(`1. Build it ${long}.\n\n${code}\n2. Try it ${long}.\n\n${code}`);
  for (const content of contents) expect(content.match(/^\s*```/gm)?.length ?? 0, content).toBeOneOf([0, 2]);
  expect(contents.join('\n').match(/height/g)).toHaveLength(80);
  expect(contents[0]).toMatch(/^1\. Build it/);
  expect(contents.some((content) => /^2\. Try it/m.test(content))).toBe(true);
});

test('keeps both fences of code in a nested list item', async () => {
  const inner = `${long}.\n\n${code}`.replaceAll(/^(?=.)/gm, '   ');
  const contents = await contentsOf(
    `1. Build it:\n   - Saw ${inner.trimStart()}\n   - Glue ${inner.trimStart()}`,
  );
  for (const content of contents) expect(content.match(/^\s*```/gm)?.length ?? 0, content).toBeOneOf([0, 2]);
  expect(contents.join('\n').match(/height/g)).toHaveLength(80);
});

test('splits a table in a list item at its rows, under its header', async () => {
  const contents = await contentsOf(
    `1. Buy it ${long}${long}.\n\n${table}${'   | a roof | 3 |\n'.repeat(160)}`,
  );
  const withRows = contents.filter((content) => content.includes('| a '));
  expect(withRows.length).toBeGreaterThan(1);
  for (const content of withRows) expect(content).toContain('| part | price |');
});

test('loses nothing of a long list item without code', async () => {
  const contents = await contentsOf(`- ${long}${long}${long}.\n\n  And the end.`);
  expect(contents.join(' ').match(/once more/g)).toHaveLength(90);
  expect(contents.join(' ')).toContain('And the end.');
});

test('splits code with a very long title, and keeps the title once', async () => {
  const title = `js title="${Array.from({ length: 300 }, (_, index) => `word${index}`).join(' ')}"`;
  const contents = await contentsOf(
    `\`\`\`${title}\n${'const height = measure(1, 2);\n'.repeat(90)}\`\`\`\n`,
  );
  expect(Math.max(...contents.map(({ length }) => length))).toBeLessThanOrEqual(1600);
  expect(contents.join(' ').match(/height/g)).toHaveLength(90);
  expect(contents.join(' ').match(/word\d+/g)).toHaveLength(300);
});

test('splits a paragraph, a line of code and a table header of any length, and loses nothing', async () => {
  const words = Array.from({ length: 20_000 }, (_, index) => `w${index}`);
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

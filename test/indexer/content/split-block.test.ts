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

test('code in a step that is longer than a chunk keeps both of its fences', async () => {
  const contents = await contentsOf(`1. Build it ${long}.\n\n${code}\n2. Try it ${long}.\n\n${code}`);
  for (const content of contents) expect(content.match(/^\s*```/gm)?.length ?? 0, content).toBeOneOf([0, 2]);
  expect(contents.join('\n').match(/height/g)).toHaveLength(80);
  expect(contents[0]).toMatch(/^1\. Build it/);
  expect(contents.some((content) => /^2\. Try it/m.test(content))).toBe(true);
});

test('so does code in a step of a step', async () => {
  const inner = `${long}.\n\n${code}`.replaceAll(/^(?=.)/gm, '   ');
  const contents = await contentsOf(
    `1. Build it:\n   - Saw ${inner.trimStart()}\n   - Glue ${inner.trimStart()}`,
  );
  for (const content of contents) expect(content.match(/^\s*```/gm)?.length ?? 0, content).toBeOneOf([0, 2]);
  expect(contents.join('\n').match(/height/g)).toHaveLength(80);
});

test('a table in a step is cut at its rows, under its header', async () => {
  const contents = await contentsOf(
    `1. Buy it ${long}${long}.\n\n${table}${'   | a roof | 3 |\n'.repeat(160)}`,
  );
  const withRows = contents.filter((content) => content.includes('| a '));
  expect(withRows.length).toBeGreaterThan(1);
  for (const content of withRows) expect(content).toContain('| part | price |');
});

test('a long step without code loses nothing', async () => {
  const contents = await contentsOf(`- ${long}${long}${long}.\n\n  And the end.`);
  expect(contents.join(' ').match(/once more/g)).toHaveLength(90);
  expect(contents.join(' ')).toContain('And the end.');
});

test('code with a title of any length is cut to size, and its title is kept once', async () => {
  const title = `js title="${Array.from({ length: 300 }, (_, at) => `word${at}`).join(' ')}"`;
  const contents = await contentsOf(
    `\`\`\`${title}\n${'const height = measure(1, 2);\n'.repeat(90)}\`\`\`\n`,
  );
  expect(Math.max(...contents.map(({ length }) => length))).toBeLessThanOrEqual(1600);
  expect(contents.join(' ').match(/height/g)).toHaveLength(90);
  expect(contents.join(' ').match(/word\d+/g)).toHaveLength(300);
});

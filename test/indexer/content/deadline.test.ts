import { expect, test } from 'vitest';
import { UnreadablePage, withinDeadline } from '../../../indexer/content/deadline.ts';
import { temporaryBook } from '../temporary-book.ts';

/** Which of the two it is depends on the machine. */
const hard = expect.stringMatching(/nested too deeply.*flatter|could not be read in \d+ s.*split the page/);
const good = '# Good\n\nThis page is as it should be.\n';

test(
  'a page that no parser gets through is named, and all others are indexed',
  { timeout: 60_000 },
  async () => {
    const book = await temporaryBook({
      'docusaurus.config.js': "export default { title: 'T' };",
      'docs/a.md': good,
      'docs/deep.md': `${'> '.repeat(6000)}x\n`,
      'docs/endless.md': `# Stars\n\n${'*a_'.repeat(30_000)}\n`,
      'docs/z.md': good,
    });
    expect(book.pages.map(({ url }) => url)).toEqual(['/docs/a', '/docs/z']);
    expect(book.sections).toHaveLength(2);
    expect(book.unreadable.sort((a, b) => (a.source < b.source ? -1 : 1))).toEqual([
      { source: 'docs/deep.md', reason: hard },
      {
        source: 'docs/endless.md',
        reason: hard,
      },
    ]);
  },
);

test('a partial like that costs its own text alone', { timeout: 30_000 }, async () => {
  const book = await temporaryBook({
    'docs/a.mdx': "import Deep from './_deep.mdx';\n\n# A\n\nIts own text.\n\n<Deep />\n",
    'docs/_deep.mdx': `${'> '.repeat(6000)}x\n`,
    'docusaurus.config.js': "export default { title: 'T' };",
  });
  expect(book.unreadable).toEqual([]);
  expect(book.sections.map(({ content }) => content)).toEqual(['Its own text.']);
  expect(book.warnings).toEqual([
    { source: 'docs/a.mdx', message: expect.stringMatching(/_deep\.mdx, whose text is missing: it .*nest/) },
  ]);
});

test('work is broken off in the middle, and the next one is not', () => {
  const endless = (): never => {
    for (;;);
  };
  expect(() => withinDeadline({ work: endless, milliseconds: 50 })).toThrow(UnreadablePage);
  const deep = (): number => 1 + deep();
  expect(() => withinDeadline({ work: deep, milliseconds: 5000 })).toThrow(/nested too deeply/);
  expect(withinDeadline({ work: () => 'done', milliseconds: 5000 })).toBe('done');
  const inner = (): string => withinDeadline({ work: () => 'inner', milliseconds: 5000 });
  expect(withinDeadline({ work: () => `${inner()} and outer`, milliseconds: 5000 })).toBe('inner and outer');
});

test('a fault in the work itself is thrown as it is', () => {
  const fault = new TypeError('a fault of ours');
  const work = (): never => {
    throw fault;
  };
  expect(() => withinDeadline({ work, milliseconds: 5000 })).toThrow(fault);
});

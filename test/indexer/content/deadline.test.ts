import { expect, test } from 'vitest';
import { UnreadablePage, withinDeadline } from '../../../indexer/content/deadline.ts';
import { temporaryBook } from '../temporary-book.ts';

/** Which of the two happens first depends on the machine. */
const tooHard = expect.stringMatching(
  /nested too deeply.*flatter|could not be read in \d+ s.*split the page/,
);
const good = '# Good\n\nThis page is as it should be.\n';

test('lists a page that cannot be parsed, and indexes all others', async () => {
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
    { source: 'docs/deep.md', reason: tooHard },
    {
      source: 'docs/endless.md',
      reason: tooHard,
    },
  ]);
});

test('interrupts work that takes too long, and not the next one', () => {
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

test('rethrows any other error', () => {
  const fault = new TypeError('another error');
  const work = (): never => {
    throw fault;
  };
  expect(() => withinDeadline({ work, milliseconds: 5000 })).toThrow(fault);
});

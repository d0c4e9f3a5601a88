/** Changes a book as an author's commit does, the same for the same seed. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Mulberry32: numbers from 0 up to 1. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words =
  'mast sensor cable gauge rain wind frost battery panel record hourly reading drift north shelter bracket'.split(
    ' ',
  );

export function generateCommit(dir: string, seed: number): void {
  const random = randomFrom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const docs = join(dir, 'docs');
  const pages = (): string[] =>
    readdirSync(docs, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.mdx?$/.test(path))
      .toSorted()
      .map((path) => join(docs, path));
  const sentence = (): string => `${Array.from({ length: 12 }, () => pick(words)).join(' ')}.`;
  const text = (): string => Array.from({ length: 2 + Math.floor(random() * 8) }, sentence).join(' ');
  const edit = (path: string, change: (content: string) => string): void =>
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  const kinds: (() => void)[] = [
    // A sentence more, in the middle of a page.
    () =>
      edit(pick(pages()), (content) => {
        const blocks = content.split('\n\n');
        blocks.splice(1 + Math.floor(random() * (blocks.length - 1)), 0, sentence());
        return blocks.join('\n\n');
      }),
    () => edit(pick(pages()), (content) => `${content.trimEnd()}\n\n## ${sentence()}\n\n${text()}\n`),
    () => edit(pick(pages()), (content) => content.replace(/\b(?:the|a)\b/i, () => `the ${pick(words)}`)),
    () => {
      const path = join(docs, pick(['extra', 'notes', 'more']), `page-${seed}.md`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `# ${sentence()}\n\n${text()}\n\n## ${sentence()}\n\n${text()}\n`);
    },
    () => {
      if (pages().length > 15) rmSync(pick(pages()));
    },
    () => {
      const from = pick(pages());
      renameSync(from, join(dirname(from), `moved-${seed}.md`));
    },
    // Nothing that a reader sees.
    () => edit(pick(pages()), (content) => `${content}\n<!-- ${sentence()} -->\n`),
  ];
  for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes -= 1) pick(kinds)();
}

/** Holds the words of the code and its documentation: see “Words” in CONTRIBUTING. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSource, readFiles, root } from './source-tree.ts';
import { maybeWrong, proseOf, wrongNames, wrongPhrases } from './words.ts';

/** Files whose texts are not ours to say otherwise, with the reason. */
const exempt: Readonly<Record<string, string>> = {
  'test/architecture/words.ts': 'it lists the words',
  'test/architecture/words.test.ts': 'it tests them',
  'server/collection/significant-terms.ts': 'its list of English stop words has them',
  'server/chat/prompt.ts': 'every change of the prompt has to be measured with `npm run eval`',
};

const rooms = [
  'wizard',
  'indexer',
  'javascript',
  'server',
  'sandbox',
  'eval',
  'bench',
  'test',
  'docs',
  '.ci',
];

function breachesInCode(): string[] {
  return readFiles(rooms, ['.ts', '.tsx', '.mjs'], maybeWrong)
    .filter(({ path }) => !Object.hasOwn(exempt, path))
    .flatMap((file) => [...wrongNames(file), ...wrongPhrases(file, proseOf(file))]);
}

/** Without what is in backticks: codes and paths stay. */
function breachesInPages(): string[] {
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...pages.map((name) => `docs/${name}`)].flatMap(
    (path) => {
      const text = readFileSync(join(root, path), 'utf8').replaceAll(/`[^`\n]+`/g, '`…`');
      return wrongPhrases({ path, text }, [{ start: 0, text }]);
    },
  );
}

describe('the words', () => {
  it('of the code are those of the field', () => {
    expect(breachesInCode()).toEqual([]);
  });

  it('of the documentation are those of the field', () => {
    expect(breachesInPages()).toEqual([]);
  });
});

describe('the rule', () => {
  const parsed = (text: string) => (maybeWrong(text) ? [parseSource('a.ts', text)] : []);
  const prose = (text: string) => parsed(text).flatMap((file) => wrongPhrases(file, proseOf(file)));
  const names = (text: string) => parsed(text).flatMap(wrongNames);

  it.each([
    '/** What stands at the Hub. */',
    '// Nobody asks.',
    `throw new Error('It is told anew.');`,
    'const text = `As the original ${x} does`;',
    `it('mends what it can', () => {});`,
  ])('sees the word in `%s`', (text) => {
    expect(prose(text).length).toBeGreaterThan(0);
  });

  it.each([
    '/** A star stands for one label. */',
    `const code = 'stands';`,
    `notice({ code: 'told', message: 'Reported.' });`,
    '// The original order is kept.',
  ])('sees none in `%s`', (text) => {
    expect(prose(text)).toEqual([]);
  });

  it.each([
    'const one = 1;',
    'function f(of: string) {}',
    'const { found } = x;',
    'items.map((one) => one.id);',
    'for (const [known] of x) {}',
    'function neverSay() {}',
  ])('sees the name in `%s`', (text) => {
    expect(names(text)).toHaveLength(1);
  });

  it.each(['const service = x.one;', 'for (const item of items) {}', 'f({ found: true });'])(
    'sees none in `%s`',
    (text) => {
      expect(names(text)).toEqual([]);
    },
  );
});

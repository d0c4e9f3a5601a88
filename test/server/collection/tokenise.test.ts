import { expect, test } from 'vitest';
import { createTokeniser, tokenise, type Tokeniser } from '../../../server/collection/tokenise.ts';

test.each([
  ['Publishing topics', 'publish a topic'],
  ['tuned controllers', 'tune the controller'],
  ['batteries charged', 'battery charging'],
  ['The Café, ﬁne', 'cafe fine'],
  ['useEffect', 'useeffect use Effect'],
  ['C++ and C#', 'c++ c#'],
  ['max_retry_count', 'maxRetryCount'],
])('"%s" and "%s" give the same terms', (text, other) => {
  expect(new Set(tokenise(text))).toEqual(new Set(tokenise(other)));
});

test('a name of several words is a term, and so is each of its words', () => {
  expect(tokenise('server.port.number /etc/hosts 1.19.2')).toEqual(
    expect.arrayContaining(['server.port.number', 'port', 'etc/hosts', 'host', '1.19.2', '19']),
  );
  expect(tokenise('It ends. Another starts')).not.toContain('end.another');
});

test('scripts without spaces are split into words', () => {
  expect(tokenise('激光雷达测量距离').length).toBeGreaterThan(2);
  expect(tokenise('لیڈار فاصلہ ناپتا ہے')).toHaveLength(4);
});

test('the end of a text without spaces is found by pairs of its characters, however long the text is', () => {
  const terms = tokenise('机器人导航'.repeat(10_000) + '激光雷达');
  expect(terms).toEqual(expect.arrayContaining(['激光', '雷达']));
});

test('the words of a book with a large vocabulary are remembered', () => {
  const words = Array.from({ length: 30_000 }, (_word, at) => `navigationStack${at}Publishing`).join(' ');
  const time = (toTerms: Tokeniser): number => {
    const { user } = process.cpuUsage();
    toTerms(words);
    return process.cpuUsage().user - user;
  };
  const runs = Array.from({ length: 3 }, () => {
    const toTerms = createTokeniser();
    return { first: time(toTerms), again: time(toTerms) };
  });
  const least = (times: number[]): number => Math.min(...times);
  expect(least(runs.map(({ again }) => again))).toBeLessThan(0.6 * least(runs.map(({ first }) => first)));
});

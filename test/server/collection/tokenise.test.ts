import { expect, test } from 'vitest';
import { tokenise } from '../../../server/collection/tokenise.ts';

test.each([
  ['Publishing topics', 'publish a topic'],
  ['tuned controllers', 'tune the controller'],
  ['batteries charged', 'battery charging'],
  ['The Café, ﬁne', 'cafe fine'],
  ['useEffect', 'useeffect use Effect'],
  ['C++ and C#', 'c++ c#'],
])('"%s" and "%s" give the same terms', (text, other) => {
  expect(new Set(tokenise(text))).toEqual(new Set(tokenise(other)));
});

test('scripts without spaces are split into words', () => {
  expect(tokenise('激光雷达测量距离').length).toBeGreaterThan(2);
  expect(tokenise('لیڈار فاصلہ ناپتا ہے')).toHaveLength(4);
});

import { expect, test } from 'vitest';
import { Citations } from '../../../../server/chat/citations/citations.ts';

function run(text: string, { passages = 5, size = 3 } = {}): { text: string; cited: number[] } {
  const citations = new Citations({ passages });
  let out = '';
  for (let at = 0; at < text.length; at += size) out += citations.push(text.slice(at, at + size));
  return { text: out + citations.end(), cited: citations.cited() };
}

test.each([
  [
    'One [Source 3]. Two [Source 1]. Again [Source 3].',
    'One [Source 1]. Two [Source 2]. Again [Source 1].',
    [2, 0],
  ],
  ['Both [Sources 2, 4].', 'Both [Source 1][Source 2].', [1, 3]],
  [
    'Both [Source 2, Source 4] and [source 5 and 2].',
    'Both [Source 1][Source 2] and [Source 3][Source 1].',
    [1, 3, 4],
  ],
  ['Unknown [Source 9] and [Source 0].', 'Unknown and the book.', []],
  [
    'All of [Source 2-4] and [Sources 1 – 9].',
    'All of [Source 1][Source 2][Source 3] and [Source 4][Source 1][Source 2][Source 3][Source 5].',
    [1, 2, 3, 0, 4],
  ],
  [
    'With words [Source 3: Lidar, page 2] or [Source #2, see below].',
    'With words [Source 1] or [Source 2].',
    [2, 1],
  ],
  [
    'Round (Source 2), wide 【Source 3】, unknown (Source 9) and [Source 9: Lidar].',
    'Round [Source 1], wide [Source 2], unknown and the book.',
    [1, 2],
  ],
  [
    'A (source 12 V) and (sources) and [sources of light] stay.',
    'A (source 12 V) and (sources) and [sources of light] stay.',
    [],
  ],
  [
    'In other digits [Source ۳], [Source ٣], [Source ２–３] and [Source १: Lidar]; unknown [Source ۹].',
    'In other digits [Source 1], [Source 1], [Source 2][Source 1] and [Source 3]; unknown.',
    [2, 1, 0],
  ],
  [
    'Wide too: ［Source 2］ and （Source 3）, unknown ［Sources 8、9］; nothing seen [Source\u200f 2\u200e].',
    'Wide too: [Source 1] and [Source 2], unknown; nothing seen [Source 1].',
    [1, 2],
  ],
  ['Backwards [Source 4-2].', 'Backwards.', []],
  ['Code a[i] and [Sourdough] stay, [link](x).', 'Code a[i] and [Sourdough] stay, [link](x).', []],
  ['Cut off [Source', 'Cut off [Source', []],
])('%s', (text, expected, cited) => {
  expect(run(text, { size: 1000 })).toEqual({ text: expected, cited });
  // A blank that was sent before the marker began cannot be taken back.
  const tidy = (answer: string): string =>
    answer
      .replaceAll(/ +(?=[.;,])| {2,}/g, (blanks) => blanks.slice(blanks.length > 1 ? 1 : blanks.length))
      .replaceAll(/ (?=[.;,])/g, '');
  for (const size of [1, 3]) {
    const pieces = run(text, { size });
    expect({ ...pieces, text: tidy(pieces.text) }).toEqual({ text: tidy(expected), cited });
  }
});

test('text is not buffered for longer than a marker can be', () => {
  const citations = new Citations({ passages: 1 });
  expect(citations.push('plain [')).toBe('plain');
  expect(citations.push(`source ${'1, '.repeat(40)}`)).not.toBe('');
});

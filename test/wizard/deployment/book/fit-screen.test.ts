import { expect, it } from 'vitest';
import { fitScreen, type GroupedReport } from '../../../../wizard/deployment/book/fit-screen.ts';
import { eventLines } from '../../../../wizard/model/display/lines.ts';
import { textOf } from '../../../../wizard/ui/wrap.ts';
import { randomFrom, seeds, type Random } from '../../../properties/random.ts';

const remedies = [
  'Everything else is indexed. Change the page as it says, then run this again.',
  '',
  'If its addresses do not begin there, say with what they begin in BOOK_BASE_URL: /name/.',
];

function reportFrom(random: Random, remedy: string): GroupedReport {
  const words = (count: number) =>
    Array.from({ length: random.below(count) + 1 }, () => 'x'.repeat(random.below(40) + 1)).join(' ');
  return {
    head: 'Could not be read, and so is missing in the index',
    groups: Array.from({ length: random.below(30) + 1 }, () => words(random.below(60))),
    remedy,
  };
}

it.each(seeds(200))('fits all reports together into 20 lines of 80 columns (seed %i)', (seed) => {
  const random = randomFrom(seed);
  const reports = remedies.slice(random.below(3)).map((remedy) => reportFrom(random, remedy));
  const fitted = fitScreen(reports);
  const shown = fitted.map(({ head, groups, rest, remedy }) => {
    const more = rest > 0 ? [`and ${rest} more kinds (--json lists all)`] : [];
    const message = [`${head}:`, ...groups, ...more].join('\n  ');
    return textOf(eventLines({ type: 'notice', code: 'x', message, remedy }), 80);
  });
  expect(shown.join('').trimEnd().split('\n').length).toBeLessThanOrEqual(20);
  for (const [index, { groups, rest }] of fitted.entries()) {
    expect(groups.length).toBeGreaterThan(0);
    expect(groups.length + rest).toBe(reports[index]?.groups.length);
  }
});

it('shows all of what fits, unchanged', () => {
  const reports = [{ head: 'Not in the index', groups: ['a.md: a draft', 'b.md: unlisted'], remedy: '' }];
  expect(fitScreen(reports)).toEqual([{ ...reports[0], rest: 0 }]);
});

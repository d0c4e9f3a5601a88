import { expect, test } from 'vitest';
import { citedSentence, claimsBySource } from '../../../../server/chat/citations/cited-sentence.ts';
import { createCitedTexts } from '../../../../server/chat/citations/cited-texts.ts';

const section = (content: string) => ({ title: '', headings: [], content });

test('a claim is the last sentence before its mark', () => {
  const answer =
    'Use a mast. Bolt it to the wall with M6 screws.[Source 1] It must be level [Source 2][Source 1].';
  expect(claimsBySource(answer)).toEqual(
    new Map([
      [1, ['Bolt it to the wall with M6 screws.', 'It must be level']],
      [2, ['It must be level']],
    ]),
  );
});

test('blanks before a mark are no part of a claim, however many', () => {
  const before = process.cpuUsage();
  expect(claimsBySource(`Bolt it.${' '.repeat(39_000)}[Source 1]`).get(1)).toEqual(['Bolt it.']);
  expect(claimsBySource('\n'.repeat(40_000))).toEqual(new Map());
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(300);
});

test('a claim that is made again and again counts once', () => {
  expect(claimsBySource('Bolt it. [Source 1] '.repeat(1_000)).get(1)).toEqual(['Bolt it.']);
});

test('an item of a list is a claim of its own', () => {
  expect(claimsBySource('1. Drill the holes\n2. Bolt the mast [Source 1]').get(1)).toEqual(['Bolt the mast']);
});

const content =
  'A mast is two metres long. It is bolted to the wall with M6 screws. Snow is no problem.\n\n- The mast must be level.\n- Cables run inside.\n\n```sh\nmake mast\n```';

test.for([
  ['Bolt it to the wall with M6 screws.', 'It is bolted to the wall with M6 screws.'],
  ['It has to be a level mast.', 'The mast must be level.'],
  ['Cables run inside it.', 'Cables run inside.'],
])('the sentence with the most of the claim’s terms is cited: %s', ([claim, sentence]) => {
  expect(citedSentence(section(content), [claim!], createCitedTexts())).toBe(sentence);
});

test('of sentences with as many terms, the one with the fewest others is cited', () => {
  const text = 'The mast, which is painted white against rust, carries the sensor. The mast carries it.';
  expect(citedSentence(section(text), ['The mast carries something.'], createCitedTexts())).toBe(
    'The mast carries it.',
  );
});

test.for([[[]], [['Tomatoes taste sweet.']], [['']]])(
  'without shared terms nothing is cited: %s',
  ([claims]) => {
    expect(citedSentence(section(content), claims!, createCitedTexts())).toBeNull();
  },
);

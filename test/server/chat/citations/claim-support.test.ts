import { expect, test } from 'vitest';
import { unsupportedSources } from '../../../../server/chat/citations/claim-support.ts';
import { createCitedTexts } from '../../../../server/chat/citations/cited-texts.ts';
import { claimsBySource } from '../../../../server/chat/citations/cited-sentence.ts';

const mast = {
  title: 'Mounting',
  headings: ['The mast'],
  content:
    'The mast is two metres long and is set into the ground. It is bolted to the wall of the shed with M6 screws, 40 cm apart, and has to be checked by hand.',
};
const rain = {
  title: 'Sensors',
  headings: ['Rain'],
  content: 'The collector of the rain gauge holds 25 mm. Empty it before it freezes, or the ice breaks it.',
};

const unsupportedIn = (answer: string) => [
  ...unsupportedSources(claimsBySource(answer), [mast, rain], [mast, rain], createCitedTexts()),
];

test.for([
  'The mast is bolted to the wall with M6 screws [Source 1].',
  'Fix the mast to the shed’s wall; the screws are 40 cm apart [Source 1].',
  'Ice breaks the collector, so empty it before frost [Source 2].',
  'A long mast and a rain gauge that freezes both need care of the ground [Source 1][Source 2].',
  'Yes [Source 2].',
])('a paraphrase is supported: %s', (answer) => {
  expect(unsupportedIn(answer)).toEqual([]);
});

test.for<[string, number[]]>([
  ['The battery is charged by solar panels on the roof in the summer [Source 1].', [1]],
  ['The mast is bolted to the wall. Its paint has to be renewed by a licensed company [Source 2].', [2]],
  ['The collector is emptied at 300 degrees by the heater [Source 2].', [2]],
  ['Radios transmit with an antenna of copper, and the batteries of it last [Source 1][Source 2].', [1, 2]],
])('what the section does not say is not: %s', ([answer, numbers]) => {
  expect(unsupportedIn(answer)).toEqual(numbers);
});

test.for([
  'Der Mast wird an der Wand des Schuppens verschraubt, alle vierzig Zentimeter [Source 1].',
  '桅杆用螺丝固定在棚屋的墙上，间距四十厘米。[Source 1]',
])('an answer in another language is not judged: %s', (answer) => {
  expect(unsupportedIn(answer)).toEqual([]);
});

test('a short answer that cites the wrong section is judged by the language of all that was retrieved', () => {
  const claims = claimsBySource('Two resistors of 47 ohms heat the dome [Source 1].');
  const dome = {
    title: 'Sky camera',
    headings: ['Against dew'],
    content: 'Two resistors of 47 ohms around the base of the dome give heat.',
  };
  expect([...unsupportedSources(claims, [rain], [rain, dome], createCitedTexts())]).toEqual([1]);
  expect([...unsupportedSources(claims, [dome], [rain, dome], createCitedTexts())]).toEqual([]);
});

test('a long answer is judged in time that grows with its length', () => {
  const answer = 'The mast is bolted to the wall of the shed [Source 1]. '.repeat(700);
  const before = process.cpuUsage();
  expect(unsupportedIn(answer)).toEqual([]);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
});

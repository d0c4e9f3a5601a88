import { expect, test } from 'vitest';
import { headingQuestions } from '../../../../indexer/sync/calibration/heading-questions.ts';

const sections = (...headings: string[]) => headings.map((heading) => ({ headings: ['Page', heading] }));

test('a heading that comes twice, or is one word, names no subject', () => {
  const book = sections('Mounting the mast', 'Next steps', 'Rain', 'Next steps', 'Sealing the box');
  expect(headingQuestions(book, 5)).toEqual(['Mounting the mast', 'Sealing the box']);
});

test('they are spread over the whole book', () => {
  const book = sections(...Array.from({ length: 100 }, (_, index) => `The part ${index}`));
  expect(headingQuestions(book, 4)).toEqual(['The part 0', 'The part 25', 'The part 50', 'The part 75']);
});

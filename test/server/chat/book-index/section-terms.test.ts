import { expect, it } from 'vitest';
import { createSectionTerms } from '../../../../server/chat/book-index/section-terms.ts';
import { sampleSections } from '../../sample-sections.ts';

const sectionAt = (position: number) => ({
  ...sampleSections[0]!,
  id: String(position),
  title: 'Sensors',
  headings: ['Rain gauge'],
  position,
  content: `Mount number${position} level.`,
});

it('reads the terms of headings and text, in order', () => {
  expect(createSectionTerms()(sectionAt(7))).toEqual(['sensor', 'rain', 'gaug', 'mount', 'number7', 'level']);
});

it('remembers the sections that were read last, and no more', () => {
  const termsOf = createSectionTerms();
  const sections = Array.from({ length: 400 }, (_, position) => sectionAt(position));
  const first = sections.map((section) => termsOf(section));
  expect(termsOf(sections[399]!)).toBe(first[399]);
  // Read again, a section is kept longer than those that were read before it.
  expect(termsOf(sections[150]!)).toBe(first[150]);
  for (let position = 400; position < 640; position += 1) termsOf(sectionAt(position));
  expect(termsOf(sections[150]!)).toBe(first[150]);
  expect(termsOf(sections[151]!)).not.toBe(first[151]);
  expect(termsOf(sections[151]!)).toEqual(first[151]);
});

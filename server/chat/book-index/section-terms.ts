import { rememberRecent } from '../remember-recent.ts';
import { headingPath, type Section } from '../../collection/section.ts';
import { createTokeniser } from '../../collection/tokenise.ts';

/** The search terms of a section's headings and text, in order, with repeats. */
export type SectionTerms = (section: Section) => readonly string[];

/** Characters of a section that are read; another program may have stored far more. */
const maxContent = 4_000;
/** Sections whose terms are remembered, about 8 kB each. */
const maxSections = 256;
/** Words whose terms are remembered. */
const maxWords = 5_000;

/** Reads sections' terms and remembers those of the last ones read: most questions are about the same few pages. */
export function createSectionTerms(): SectionTerms {
  const toTerms = createTokeniser({ maxWords });
  return rememberRecent(
    (section) => toTerms(`${headingPath(section)}\n${section.content.slice(0, maxContent)}`),
    maxSections,
  );
}

import { headingPath, type Section } from '../../collection/section.ts';
import { createTokeniser } from '../../collection/tokenise.ts';
import { rememberRecent } from '../remember-recent.ts';
import { sentencesOf } from './sentences.ts';

export type CitedSection = Pick<Section, 'title' | 'headings' | 'content'>;

/** What citations compare with an answer. */
export type CitedTexts = {
  /** The search terms of headings and text. */
  termsOf: (section: CitedSection) => ReadonlySet<string>;
  /** The sentences that may be quoted, with their search terms. */
  sentencesOf: (section: CitedSection) => readonly QuotableSentence[];
};

type QuotableSentence = { sentence: string; terms: ReadonlySet<string> };

/** Characters of a section that are read; what another program stored may be far longer. */
const maxContent = 20_000;
/** Shorter texts are labels, and longer ones no sentences. */
const sentenceLength = { min: 12, max: 600 };
/** Sections whose terms and sentences are remembered, about 30 kB each. */
const maxSections = 64;
/** Words whose terms are remembered. */
const maxWords = 5_000;

/** Reads sections and remembers the last ones: many answers are from the same few. */
export function createCitedTexts(): CitedTexts {
  const toTerms = createTokeniser({ maxWords });
  return {
    termsOf: rememberRecent((section) => new Set(toTerms(textOf(section))), maxSections),
    sentencesOf: rememberRecent(
      ({ content }) =>
        sentencesOf(content.slice(0, maxContent))
          .filter(({ length }) => length >= sentenceLength.min && length <= sentenceLength.max)
          .map((sentence) => ({ sentence, terms: new Set(toTerms(sentence)) })),
      maxSections,
    ),
  };
}

/** What is compared of a section. */
export function textOf(section: CitedSection): string {
  return `${headingPath(section)}\n${section.content.slice(0, maxContent)}`;
}

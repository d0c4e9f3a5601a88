import type { Section } from '../../../server/collection/section.ts';
import type { Sequence } from '../../compressed-list.ts';

/** A sentence of the book, and the section that it is in. */
export type HeldBackSentence<S extends TextOfSection = TextOfSection> = { sentence: string; section: S };
type TextOfSection = Pick<Section, 'id' | 'content'>;

/** Sentences with fewer words say too little, and readers ask no longer ones. */
const words = { least: 5, most: 30 };

/** Sentences from evenly spread sections, at most `count` and at most of half of the sections. */
export function heldBackSentences<S extends TextOfSection>(
  sections: Sequence<S>,
  count: number,
): HeldBackSentence<S>[] {
  const step = Math.max(2, Math.floor(sections.length / count));
  const sentences: HeldBackSentence<S>[] = [];
  let at = 0;
  for (const section of sections) {
    if (at % step === 0 && sentences.length < count) {
      const sentence = firstSentence(section.content);
      if (sentence !== null) sentences.push({ sentence, section });
    }
    at += 1;
  }
  return sentences;
}

function firstSentence(content: string): string | null {
  for (const piece of content.split(/(?<=[.!?:。！？])\s+|\n/)) {
    const sentence = piece.trim();
    const length = sentence.split(/\s+/).length;
    const isUnspaced = length === 1 && sentence.length >= words.least * 3;
    if (length >= words.least || isUnspaced) return sentence.split(/\s+/).slice(0, words.most).join(' ');
  }
  return null;
}

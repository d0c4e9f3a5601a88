/** What may end a sentence before the end of its line. The segmenter is slow, and most lines are one sentence. */
const innerEnd = /[\p{Sentence_Terminal}\r\u0085\u2028\u2029](?=.)/su;

/** Sentences line by line: an item of a list, a row of a table and a line of code are texts of their own. */
export function sentencesOf(text: string): string[] {
  let segmenter: Intl.Segmenter | undefined;
  return text.split('\n').flatMap((line) => {
    if (/^\s*(?:[`~]{3,}|\|[\s|:-]*$)/.test(line)) return [];
    const plain = line.replace(/^\s*(?:>|[-*+]|\d+[.)])\s+/, '').trim();
    if (!innerEnd.test(plain)) return plain === '' ? [] : [plain];
    segmenter ??= new Intl.Segmenter(undefined, { granularity: 'sentence' });
    return Array.from(segmenter.segment(plain), ({ segment }) => segment.trim()).filter(Boolean);
  });
}

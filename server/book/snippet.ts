import { createTokeniser } from '../collection/tokenise.ts';

/** A piece of a section's text. `marks` are the words that were searched for, as [start, end) in UTF-16 units. */
export type Snippet = { text: string; marks: [start: number, end: number][] };

/** Characters of a snippet, about three lines of a result. */
const snippetLength = 240;
/** Characters of a section that are looked at. */
const maxContent = 8_000;
/** Words as people see them; scripts without spaces are marked by the character. */
const word =
  /[cf](?:\+\+|#)|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]|[\p{L}\p{N}\p{M}]+/giu;

/** The part of a text in which most of the query's different words stand, with these marked. */
export function createSnippet(content: string, query: string): Snippet {
  const tokenise = createTokeniser();
  const terms = new Set(tokenise(query));
  const termOfCharacter = termsByCharacter(terms);
  const text = content.slice(0, maxContent).replaceAll(/\s+/g, ' ').trim();
  const hits = [...text.matchAll(word)].flatMap(({ 0: written, index }) => {
    const term = tokenise(written).find((each) => terms.has(each)) ?? termOfCharacter.get(written);
    return term === undefined ? [] : [{ term, start: index, end: index + written.length }];
  });
  const begin = beginOf(text, bestStart(hits));
  const end = endOf(text, begin + snippetLength);
  const before = begin > 0 ? '… ' : '';
  const shift = before.length - begin;
  return {
    text: `${before}${text.slice(begin, end).trimEnd()}${end < text.length ? ' …' : ''}`,
    marks: hits
      .filter((hit) => hit.start >= begin && hit.end <= end)
      .map((hit) => [hit.start + shift, hit.end + shift]),
  };
}

/** In a script without spaces, a term of several characters is found by each of its characters. */
function termsByCharacter(terms: ReadonlySet<string>): ReadonlyMap<string, string> {
  const byCharacter = new Map<string, string>();
  for (const term of terms)
    for (const character of term.length > 1 ? term : '')
      if (!byCharacter.has(character) && /^[^\p{N}\p{Script=Latin}]$/u.test(character))
        byCharacter.set(character, term);
  return byCharacter;
}

/** Where the window with the most different terms begins. */
function bestStart(hits: readonly { term: string; start: number; end: number }[]): number {
  let best = { start: 0, terms: 0 };
  for (const [index, { start }] of hits.entries()) {
    const inside = new Set<string>();
    for (let at = index; at < hits.length && (hits[at]?.end ?? 0) <= start + snippetLength - 20; at += 1)
      inside.add(hits[at]?.term ?? '');
    if (inside.size > best.terms) best = { start, terms: inside.size };
  }
  return best.start;
}

/** The begin of the sentence, or a few words before the first hit. */
function beginOf(text: string, hit: number): number {
  if (hit <= 60) return 0;
  const before = text.slice(hit - 60, hit);
  const sentence = before.lastIndexOf('. ');
  if (sentence >= 0) return hit - 60 + sentence + 2;
  const space = before.indexOf(' ');
  return space < 0 ? hit : hit - 60 + space + 1;
}

function endOf(text: string, limit: number): number {
  if (limit >= text.length) return text.length;
  const space = text.lastIndexOf(' ', limit);
  const end = space > limit - 40 ? space : limit;
  // Never half of a surrogate pair.
  return /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
}

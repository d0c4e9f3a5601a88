import type { Edition } from '../../collection/editions/edition.ts';
import { isRecognised, recogniseLanguage } from '../recognise-language.ts';
import type { EditionMap } from './edition-map.ts';

/** Where a reader is, as far as the request says; each is null where it does not. */
export type ReaderPlace = {
  question: string;
  /** Address of the page. */
  address: string | null;
  version: string | null;
  locale: string | null;
};

/** What a reader reads: one version of each docs plugin, in one language where that is known. */
export type ReaderEditions = { editions: readonly Edition[]; here: Edition | null; locales: string[] | null };

/**
 * The editions that a reader is answered from: those named in the request, else those of the page, else the version that
 * readers see first. A question says its version by its number and its language by its words.
 */
export function readerEditions(map: EditionMap, place: ReaderPlace): ReaderEditions {
  const here = place.address === null ? null : map.at(place.address);
  const locales = localesOf(map, place, here);
  const candidates = map.editions.filter(({ locale }) => locales === null || locales.includes(locale));
  const version = namedVersion(map, place);
  const plugins = [...new Set(candidates.map(({ docs }) => docs))];
  const editions = plugins.flatMap((docs) => {
    const own = candidates.filter((edition) => edition.docs === docs);
    const wantedVersion = version ?? (here?.docs === docs ? here.version : null);
    const wanted = own.filter(
      (edition) => edition.version === wantedVersion || edition.label === wantedVersion,
    );
    return wanted.length > 0 ? wanted : own.filter((edition) => edition.is_default);
  });
  return { editions, here, locales };
}

function localesOf({ editions }: EditionMap, place: ReaderPlace, here: Edition | null): string[] | null {
  const all = [...new Set(editions.map(({ locale }) => locale))];
  const requested = matching(all, place.locale);
  if (requested.length > 0) return requested;
  if (here !== null) return [here.locale];
  // A language that is not recognised may look like one that is.
  const canTell = all.every((locale) => isRecognised(languageOf(locale)));
  const spoken = canTell ? matching(all, recogniseLanguage(place.question)) : [];
  return spoken.length > 0 ? spoken : null;
}

/** `pt-BR` is `pt-BR`, else every `pt`. */
function matching(locales: readonly string[], wanted: string | null): string[] {
  if (wanted === null) return [];
  const tag = wanted.toLowerCase().replaceAll('_', '-');
  const same = locales.filter((locale) => locale.toLowerCase() === tag);
  return same.length > 0 ? same : locales.filter((locale) => languageOf(locale) === languageOf(tag));
}

function languageOf(tag: string): string {
  return tag.toLowerCase().split(/[-_]/, 1)[0] ?? '';
}

/** The version that the request or the question names; null where neither does. */
function namedVersion({ editions }: EditionMap, { version, question }: ReaderPlace): string | null {
  const names = [...new Set(editions.flatMap((edition) => [edition.version, edition.label]))];
  const exact = names.find((name) => isSameVersion(name, version ?? ''));
  if (exact !== undefined) return exact;
  const numbers = Array.from(
    question.slice(0, longestRead).matchAll(versionNumber),
    ([, number = '']) => number,
  );
  return names.find((name) => numbers.some((number) => isSameVersion(name, number))) ?? null;
}

/** `v1.2`, `version 1.2`, `in 2.x`: not the number of anything else, such as `Node 20.1`. */
const versionNumber =
  /(?:\b(?:versions?|releases?|in|on|for)\s{1,3}|\bv)(\d{1,6}(?:\.(?:\d{1,6}|x)){1,4})(?!\w|\.\d)/gi;

/** Characters of a question in which its version is looked for. */
const longestRead = 1_000;

/** `v2.0` is `2.0`. */
function isSameVersion(a: string, b: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/^v(?=\d)/, '');
  return a !== '' && plain(a) === plain(b);
}

import { hasSeveralEditions, type Edition } from '../../../server/collection/editions/edition.ts';
import type { EditionFilter } from '../../../server/collection/ports.ts';
import type { Book, DraftSection } from '../../book.ts';
import type { Sequence } from '../../compressed-list.ts';

/**
 * What most readers are answered from: of a book with several editions the versions that readers see first, in the language
 * with the most sections. The same sentence in another edition would pass for an answer.
 */
export function firstEdition({ sections, editions }: Pick<Book, 'sections' | 'editions'>): {
  sections: Sequence<DraftSection>;
  within?: EditionFilter;
} {
  if (!hasSeveralEditions(editions)) return { sections };
  const first = editions.filter(({ is_default: isDefault }) => isDefault);
  const locale = largestLocale(first);
  const versions = [...new Set(first.map(({ version }) => version))];
  const indexes: number[] = [];
  let at = 0;
  for (const section of sections) {
    if (section.locale === locale && versions.includes(section.version)) indexes.push(at);
    at += 1;
  }
  return { sections: pick(sections, indexes), within: { versions, locales: [locale] } };
}

function largestLocale(editions: readonly Edition[]): string {
  const sizes = new Map<string, number>();
  for (const { locale, sections } of editions) sizes.set(locale, (sizes.get(locale) ?? 0) + sections);
  return [...sizes].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? '';
}

function pick<T>(sequence: Sequence<T>, indexes: readonly number[]): Sequence<T> {
  const valueAt = (index: number): T | undefined => {
    const own = indexes[index];
    return own === undefined ? undefined : sequence.at(own);
  };
  return {
    length: indexes.length,
    at: valueAt,
    *[Symbol.iterator]() {
      for (const index of indexes.keys()) {
        const value = valueAt(index);
        if (value !== undefined) yield value;
      }
    },
  };
}

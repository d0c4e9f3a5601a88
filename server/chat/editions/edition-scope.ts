import type { SectionFilter } from '../../collection/bm25-index.ts';
import type { Edition } from '../../collection/editions/edition.ts';
import type { EditionFilter } from '../../collection/ports.ts';
import type { Section } from '../../collection/section.ts';
import { pagePath } from '../../links/allow-links.ts';
import type { Passage } from '../protocol.ts';
import type { EditionMap } from './edition-map.ts';

/** What a search is limited to. */
export type EditionScope = SectionFilter & {
  /** The same for Qdrant, which may return more than `accepts`. */
  filter: EditionFilter;
  /** A passage as its reader's edition shows it. */
  present(passage: Passage): Passage;
};

/** What of a book in memory tells which of its pages are translated; null for one that is not in memory. */
export type TranslatedPages = { sources: ReadonlySet<string>; pages: ReadonlySet<string> } | null;

/**
 * The sections of some editions. An edition shows the untranslated page where it has no translation, so those
 * sections are among them, at the address where the edition shows them.
 */
export function editionScope(
  map: EditionMap,
  editions: readonly Edition[],
  translated: TranslatedPages,
): EditionScope {
  const own = new Set(editions);
  const shownIn = new Map<Edition, Edition>();
  for (const edition of translated === null ? [] : editions) {
    const original = map.editions.find(({ path }) => path === edition.translates);
    if (original !== undefined && !own.has(original)) shownIn.set(original, edition);
  }
  const readable = [...own, ...shownIn.keys()];
  const accepts = (section: Section): boolean => {
    const edition = map.of(section);
    if (edition === null || own.has(edition)) return true;
    const target = shownIn.get(edition);
    return (
      target !== undefined && translated !== null && !isTranslated(section, { edition, target, translated })
    );
  };
  return {
    accepts,
    size: readable.reduce((sum, { sections }) => sum + sections, 0),
    filter: {
      versions: [...new Set(readable.map(({ version }) => version))],
      locales: [...new Set(readable.map(({ locale }) => locale))],
    },
    present({ section, ...passage }) {
      const edition = map.of(section);
      const target = edition === null ? undefined : shownIn.get(edition);
      const { label: version, locale } = target ??
        edition ?? { label: section.version, locale: section.locale };
      const url =
        edition === null || target === undefined ? section.url : movedTo(section.url, edition, target);
      return { ...passage, section: { ...section, url }, edition: { version, locale } };
    },
  };
}

/** By its file; a page that Docusaurus generates has none, and is known by its address. */
function isTranslated(
  { source, url }: Section,
  {
    edition,
    target,
    translated,
  }: { edition: Edition; target: Edition; translated: NonNullable<TranslatedPages> },
): boolean {
  return source.startsWith(`${edition.folder}/`)
    ? translated.sources.has(`${target.folder}${source.slice(edition.folder.length)}`)
    : translated.pages.has(pagePath(movedTo(url, edition, target)));
}

/** The address that the same page has in another edition. */
function movedTo(url: string, from: Edition, to: Edition): string {
  const rest = url.slice(from.path.replace(/\/$/, '').length);
  return `${to.path.replace(/\/$/, '')}${rest}`;
}

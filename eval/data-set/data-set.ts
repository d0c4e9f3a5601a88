import type { Section } from '../../server/collection/section.ts';

export type Half = 'tuning' | 'held-out';

export type EvalQuestion = {
  id: string;
  question: string;
  after: string | null;
  kind: string;
  half: Half;
  /** Every group has to be found; one of its members is enough. Empty: the documents do not answer it. */
  relevant: string[][];
  /** The reference answer, where the set has one. */
  answer: string | null;
};

export type DataSet = { name: string; sections: Section[]; questions: EvalQuestion[] };

/** A text of a set that is no Docusaurus book. */
export type EvalDocument = { id: string; url: string; heading: string[]; text: string };

/** Documents as sections, with the name of the page before the heading. Those that follow each other on one page are neighbours, as the sections of a book are. */
export function sectionsFromDocuments(documents: readonly EvalDocument[]): Section[] {
  const sections = documents.map(sectionOf);
  const pageOf = (section: Section | undefined): string => section?.url.split('#')[0] ?? '';
  return sections.map((section, index) => {
    const [before, after] = [sections[index - 1], sections[index + 1]];
    const isOnPage = (other: Section | undefined): boolean =>
      pageOf(section) !== '' && pageOf(other) === pageOf(section);
    return {
      ...section,
      previous: isOnPage(before) ? (before?.id ?? null) : null,
      next: isOnPage(after) ? (after?.id ?? null) : null,
    };
  });
}

function sectionOf({ id, url, heading, text }: EvalDocument, position: number): Section {
  const [title = '', ...headings] = [...pageName(url, heading), ...heading];
  return {
    id,
    kind: 'section',
    content: text,
    title,
    headings,
    url,
    anchor: null,
    source: url === '' ? id : (url.split('#')[0] ?? url),
    lines: [1, 1],
    position,
    previous: null,
    next: null,
    hash: '',
    locale: '',
    version: '',
  };
}

/** Every page of a book has a title. Where a set has none, the end of the address names the page of a section. */
function pageName(url: string, heading: readonly string[]): string[] {
  const [path = '', anchor] = url.split('#');
  const name =
    path
      .split('/')
      .findLast((part) => part !== '')
      ?.replaceAll(/[-_]+/g, ' ') ?? '';
  const isNeeded = anchor !== undefined && heading.length === 1 && name !== '';
  return isNeeded ? [name.charAt(0).toUpperCase() + name.slice(1)] : [];
}

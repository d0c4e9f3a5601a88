import { bookOf } from './book-source.ts';
import { collectionOf, withQdrantRetry } from './collection.ts';
import type { RunContext } from '../context.ts';
import { isIndexKept, spaceSections } from '../server/existing-secrets.ts';

type QuestionSource = { title: string; headings: readonly string[]; content: string; url?: string };

/** A question that the book must answer; `url` is the path of the section that does, and null where that is not known. */
export type ProofQuestion = { text: string; url: string | null };

/** Sections of the collection that are read when there is no book. */
const maxSections = 500;
/** Pages that are asked about; most deployments need one. */
const maxQuestions = 8;

/** Questions about the longest sections of different pages, by their headings. */
export async function proofQuestions(context: RunContext): Promise<readonly ProofQuestion[]> {
  const sections = Array.from(await questionSources(context), ({ title, headings, content, url = null }) => ({
    title,
    heading: headings.at(-1) ?? '',
    url,
    length: content.length,
  }));
  if (sections.length === 0 && isIndexKept(context.settings.existingSecrets))
    return [{ text: 'What is this book about?', url: null }];
  const byPage = new Map<string, ProofQuestion>();
  for (const { title, heading, url } of sections.toSorted((a, b) => b.length - a.length)) {
    const page = url?.replace(/#.*$/, '') ?? `${title} ${heading}`;
    if (!byPage.has(page)) byPage.set(page, { text: questionAbout(title, heading), url });
  }
  return [...byPage.values()].slice(0, maxQuestions);
}

function questionAbout(title: string, heading: string): string {
  return heading === '' || heading === title
    ? `What does the book say about “${title}”?`
    : `What does the book say about “${heading}” in “${title}”?`;
}

async function questionSources(context: RunContext): Promise<Iterable<QuestionSource>> {
  const book = await bookOf(context);
  if (book !== null) return book.sections;
  if (isIndexKept(context.settings.existingSecrets)) return spaceSections(context);
  const { store, state } = await collectionOf(context);
  if (!state.exists) return [];
  return withQdrantRetry(context, async () => {
    const sections: QuestionSource[] = [];
    for await (const section of store.sections({ signal: context.signal })) {
      sections.push(section);
      if (sections.length >= maxSections) break;
    }
    return sections;
  });
}

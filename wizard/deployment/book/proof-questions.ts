import { bookOf } from './book-source.ts';
import { collectionOf, withQdrantRetry } from './collection.ts';
import type { RunContext } from '../context.ts';
import { isIndexKept, spaceSections } from '../server/existing-secrets.ts';

type QuestionSource = { title: string; headings: readonly string[]; content: string };

/** Sections of the collection that are read when there is no book. */
const maxSections = 500;

/** Questions that the book must answer: about its longest sections, by their headings. */
export async function proofQuestions(context: RunContext, count = 3): Promise<readonly string[]> {
  const sections = Array.from(await questionSources(context), ({ title, headings, content }) => ({
    title,
    headings,
    length: content.length,
  }));
  if (sections.length === 0 && isIndexKept(context.settings.existingSecrets))
    return ['What is this book about?'];
  const longest = sections.toSorted((a, b) => b.length - a.length);
  const subjects = longest.map(({ title, headings }) => [title, headings.at(-1) ?? ''] as const);
  const questions = subjects.map(([title, heading]) =>
    heading === '' || heading === title
      ? `What does the book say about “${title}”?`
      : `What does the book say about “${heading}” in “${title}”?`,
  );
  return [...new Set(questions)].slice(0, count);
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

import { stat } from 'node:fs/promises';
import type { Answers } from '../../model/answers.ts';
import { Failure } from '../../model/failure.ts';
import { resolveBookLocation } from '../../model/formats/book-location.ts';
import type { Session } from '../../model/runtime.ts';
import { guessBaseUrl, locateBook } from '../../deployment/book/locate-book.ts';
import type { Resource } from '../fact-store.ts';
import type { FlowQuestion } from '../flow.ts';
import type { InterviewState, Refusals } from '../interview-state.ts';
import { isVersionOpen, versionQuestion, versionsResource, type VersionState } from './version-question.ts';
import { questionNamed, valueQuestion } from '../value-question.ts';

/** Where the book is; null where the folder has none and none was named, or indexing is not wanted. */
export type LocatedBook = { docsDir: string | null; failure: Failure | null };

export type BookInterviewState = InterviewState &
  VersionState & {
    book?: LocatedBook;
    /** What the site's base URL probably is; null where its configuration says it. */
    likelyBaseUrl?: string | null;
  };

type BookOptions<S> = {
  session: Session;
  /** Whether the flow has come to the book. */
  isActive?(state: S): boolean;
};

/** Locates the book in the folder that was named, else in the current one, and reads its base URL. */
export function bookResources<S extends BookInterviewState>(options: BookOptions<S>): Resource<S>[] {
  const { session, isActive = () => true } = options;
  const { runtime } = session;
  return [
    {
      id: 'book-location',
      key: (state) => (isActive(state) ? [state.answers.DOCS_DIR ?? null] : null),
      load: async (state) => {
        const book = await locatedBook(session, state);
        return { book } as Partial<S>;
      },
    },
    {
      id: 'base-url',
      key: ({ isInteractive, book, answers, asked: askedNames }) => {
        const isGiven = answers.BOOK_BASE_URL !== undefined && !askedNames.includes('BOOK_BASE_URL');
        return isInteractive && book?.docsDir != null && !isGiven ? [book.docsDir] : null;
      },
      load: async ({ book }) => {
        const likelyBaseUrl = await guessBaseUrl({ dir: book?.docsDir ?? '.', signal: runtime.signal });
        return { likelyBaseUrl } as Partial<S>;
      },
    },
    versionsResource<S>(session),
  ];
}

const bookFailures = ['book-not-found', 'site-address', 'site-no-sitemap', 'site-unreachable'];

/**
 * A location that the user entered can be entered again; a wrong one from elsewhere ends the run. Which of several sites
 * is the book is asked wherever a person can be asked.
 */
async function locatedBook(
  session: Session,
  { answers, asked: askedNames, isInteractive }: InterviewState,
): Promise<LocatedBook> {
  try {
    return { docsDir: await locateNamedBook(session, answers), failure: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const isEntered = askedNames.includes('DOCS_DIR') && bookFailures.includes(error.code);
    if (!isEntered && !(isInteractive && error.code === 'book-ambiguous')) throw error;
    return { docsDir: null, failure: error };
  }
}

/**
 * The folder or address of the book: the one that was named, else the current folder where it holds one, else null.
 * Throws Failure `book-not-found` (usage), `book-ambiguous`, `site-address`, `site-no-sitemap` or `site-unreachable`.
 */
export async function locateNamedBook(
  { flags, runtime }: Pick<Session, 'flags' | 'runtime'>,
  answers: Answers,
): Promise<string | null> {
  if (flags.noIndex) return null;
  const location = answers.DOCS_DIR?.value;
  const dir = resolveBookLocation({ cwd: runtime.cwd, typed: location ?? '.' });
  const isFound = await locateBook({ ...runtime, dir, named: location !== undefined });
  if (isFound || location === undefined) return isFound ? dir : null;
  throw new Failure({
    kind: 'usage',
    code: 'book-not-found',
    message: (await isFolder(dir))
      ? `No Docusaurus site or Markdown was found in ${dir}.`
      : `There is no folder ${dir}.`,
    remedy:
      'Give the folder with docusaurus.config.ts, its docs folder, or the live site’s address, with --docs.',
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** Where the book is, and the path of its site where only a build knows it. */
export function bookQuestions<S extends BookInterviewState>(options: {
  isNeeded?(state: S): boolean;
  refusalsIn(state: S): Refusals;
  /** Those they are counted with; by default each is alone. */
  room?(): readonly FlowQuestion<S>[];
  after: readonly string[];
}): FlowQuestion<S>[] {
  const { isNeeded = () => true, refusalsIn, after } = options;
  const folder: FlowQuestion<S> = valueQuestion<S>({
    question: questionNamed('DOCS_DIR'),
    isNeeded: (state) => isNeeded(state) && state.book !== undefined && state.book.docsDir === null,
    refusalsIn,
    room: options.room ?? (() => [folder]),
    after: [...after, 'book-location'],
  });
  const baseUrl: FlowQuestion<S> = valueQuestion<S>({
    question: questionNamed('BOOK_BASE_URL'),
    isNeeded: (state) => isNeeded(state) && state.likelyBaseUrl != null,
    refusalsIn,
    room: options.room ?? (() => [baseUrl]),
    after: [...after, 'book-location', 'base-url'],
    fallback: ({ likelyBaseUrl }) =>
      likelyBaseUrl == null
        ? null
        : { value: likelyBaseUrl, source: 'the configuration, likely', cleaned: [] },
  });
  const versions = versionQuestion<S>({ isNeeded, after });
  return [folder, baseUrl, versions];
}

/** A folder or address that holds no book. */
export function refusedBook({ book }: BookInterviewState): Refusals {
  if (book === undefined || book.failure === null) return {};
  const { message, remedy } = book.failure;
  return { DOCS_DIR: { message, remedy, canRetry: false } };
}

/** Whether nothing about the book is left to ask. */
export function isBookKnown(state: BookInterviewState): boolean {
  const { isInteractive, book, answers, likelyBaseUrl, versions } = state;
  if (book === undefined || book.docsDir === null) return false;
  if (!isInteractive) return true;
  const isVersionKnown =
    answers.BOOK_VERSIONS !== undefined || (versions !== undefined && !isVersionOpen(state));
  return isVersionKnown && (answers.BOOK_BASE_URL !== undefined || likelyBaseUrl === null);
}

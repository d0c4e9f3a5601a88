import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { AnswerName, Answers } from '../model/answers.ts';
import { resolveBookLocation } from '../model/formats/book-location.ts';
import type { Credentials, HubAccount, VercelProject } from '../model/credential.ts';
import { Failure } from '../model/failure.ts';
import { questions, type Question } from '../model/question.ts';
import { guessBaseUrl, locateBook } from '../deployment/book/locate-book.ts';
import { refuse, takeBack, takeReply, valuePrompt, type Interview } from './ask.ts';
import { cancelledEarly } from './cancelled.ts';
import { askPlaceQuestion } from './place-question.ts';
import {
  assertTeamExists,
  findProject,
  projectNotFound,
  projectsOf,
} from '../deployment/frontend/vercel-projects.ts';
import { defaultSpaceName, parseSpaceName } from '../hosting/space/space-name.ts';
import type { Session } from '../model/runtime.ts';

/** Where everything goes: resolved once, shown in the plan, used by every write. */
export type Targets = {
  /** Null with --no-frontend. */
  project: VercelProject | null;
  /** `owner/name`. */
  space: string;
  /** True when the person named the Space: an existing Docker Space may then be taken over. */
  named: boolean;
  /** Absolute, or the address of a live site; null with --no-index. */
  docsDir: string | null;
  /** Null where the book's configuration says it. */
  bookBaseUrl: string | null;
};

export type MissingInput = { name: string; flag: string | null; env: string };

const placeNames: readonly AnswerName[] = ['VERCEL_PROJECT', 'HF_SPACE', 'DOCS_DIR', 'BOOK_BASE_URL'];
const placeQuestions = questions.filter((question) => placeNames.includes(question.name));

export function isPlaceQuestion(name: AnswerName): boolean {
  return placeNames.includes(name);
}

export function missing(name: AnswerName): MissingInput {
  return { name, flag: questions.find((one) => one.name === name)?.flag ?? null, env: name };
}

/** The book's folder or address: the one that was named, else the folder we stand in, else null. */
export async function locateBookFor(session: Session, answers: Answers): Promise<string | null> {
  const { flags, runtime } = session;
  if (flags.noIndex) return null;
  const wanted = answers.DOCS_DIR?.value;
  const dir = resolveBookLocation({ cwd: runtime.cwd, typed: wanted ?? '.' });
  const found = await locateBook({ ...runtime, dir, named: wanted !== undefined });
  if (!found && wanted !== undefined) {
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
  return found ? dir : null;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** What no check can supply. */
export async function missingPlace(session: Session, answers: Answers): Promise<MissingInput[]> {
  if (session.flags.noIndex || (await locateBookFor(session, answers)) !== null) return [];
  return [missing('DOCS_DIR')];
}

/**
 * The place, from answers and defaults; or what is missing when nobody can be asked. Throws Failure
 * `project-not-found` or `team-not-found`.
 */
export function placeFrom(
  session: Session,
  options: {
    answers: Answers;
    credentials: Partial<Credentials>;
    bookHere: string | null;
    /** The project of the folder that --frontend names. */
    ofFolder?: VercelProject | null;
  },
): Targets | { missing: MissingInput[] } {
  const { answers, credentials } = options;
  const scope = credentials.vercel?.scope;
  const account = credentials.huggingface?.account;
  let project: VercelProject | null = null;
  if (scope !== undefined) {
    const team = answers.VERCEL_TEAM?.value ?? null;
    const wanted = answers.VERCEL_PROJECT?.value;
    assertTeamExists(scope, team);
    const candidates = projectsOf(scope, team);
    project =
      wanted === undefined
        ? candidates.length === 1
          ? (candidates[0] ?? null)
          : (options.ofFolder ?? null)
        : findProject(scope, { project: wanted, team });
    if (project === null && wanted !== undefined) throw projectNotFound(wanted, scope);
    if (project === null) return { missing: [missing('VERCEL_PROJECT')] };
  }
  const named = answers.HF_SPACE !== undefined && answers.HF_SPACE.source !== 'default';
  const space = spaceFrom(session, { answers, account, project });
  const bookBaseUrl = answers.BOOK_BASE_URL?.value ?? null;
  return { project, space, named, docsDir: options.bookHere, bookBaseUrl };
}

/** A server that runs elsewhere has no Space: its host stands for one where something is kept under its name. */
function spaceFrom(
  session: Session,
  of: { answers: Answers; account: HubAccount | undefined; project: VercelProject | null },
): string {
  const { answers, account, project } = of;
  const { apiUrl } = session.flags;
  if (account === undefined) return `elsewhere/${apiUrl === null ? 'server' : new URL(apiUrl).hostname}`;
  if (answers.HF_SPACE !== undefined) return parseSpaceName(answers.HF_SPACE.value, account);
  return defaultSpaceName(account, project?.name ?? basename(session.runtime.cwd));
}

/** Asks for what is open, with a default to accept wherever there is one. `back` leads to the keys. */
export async function askPlace(
  session: Session,
  state: Interview,
  credentials: Partial<Credentials>,
): Promise<Targets | 'back'> {
  for (;;) {
    const room = await questionsHere(session, credentials, state);
    const question = room.find(({ name }) => state.answers[name] === undefined);
    try {
      const scope = credentials.vercel?.scope;
      if (scope !== undefined) assertTeamExists(scope, state.answers.VERCEL_TEAM?.value ?? null);
      if (question === undefined) {
        const here = await locateBookFor(session, state.answers);
        const place = placeFrom(session, { answers: state.answers, credentials, bookHere: here });
        if (!('missing' in place)) return place;
      }
    } catch (error) {
      askAgain(state, error);
      continue;
    }
    const open = question ?? placeQuestions[0];
    if (open === undefined) throw new Error('no place question');
    const reply = await askPlaceQuestion(session, { state, credentials, question: open, room });
    if (reply.type === 'cancel') throw cancelledEarly();
    if (reply.type === 'back') {
      const last = state.asked.at(-1);
      if (last === undefined || !isPlaceQuestion(last)) return 'back';
      state.asked.pop();
      takeBack(state, last);
    }
  }
}

/** The book's folder, and where its site stands, asked for until both are known. `back` leads to the keys. */
export async function askBook(session: Session, state: Interview): Promise<BookLocation | 'back'> {
  for (;;) {
    let name: AnswerName = 'DOCS_DIR';
    try {
      const docsDir = await locateBookFor(session, state.answers);
      const isOpen = docsDir !== null && (await isBaseUrlOpen(session, state, docsDir));
      if (docsDir !== null && !isOpen)
        return { docsDir, bookBaseUrl: state.answers.BOOK_BASE_URL?.value ?? null };
      if (isOpen) name = 'BOOK_BASE_URL';
    } catch (error) {
      askAgain(state, error);
    }
    const question = questions.find((one) => one.name === name);
    if (question === undefined) throw new Error('no question for the book');
    const { signal } = session.runtime;
    const reply = await session.renderer.ask(valuePrompt(state, question, [question]), { signal });
    if (reply.type === 'cancel') throw cancelledEarly();
    if (reply.type === 'back') return 'back';
    if (reply.type === 'value' || reply.type === 'accept') takeReply(session, state, question, reply);
  }
}

export type BookLocation = Pick<Targets, 'bookBaseUrl'> & { docsDir: string };

/** Whether only a build knows where the site stands and nobody said it; what is likely is put on offer. */
async function isBaseUrlOpen({ runtime }: Session, state: Interview, dir: string): Promise<boolean> {
  const { answers, proposals } = state;
  if (answers.BOOK_BASE_URL !== undefined) return false;
  const likely = await guessBaseUrl({ dir, signal: runtime.signal });
  if (likely === null) return false;
  proposals.BOOK_BASE_URL ??= { value: likely, source: 'the configuration, likely', cleaned: [] };
  return true;
}

/** The questions of a place that this run has a use for. */
async function questionsHere(
  session: Session,
  credentials: Partial<Credentials>,
  state: Interview,
): Promise<Question[]> {
  const book = await locateBookFor(session, state.answers).catch(() => null);
  const isBookOpen = !session.flags.noIndex && (await locateBookFor(session, {})) === null;
  const isOpen: Partial<Record<AnswerName, boolean>> = {
    VERCEL_PROJECT: credentials.vercel !== undefined,
    HF_SPACE: credentials.huggingface !== undefined,
    DOCS_DIR: isBookOpen,
    BOOK_BASE_URL:
      state.asked.includes('BOOK_BASE_URL') || (book !== null && (await isBaseUrlOpen(session, state, book))),
  };
  return placeQuestions.filter(({ name }) => isOpen[name] === true);
}

/** A place that turned out wrong is asked for again, with the reason above the field. */
function askAgain(state: Interview, error: unknown): void {
  const names: Record<string, AnswerName> = {
    'space-name-invalid': 'HF_SPACE',
    'project-not-found': 'VERCEL_PROJECT',
    'team-not-found': 'VERCEL_PROJECT',
    'book-not-found': 'DOCS_DIR',
    'site-address': 'DOCS_DIR',
    'site-no-sitemap': 'DOCS_DIR',
    'site-unreachable': 'DOCS_DIR',
  };
  const name = error instanceof Failure ? names[error.code] : undefined;
  if (!(error instanceof Failure) || name === undefined) throw error;
  // It has no question of its own: the project is chosen among all teams'.
  if (error.code === 'team-not-found') delete state.answers.VERCEL_TEAM;
  refuse(state, name, { message: error.message, remedy: error.remedy });
}

import { logLevels, parseOriginList } from '../../server/contract.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import type { Answers } from '../model/answers.ts';
import type { Service } from '../model/service.ts';
import { configuredCollection } from '../model/wanted-collection.ts';
import { openJournal, type JournalFile } from '../run/journal-file.ts';
import type { RunContext } from '../deployment/context.ts';
import { defaultFrontendVariable, type ExistingSecrets } from '../deployment/run-settings.ts';
import { bookOf, prefetchBook, type PrefetchedBook } from '../deployment/book/book-source.ts';
import { isIndexKept } from '../deployment/server/existing-secrets.ts';
import { frontendOrigins } from '../deployment/frontend/allowed-origins.ts';
import type { Checks } from '../interview/checks.ts';
import { folderProject } from '../deployment/frontend/folder-project.ts';
import {
  gatherOrLeave,
  type Left,
  type Ongoing,
  type PlaceFinder,
} from '../interview/collect-credentials.ts';
import { showStartScreen, announceBook } from '../interview/start-screen.ts';
import { gatherBeside, type Beside, type CollectedInputs } from '../interview/existing-secrets.ts';
import { readCommandInputs, createRunTools, type CommandInputs } from '../deployment/command-inputs.ts';
import { askPlace, locateBookFor, missingPlace, placeFrom, type Targets } from '../interview/targets.ts';
import { reconsider } from '../interview/recover-from-refusal.ts';
import { requiredServices } from './required-services.ts';
import type { Task } from './task.ts';
import type { Start } from '../interview/test-detected.ts';
import type { Session, Runtime } from '../model/runtime.ts';

/** Looks and asks; what it gives back is carried out once the person agreed. */
type Work<T> = (context: RunContext) => Promise<(() => Promise<T | Way>) | Way>;
/** To the last question, or through the same answers once more. */
type Way = 'back' | 'again';

/**
 * From the first question to a context that everything is in. `work` says `back` when the person goes back from its
 * own question: the last one is asked again, with what was said on offer. What hinders it is no end where a person
 * can be asked. Null when the person goes back from the very first screen, which a task that was chosen allows.
 */
export async function withContext<T>(session: Session, task: Task, work: Work<T>): Promise<T | null> {
  const logLevel = logLevelOf(session.runtime);
  const opening = await readCommandInputs(session);
  if (task.type === 'first') await announceBook(session, opening.answers);
  for (;;) {
    const start = await startOf(session, { opening, task });
    if (start === 'back') return null;
    const proposals = { ...start.proposals, ...task.said };
    const options = { ...opening, ...start, proposals };
    const early = await earlyBook(session, options.answers);
    let from: From | null = null;
    for (;;) {
      const prepared = await prepare(session, { opening: options, task, from });
      if ('left' in prepared) {
        Object.assign(task.said, prepared.left);
        break;
      }
      const ended = await inContext(session, { opening, prepared, logLevel, task, work, early });
      if (!isWay(ended)) return ended;
      if (prepared.ongoing === null) return null;
      from = { ongoing: prepared.ongoing, kept: prepared.kept, isBack: ended === 'back' };
    }
    if (task.type === 'again') return null;
  }
}

/** Where nobody is asked, the book is read while the vendors are: its place is known from the start. */
async function earlyBook(session: Session, answers: Answers): Promise<PrefetchedBook | null> {
  const { renderer, flags, runtime } = session;
  if (renderer.canAsk && !flags.yes) return null;
  const docsDir = await locateBookFor(session, answers).catch(() => null);
  const bookBaseUrl = answers.BOOK_BASE_URL?.value ?? null;
  return docsDir === null ? null : prefetchBook(runtime, { docsDir, bookBaseUrl });
}

/** An interview that stands, and whether its last answer is taken back. */
type From = { ongoing: Ongoing; kept: ExistingSecrets | null; isBack: boolean };

/** The first screen of a first time; what is known of a Space that stands. */
async function startOf(
  session: Session,
  { opening, task }: { opening: CommandInputs; task: Task },
): Promise<Start | 'back'> {
  if (task.type === 'first') {
    const services = requiredServices(session.flags);
    return showStartScreen(session, { opening, services, canGoBack: task.canLeave });
  }
  const answers: Answers = { ...opening.answers };
  const fromJournal = (value: string) => ({ value, source: 'journal', cleaned: [] });
  answers.HF_SPACE ??= fromJournal(task.space);
  if (task.isOtherProject) delete answers.VERCEL_PROJECT;
  else if (task.projectId !== null) answers.VERCEL_PROJECT ??= fromJournal(task.projectId);
  return { answers, proposals: opening.proposals };
}

async function prepare(
  session: Session,
  of: {
    opening: CommandInputs & { checks?: Checks };
    task: Task;
    from: From | null;
  },
): Promise<CollectedInputs | Left> {
  const { opening, task, from } = of;
  const used = requiredServices(session.flags);
  const beside: Beside = async ({ kept, ongoing, isBack }) => {
    const keeps = kept?.services ?? [];
    const services = used.filter((service) => !(keeps as readonly Service[]).includes(service));
    const place = deployPlace(keepsBook(session, kept));
    const ways = { isBack, canLeave: true, ...(ongoing !== null && { ongoing }) };
    const found = await gatherOrLeave(session, { ...opening, services, place, ...ways });
    return 'left' in found ? found : { ...found, kept };
  };
  if (from !== null) return beside(from);
  if (task.type === 'first') return beside({ kept: null, ongoing: null, isBack: false });
  return gatherBeside(session, { opening, space: task.space, beside });
}

/** A book whose index nobody may look into is not asked for. */
function keepsBook(session: Session, kept: ExistingSecrets | null): Session {
  if (kept === null || !isIndexKept(kept)) return session;
  return { ...session, flags: { ...session.flags, noIndex: true } };
}

type InContext<T> = {
  opening: CommandInputs;
  prepared: CollectedInputs;
  logLevel: string;
  task: Task;
  work: Work<T>;
  early: PrefetchedBook | null;
};

async function inContext<T>(session: Session, of: InContext<T>): Promise<T | Way> {
  const { prepared, task } = of;
  const journal = await openJournal({
    stateDir: session.runtime.stateDir,
    space: prepared.place.space,
  }).catch((error: unknown) => reconsidered(error));
  if (isWay(journal)) return journal;
  try {
    if (journal.backupPath !== null) session.emit(unreadableJournal(journal.backupPath));
    const next = await decided(session, { ...of, journal }).catch((error: unknown) => reconsidered(error));
    return isWay(next) ? next : await next();
  } finally {
    await journal.close();
  }

  function reconsidered(error: unknown): Promise<Way> {
    return reconsider(session, { error, ongoing: prepared.ongoing, mayRename: task.type === 'first' });
  }
}

function isWay(what: unknown): what is Way {
  return what === 'back' || what === 'again';
}

async function decided<T>(
  session: Session,
  of: InContext<T> & { journal: JournalFile },
): ReturnType<Work<T>> {
  const { opening, prepared, logLevel, journal, work, early } = of;
  const { http } = opening;
  const book = prepared.place.docsDir ?? (prepared.kept && (await locateBookFor(session, opening.answers)));
  const context = contextOf(session, { prepared, book, http, journal, logLevel });
  early?.attachTo(context);
  // Whoever needs them hears of a failure; until then they are read beside whatever is asked first.
  for (const reading of [bookOf(context), frontendOrigins(context)]) reading.catch(() => undefined);
  return work(context);
}

function unreadableJournal(path: string): RunEvent {
  return {
    type: 'notice',
    code: 'journal-unreadable',
    message: 'The journal of earlier runs could not be read; undo knows nothing of them.',
    remedy: `It was put aside as ${path}.`,
  };
}

function deployPlace(session: Session): PlaceFinder<Targets> {
  return {
    missing: (answers) => missingPlace(session, answers),
    resolve: async (known) =>
      placeFrom(session, {
        ...known,
        bookHere: await locateBookFor(session, known.answers),
        // What lies beside us by chance is only proposed; a folder that is named is an answer.
        ofFolder:
          session.flags.frontend === null
            ? null
            : await folderProject(session, known.credentials.vercel?.scope.projects ?? []),
      }),
    ask: (interview, credentials) => askPlace(session, interview, credentials),
  };
}

/** Services that were not asked for are not among the credentials: the steps that use them are skipped. */
function contextOf(
  session: Session,
  of: { prepared: CollectedInputs; book: string | null; logLevel: string } & Pick<
    RunContext,
    'http' | 'journal'
  >,
): RunContext {
  const { runtime, flags } = session;
  const { http, journal, logLevel, book } = of;
  const { credentials, place, kept } = of.prepared;
  return {
    ...createRunTools(session, { http, journal }),
    credentials,
    target: {
      space: place.space,
      project: place.project?.name ?? null,
      team: place.project?.teamSlug ?? null,
      environment: 'production',
      projectId: place.project?.id ?? null,
      teamId: place.project?.teamId ?? null,
    },
    settings: {
      collection: configuredCollection(runtime.env),
      logLevel,
      origins: parseOriginList(runtime.env['ALLOWED_ORIGINS'] ?? ''),
      docsDir: book,
      bookBaseUrl: place.bookBaseUrl,
      skipIndex: place.docsDir === null,
      frontend: place.project === null ? 'skip' : 'set',
      apiUrl: flags.apiUrl ?? null,
      payloadDir: runtime.payloadDir,
      frontendVariable: defaultFrontendVariable,
      adopt: place.named,
      version: runtime.version,
      ...(kept !== null && kept.services.length > 0 && { existingSecrets: kept }),
    },
  };
}

/** Checked before anything is asked: a server with a word it does not know would not start. */
function logLevelOf({ env }: Runtime): string {
  const wanted = env['LOG_LEVEL']?.trim().toLowerCase() || 'info';
  if ((logLevels as readonly string[]).includes(wanted)) return wanted;
  throw new Failure({
    kind: 'usage',
    code: 'log-level-unknown',
    message: 'LOG_LEVEL in the environment is no level that the server knows.',
    remedy: `Unset it, or set it to one of: ${logLevels.join(', ')}.`,
  });
}

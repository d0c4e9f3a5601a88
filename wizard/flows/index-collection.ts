import { exitCodes } from '../model/failure.ts';
import type { Journal, JournalEntry } from '../model/run/journal.ts';
import type { Plan } from '../model/run/plan.ts';
import { configuredCollection } from '../model/wanted-collection.ts';
import { listJournals, openJournal, type JournalFile } from '../run/journal-file.ts';
import { runSteps } from '../run/run-steps.ts';
import { bookReport } from '../deployment/book/book-report.ts';
import { collectionOf, qdrantHostOf } from '../deployment/book/collection.ts';
import type { BookContext } from '../deployment/context.ts';
import { indexBook } from '../steps/index-book.ts';
import { cancelledEarly, cancelledLate } from '../interview/cancelled.ts';
import { isConfirmed } from '../interview/confirm-old.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { gatherOrLeave, type Gathered, type PlaceFinder } from '../interview/collect-credentials.ts';
import { commandInputs, createRunTools, type CommandInputs } from '../deployment/command-inputs.ts';
import { askBook, locateBookFor, missingPlace, type BookLocation } from '../interview/targets.ts';
import { offerRetry } from './offer-retry.ts';
import { verify } from '../commands/verify.ts';
import { relay, type Session } from '../model/runtime.ts';

/** Brings the collection up to the book, and touches nothing else. Throws Failure. */
export async function index(session: Session): Promise<CommandResult> {
  if (session.flags.verify !== null) return verify(session, session.flags.verify);
  const ended = await indexOrLeave(session, { canLeave: false });
  if (ended === null) throw cancelledEarly();
  return ended;
}

/** As `index`; null when a person goes back from the first question. Throws Failure. */
export async function indexOrLeave(
  session: Session,
  { canLeave }: { canLeave: boolean },
): Promise<CommandResult | null> {
  const opening = await commandInputs(session);
  const [dir] = session.operands;
  if (dir !== undefined) opening.answers.DOCS_DIR = { value: dir, source: 'DIR', cleaned: [] };
  const asking = { ...opening, services: ['gemini', 'qdrant'] as const, place: bookPlace(session), canLeave };
  let found = await gatherOrLeave(session, asking);
  for (;;) {
    if ('left' in found) return null;
    const ended = await inCollection(session, { opening, found }).catch((error: unknown) =>
      onwards(session, error),
    );
    if (ended === 'again') continue;
    if (ended !== 'back' || found.ongoing === null) return ended === 'back' ? null : ended;
    found = await gatherOrLeave(session, { ...asking, ongoing: found.ongoing, isBack: true });
  }
}

/** A person whose keys were accepted may try again. Throws what is nobody's to mend, and cancelled. */
async function onwards(session: Session, error: unknown): Promise<'again' | 'back'> {
  const { way } = await offerRetry(session, error);
  if (way === 'cancel') throw cancelledLate(error);
  if (way === 'stop') throw error;
  return way === 'back' ? 'back' : 'again';
}

async function inCollection(
  session: Session,
  of: { opening: CommandInputs; found: Gathered<'gemini' | 'qdrant', BookLocation> },
): Promise<CommandResult | 'back'> {
  const { credentials, place } = of.found;
  const journal = await journalAt(session, qdrantHostOf({ credentials }));
  const context: BookContext = {
    ...createRunTools(session, { http: of.opening.http, journal: journal ?? unsaved() }),
    credentials,
    settings: {
      collection: configuredCollection(session.runtime.env),
      ...place,
      skipIndex: false,
    },
  };
  try {
    const { change } = await indexBook.inspect(context);
    const plan: Plan = {
      target: { space: null, project: null, team: null, environment: 'production' },
      changes: [change],
      remarks: change.kind === 'unchanged' ? [] : ['Indexing uses the embedding quota of the Gemini key.'],
    };
    for (const event of await bookReport(context)) session.emit(event);
    session.emit({ type: 'plan-ready', target: plan.target, changes: plan.changes });
    if (!(await isConfirmed(session, plan))) return 'back';
    await relay(runSteps({ context, steps: [indexBook] }), session.emit);
    if (change.kind !== 'unchanged') await sayBeside(session, context);
    return { deployment: null, exitCode: exitCodes.done };
  } finally {
    await journal?.close();
  }
}

/** Only a deployment sets the variable that follows. */
async function sayBeside({ emit }: Session, context: BookContext): Promise<void> {
  const { store, isBeside } = await collectionOf(context);
  if (!isBeside) return;
  emit({
    type: 'notice',
    code: 'collection-beside',
    message: `The book stands in ${store.collection}; ${context.settings.collection} holds something else and is left alone.`,
    remedy: `A server reads it when its QDRANT_COLLECTION is ${store.collection}: npx rag-space-setup sets that.`,
  });
}

function bookPlace(session: Session): PlaceFinder<BookLocation> {
  return {
    missing: (answers) => missingPlace(session, answers),
    resolve: async ({ answers }) => {
      const docsDir = await locateBookFor(session, answers);
      const bookBaseUrl = answers.BOOK_BASE_URL?.value ?? null;
      return docsDir === null ? { missing: await missingPlace(session, answers) } : { docsDir, bookBaseUrl };
    },
    ask: (interview) => askBook(session, interview),
  };
}

/** Of the Space whose collection lives on that host, so that its undo knows; null when none or several do. */
async function journalAt({ runtime, flags }: Session, host: string): Promise<JournalFile | null> {
  const { stateDir } = runtime;
  if (flags.space !== null) return openJournal({ stateDir, space: flags.space });
  const known = (await listJournals({ stateDir })).filter(({ entries }) =>
    entries.some(({ thing, place }) => thing === 'collection' && place === host),
  );
  const [only] = known;
  return only !== undefined && known.length === 1 ? openJournal({ stateDir, space: only.space }) : null;
}

/** A collection of its own, without a Space: nothing is kept of it. */
function unsaved(): Journal {
  const entries: JournalEntry[] = [];
  return { entries, add: async (entry) => void entries.push({ ...entry, at: '' }) };
}

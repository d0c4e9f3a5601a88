import { configuredCollection } from '../../model/server-defaults.ts';
import { Failure } from '../../model/failure.ts';
import type { RunEvent } from '../../model/run/event.ts';
import type { Journal } from '../../model/run/journal.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Session } from '../../model/runtime.ts';
import { bookReport } from '../../deployment/book/book-report.ts';
import { enrichmentSettings, selectionOf } from '../../deployment/book/selection-of.ts';
import { qdrantHostOf } from '../../deployment/book/collection.ts';
import { createRunTools, type CommandInputs } from '../../deployment/command-inputs.ts';
import type { BookContext } from '../../deployment/context.ts';
import { hostingCredentials } from '../../deployment/server/space-status.ts';
import { credentialOf } from '../../interview/credentials/live-checks.ts';
import type { BookInterviewState } from '../../interview/targets/book-questions.ts';
import { runSteps } from '../../run/run-steps.ts';
import { indexBook } from '../../steps/index-book.ts';
import { planHostedBook, type HostedBook, type HostedBookContext } from './hosted-book.ts';
import { journalOf, type PlaceOfCluster } from './journal-for-cluster.ts';

/** The plan of an indexing run, and what carries it out. */
export type IndexingRun = {
  context: BookContext;
  plan: Plan;
  events(): AsyncGenerator<RunEvent, void>;
  close(): Promise<void>;
};

export type IndexingInputs = { inputs: CommandInputs; placeOf: PlaceOfCluster };

/** Emits the plan; a run that cannot be planned leaves its journal closed. */
export async function planIndexing(
  session: Session,
  { inputs, placeOf, state }: IndexingInputs & { state: BookInterviewState },
): Promise<IndexingRun> {
  const credentials = { gemini: credentialOf(state, 'gemini'), qdrant: credentialOf(state, 'qdrant') };
  const space = placeOf(qdrantHostOf({ credentials }));
  const { journal, close } = await journalOf(session, space);
  const context = contextFor(session, { inputs, state, credentials, journal });
  const place = space === null ? null : placeContext(context, { inputs, state, space });
  try {
    const { change } = await indexBook.inspect(context);
    const hosted = place === null ? null : await hostedBook(session, place);
    const plan: Plan = {
      target: { space: hosted === null ? null : space, project: null, team: null, environment: 'production' },
      changes: [change, ...(hosted?.changes ?? [])],
      remarks: [
        ...(change.kind === 'unchanged' ? [] : ['Indexing uses the embedding quota of the Gemini key.']),
        ...(hosted === null ? [] : [hosted.remark]),
      ],
    };
    for (const event of await bookReport(context)) session.emit(event);
    session.emit({ type: 'plan-ready', target: plan.target, changes: plan.changes });
    const events = (): AsyncGenerator<RunEvent, void> =>
      place === null || hosted === null
        ? runSteps({ context, steps: [indexBook] })
        : runSteps({ context: place, steps: [indexBook, ...hosted.steps] });
    return { context, plan, events, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the book's server needs; null, with the reason where there is one, when that is nothing. */
async function hostedBook({ emit }: Session, place: HostedBookContext): Promise<HostedBook | null> {
  const hosted = await planHostedBook(place);
  if (!(hosted instanceof Failure)) return hosted;
  const message = `The server keeps its copy of the book as it was: ${hosted.message}`;
  emit({ type: 'notice', code: 'book-beside-server', message, remedy: hosted.remedy });
  return null;
}

function placeContext(
  context: BookContext,
  { inputs, state, space }: { inputs: CommandInputs; state: BookInterviewState; space: string },
): HostedBookContext {
  return {
    ...context,
    credentials: { ...hostingCredentials(inputs, state.answers), ...context.credentials },
    target: { space },
    settings: { ...context.settings, apiUrl: null },
  };
}

function contextFor(
  session: Session,
  options: {
    inputs: CommandInputs;
    state: BookInterviewState;
    credentials: BookContext['credentials'];
    journal: Journal;
  },
): BookContext {
  const { inputs, state, credentials, journal } = options;
  return {
    ...createRunTools(session, { http: inputs.http, journal }),
    credentials,
    settings: {
      collection: configuredCollection(session.runtime.env),
      docsDir: state.book?.docsDir ?? null,
      bookBaseUrl: state.answers.BOOK_BASE_URL?.value ?? null,
      bookSelection: selectionOf(state.answers),
      ...enrichmentSettings(session),
      skipIndex: false,
    },
  };
}

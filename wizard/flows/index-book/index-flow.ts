import { configuredCollection } from '../../model/server-defaults.ts';
import { exitCodes, type Failure } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Journal } from '../../model/run/journal.ts';
import type { Plan } from '../../model/run/plan.ts';
import { relay, type Session } from '../../model/runtime.ts';
import { bookReport } from '../../deployment/book/book-report.ts';
import { collectionOf, qdrantHostOf } from '../../deployment/book/collection.ts';
import { createRunTools, type CommandInputs } from '../../deployment/command-inputs.ts';
import type { BookContext } from '../../deployment/context.ts';
import {
  bookQuestions,
  bookResources,
  isBookKnown,
  refusedBook,
  type BookInterviewState,
} from '../../interview/targets/book-questions.ts';
import { confirmPlanQuestion, type ConfirmationState } from '../../interview/confirm-plan.ts';
import { credentialChecks, credentialQuestions } from '../../interview/credentials/credential-questions.ts';
import type { Resource } from '../../interview/fact-store.ts';
import { cancelledEarly, inPhase, type Flow, type FlowQuestion } from '../../interview/flow.ts';
import { interviewState, refusedCredentials, type Refusals } from '../../interview/interview-state.ts';
import { credentialOf } from '../../interview/credentials/live-checks.ts';
import { sessionFlow } from '../../interview/session-flow.ts';
import { runSteps } from '../../run/run-steps.ts';
import { indexBook } from '../../steps/index-book.ts';
import { retryableFailure, retryQuestion, type RetryState, cancelledLate } from '../retry-question.ts';
import { journalForCluster, unsavedJournal } from './journal-for-cluster.ts';

/** The plan of an indexing run, and what carries it out. */
export type IndexingRun = { context: BookContext; plan: Plan; close(): Promise<void> };

export type IndexState = BookInterviewState &
  ConfirmationState &
  RetryState & {
    /** How many plans were made before this one. */
    attempt: number;
    run?: IndexingRun;
    result?: CommandResult;
  };

const services = ['gemini', 'qdrant'] as const;
const checks = ['book-location', ...services];

/** The keys of Gemini and Qdrant, the book, and the plan; then the run itself. */
export function indexFlow(session: Session, inputs: CommandInputs): Flow<IndexState> {
  const refusalsIn = (state: IndexState): Refusals => ({
    ...refusedCredentials(state),
    ...refusedBook(state),
  });
  const confirm = confirmPlanQuestion<IndexState>({
    planIn: ({ run }) => run?.plan ?? null,
    hasYes: session.flags.yes,
    after: [...checks, 'base-url', 'index-plan'],
  });
  const questions: FlowQuestion<IndexState>[] = [
    ...inPhase('keys', credentialQuestions<IndexState>({ services, refusalsIn, after: ['book-location'] })),
    ...inPhase('targets', bookQuestions<IndexState>({ refusalsIn, after: checks })),
    ...inPhase('plan', [confirm]),
    ...inPhase('run', [
      retryQuestion<IndexState>({ after: ['index-plan', 'index-run'], retry: replan, replan }),
    ]),
  ];
  const isComplete = ({ answers, book }: IndexState): boolean =>
    book?.docsDir != null && names.every((name) => answers[name] !== undefined);
  return {
    ...sessionFlow(session, {
      questions,
      refusalsIn,
      outline: { servicesIn: () => services, targetsIn: ({ book }) => ({ book: book?.docsDir }) },
    }),
    initial: { ...interviewState(session, inputs), isConfirmed: false, hasStopped: false, attempt: 0 },
    resources: [
      ...bookResources<IndexState>({ session }),
      ...credentialChecks<IndexState>({ session, inputs, services, isComplete }),
      planResource(session, inputs),
      runResource(session, confirm),
    ],
    onCancel: async ({ failure }) => (failure === undefined ? cancelledEarly() : cancelledLate(failure)),
  };
}

const names = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY'] as const;

function replan(state: IndexState): IndexState {
  return { ...state, isConfirmed: false, attempt: state.attempt + 1 };
}

function planResource(session: Session, inputs: CommandInputs): Resource<IndexState> {
  return {
    id: 'index-plan',
    key: (state) => {
      const { gemini, qdrant, book, answers, attempt } = state;
      const isAccepted = gemini?.verdict === 'accepted' && qdrant?.verdict === 'accepted';
      const isReady = isAccepted && isBookKnown(state);
      return isReady ? [gemini, qdrant, book?.docsDir, answers.BOOK_BASE_URL, attempt] : null;
    },
    load: (state) =>
      orFailure(session, {
        isInteractive: state.isInteractive,
        load: async () => ({ run: await plannedRun(session, { inputs, state }) }),
      }),
    release: async ({ run }) => run?.close(),
  };
}

/** Emits the plan; a run that cannot be planned leaves its journal closed. */
async function plannedRun(
  session: Session,
  { inputs, state }: { inputs: CommandInputs; state: IndexState },
): Promise<IndexingRun> {
  const credentials = { gemini: credentialOf(state, 'gemini'), qdrant: credentialOf(state, 'qdrant') };
  const journal = await journalForCluster(session, qdrantHostOf({ credentials }));
  const close = async (): Promise<void> => journal?.close();
  const context = contextFor(session, { inputs, state, credentials, journal: journal ?? unsavedJournal() });
  try {
    const { change } = await indexBook.inspect(context);
    const plan: Plan = {
      target: { space: null, project: null, team: null, environment: 'production' },
      changes: [change],
      remarks: change.kind === 'unchanged' ? [] : ['Indexing uses the embedding quota of the Gemini key.'],
    };
    for (const event of await bookReport(context)) session.emit(event);
    session.emit({ type: 'plan-ready', target: plan.target, changes: plan.changes });
    return { context, plan, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function contextFor(
  session: Session,
  options: {
    inputs: CommandInputs;
    state: IndexState;
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
      skipIndex: false,
    },
  };
}

function runResource(session: Session, confirm: FlowQuestion<IndexState>): Resource<IndexState> {
  return {
    id: 'index-run',
    key: (state) => (state.run === undefined || confirm.isOpen(state) ? null : [state.run]),
    load: async ({ run, isInteractive }) => {
      if (run === undefined) return {};
      return orFailure(session, {
        isInteractive,
        load: async () => ({ result: await carryOut(session, run) }),
      });
    },
  };
}

async function carryOut(session: Session, { context, plan }: IndexingRun): Promise<CommandResult> {
  await relay(runSteps({ context, steps: [indexBook] }), session.emit);
  if (plan.changes.some(({ kind }) => kind !== 'unchanged')) await reportOtherCollection(session, context);
  return { deployment: null, exitCode: exitCodes.done };
}

/** Only a deployment sets the variable that the server then needs. */
async function reportOtherCollection({ emit }: Session, context: BookContext): Promise<void> {
  const { store, isBeside } = await collectionOf(context);
  if (!isBeside) return;
  emit({
    type: 'notice',
    code: 'collection-beside',
    message: `The book is in ${store.collection}; ${context.settings.collection} holds something else and is left alone.`,
    remedy: `A server reads it when its QDRANT_COLLECTION is ${store.collection}: npx rag-space-setup sets that.`,
  });
}

/** A failure that the user can be asked about, as a fact; throws any other. */
async function orFailure<F extends object>(
  session: Session,
  { isInteractive, load }: { isInteractive: boolean; load: () => Promise<F> },
): Promise<F | { failure: Failure }> {
  try {
    return await load();
  } catch (error) {
    const failure = retryableFailure(session, { isInteractive, error });
    if (failure === null) throw error;
    return { failure };
  }
}

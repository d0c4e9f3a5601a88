import type { Failure } from '../../model/failure.ts';
import { exitCodes } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import { relay, type Session } from '../../model/runtime.ts';
import type { Service } from '../../model/service.ts';
import { hostingService } from '../../hosting/hosting-of.ts';
import { collectionOf } from '../../deployment/book/collection.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
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
import {
  isManaged,
  managedClusterResource,
  withManaged,
  type ManagedClusterState,
} from '../../interview/provisioning/managed-cluster.ts';
import { sessionFlow } from '../../interview/session-flow.ts';
import { retryableFailure } from '../../interview/retryable-failure.ts';
import { retryQuestion, type RetryState, cancelledLate } from '../retry-question.ts';
import { planIndexing, type IndexingInputs, type IndexingRun } from './plan-indexing.ts';
import type { PlaceOfCluster } from './journal-for-cluster.ts';

export type IndexState = BookInterviewState &
  ManagedClusterState &
  ConfirmationState &
  RetryState & {
    /** How many plans were made before this one. */
    attempt: number;
    run?: IndexingRun;
    result?: CommandResult;
  };

const services = ['gemini', 'qdrant', 'vercel'] as const;
const opened = ['book-location', 'managed-cluster'];
const checks = [...opened, ...services];

/** The keys of Gemini and Qdrant, the book, and the plan; then the run itself. */
export function indexFlow(
  session: Session,
  inputs: CommandInputs,
  placeOf: PlaceOfCluster,
): Flow<IndexState> {
  const isNeeded = (state: IndexState, service: Service): boolean =>
    service !== 'vercel' || isTokenAsked(state, placeOf);
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
    ...inPhase(
      'keys',
      credentialQuestions<IndexState>({
        services,
        isNeeded: (state, service) => isNeeded(state, service) && !(service === 'qdrant' && isManaged(state)),
        refusalsIn,
        after: opened,
      }),
    ),
    ...inPhase('targets', bookQuestions<IndexState>({ refusalsIn, after: checks })),
    ...inPhase('plan', [confirm]),
    ...inPhase('run', [
      retryQuestion<IndexState>({ after: ['index-plan', 'index-run'], retry: replan, replan }),
    ]),
  ];
  const isComplete = (state: IndexState): boolean =>
    state.book?.docsDir != null && names.every((name) => withManaged(state)[name] !== undefined);
  return {
    ...sessionFlow(session, {
      questions,
      refusalsIn,
      outline: {
        servicesIn: (state) => services.filter((service) => isNeeded(state, service)),
        targetsIn: ({ book }) => ({ book: book?.docsDir }),
      },
    }),
    initial: { ...interviewState(session, inputs), isConfirmed: false, hasStopped: false, attempt: 0 },
    resources: [
      ...bookResources<IndexState>({ session }),
      managedClusterResource<IndexState>(session, { inputs, isActive: () => true }),
      ...credentialChecks<IndexState>({
        session,
        inputs,
        services,
        isNeeded,
        isComplete,
        answersIn: withManaged,
      }),
      planResource(session, { inputs, placeOf }),
      runResource(session, confirm),
    ],
    onCancel: async ({ failure }) => (failure === undefined ? cancelledEarly() : cancelledLate(failure)),
  };
}

const names = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY'] as const;

/** The place that the collection of the address given belongs to; null without one. */
function placeIn(state: IndexState, placeOf: PlaceOfCluster): string | null {
  const address = withManaged(state).QDRANT_URL?.value.reveal() ?? '';
  return URL.canParse(address) ? placeOf(new URL(address).host) : null;
}

/** Vercel’s token, where a function has the book beside it. Without one, where no one can be asked, it keeps the old. */
function isTokenAsked(state: IndexState, placeOf: PlaceOfCluster): boolean {
  if (!state.isInteractive || state.answers.HOSTING_VERCEL_TOKEN !== undefined) return false;
  const space = placeIn(state, placeOf);
  return space !== null && hostingService({ target: { space } }) === 'vercel';
}

function replan(state: IndexState): IndexState {
  return { ...state, isConfirmed: false, attempt: state.attempt + 1 };
}

function planResource(session: Session, options: IndexingInputs): Resource<IndexState> {
  return {
    id: 'index-plan',
    key: (state) => {
      const { gemini, qdrant, vercel, book, answers, attempt } = state;
      const needed = isTokenAsked(state, options.placeOf) ? [gemini, qdrant, vercel] : [gemini, qdrant];
      const isReady = needed.every((probe) => probe?.verdict === 'accepted') && isBookKnown(state);
      return isReady
        ? [
            ...needed,
            book?.docsDir,
            answers.BOOK_BASE_URL,
            answers.BOOK_VERSIONS,
            answers.BOOK_LOCALES,
            attempt,
          ]
        : null;
    },
    load: (state) =>
      orFailure(session, {
        isInteractive: state.isInteractive,
        load: async () => ({ run: await planIndexing(session, { ...options, state }) }),
      }),
    release: async ({ run }) => run?.close(),
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

async function carryOut(session: Session, { context, plan, events }: IndexingRun): Promise<CommandResult> {
  await relay(events(), session.emit);
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

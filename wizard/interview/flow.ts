import { createFactStore, type FactStore, type Resource, type Snapshot } from './fact-store.ts';
import { Failure } from '../model/failure.ts';
import type { Phase } from '../model/display/outline.ts';
import type { Problem, Prompt, Reply } from '../model/question.ts';

type WithoutBack<P> = P extends { canGoBack: boolean } ? Omit<P, 'canGoBack'> : never;
/** A prompt as its question draws it. Whether Esc leads anywhere is decided by the flow. */
export type QuestionPrompt = WithoutBack<Prompt>;

/** A reply that answers. Esc and Ctrl-C are handled by the flow. */
export type AnswerReply = Exclude<Reply, { type: 'back' } | { type: 'cancel' }>;

/** One thing that may have to be asked. Pure: all it needs is in the state. */
export type FlowQuestion<S> = {
  id: string;
  /** The part of the run that it belongs to. */
  phase?: Phase;
  /** Ids of the resources to wait for before it is known whether this is open. */
  after?: readonly string[];
  isOpen(state: S): boolean;
  /** Ids of resources that answer it: once they are loaded it leaves the screen, as if it was accepted. */
  until?: readonly string[];
  prompt(state: S): QuestionPrompt;
  answer(state: S, reply: AnswerReply): S | Problem;
  /** False for a question that Esc, pressed at a later one, does not return to. */
  isRevisited?: boolean;
  /** Why a run that can ask no one ends here. Without it the question counts as missing input. */
  failure?(state: S): Failure | null;
};

/** What is put to the user, and the question and state that it comes from. */
export type FlowRequest<S> = {
  prompt: Prompt;
  question: FlowQuestion<S>;
  state: S;
  /** Takes it off the screen. */
  signal: AbortSignal;
};

/** How a state is taken back. */
export type FlowHistory<S> = {
  /** The earlier state, with what the user entered later kept as defaults. */
  takeBack(earlier: S, later: S): S;
  /** The states between two: a paste may answer several questions, and Esc takes them back one by one. */
  between(before: S, after: S): readonly S[];
};

export type Flow<S> = {
  initial: S;
  /** In the order in which they are asked. */
  questions: readonly FlowQuestion<S>[];
  /** In an order in which each depends on earlier ones only. */
  resources?: readonly Resource<S>[];
  ask(request: FlowRequest<S>): Promise<Reply>;
  signal: AbortSignal;
  /** True where Esc at the first question leads somewhere: the flow then ends with null. */
  canLeave?: boolean;
  /** Called before each question is asked, and with null before a wait. */
  onMove?(state: S, question: FlowQuestion<S> | null): void;
  history?: FlowHistory<S>;
  /** Called after each reply that was accepted, before anything else happens. */
  onAnswer?(before: S, after: S): void;
  /** The Failure to throw on Ctrl-C. */
  onCancel?(state: S): Promise<Failure>;
};

/**
 * The only prompt loop: asks the first open question until none is open. The history is a stack of states, and going
 * back pops it. Facts are loaded beside the questions and dropped when the answers that they depend on change.
 *
 * @returns the final state, whose resources are now the caller's to release; null when the user backed out of the
 *   first question.
 * @throws Failure `cancelled`, and whatever a resource throws.
 */
export async function runFlow<S extends object>(flow: Flow<S>): Promise<S | null> {
  const facts = createFactStore(flow);
  const past: S[] = [];
  let state = flow.initial;
  let problem: Problem | null = null;
  let result: S | null = null;
  try {
    for (;;) {
      flow.signal.throwIfAborted();
      const snapshot = await facts.load(state);
      const { view } = snapshot;
      const next = nextMove(flow, snapshot);
      flow.onMove?.(view, next.type === 'ask' ? next.question : null);
      if (next.type === 'wait') {
        await Promise.all(next.pending);
        continue;
      }
      if (next.type === 'done') return (result = view);
      const { question } = next;
      const target = earlierQuestion(flow, facts, { past, current: question });
      const canGoBack = target > 0 || flow.canLeave === true;
      const prompt = draw(question.prompt(view), { problem, canGoBack });
      const awaited = question.until === undefined ? [] : snapshot.pending(question.until);
      const reply = await askUntil(flow, { prompt, question, state: view }, awaited);
      // What was loaded while the question was on screen counts.
      const current = facts.view(state);
      if (reply.type === 'cancel') throw (await flow.onCancel?.(current)) ?? cancelledEarly();
      problem = null;
      if (reply.type === 'back') {
        const earlier = past[target - 1];
        if (earlier === undefined) return null;
        past.length = target - 1;
        state = flow.history?.takeBack(earlier, current) ?? earlier;
        continue;
      }
      const answered = question.answer(current, reply);
      if (isProblem(answered)) {
        problem = answered;
        continue;
      }
      flow.onAnswer?.(current, answered);
      if (question.isRevisited !== false)
        past.push(state, ...(flow.history?.between(current, answered) ?? []));
      state = answered;
    }
  } finally {
    if (result === null) await facts.release();
  }
}

/** The reply, or `accept` once all that is awaited has arrived. */
async function askUntil<S>(
  flow: Flow<S>,
  request: Omit<FlowRequest<S>, 'signal'>,
  awaited: readonly Promise<unknown>[],
): Promise<Reply> {
  if (awaited.length === 0) return flow.ask({ ...request, signal: flow.signal });
  const arrival = new AbortController();
  const arrived = Promise.all(awaited).finally(() => arrival.abort());
  // Its error is thrown below, unless the user was quicker.
  arrived.catch(() => undefined);
  const reply = await flow.ask({ ...request, signal: AbortSignal.any([flow.signal, arrival.signal]) });
  if (!arrival.signal.aborted || flow.signal.aborted) return reply;
  await arrived;
  return { type: 'accept' };
}

/** The questions as part of a phase. */
export function inPhase<S>(phase: Phase, questions: readonly FlowQuestion<S>[]): FlowQuestion<S>[] {
  return questions.map((question) => ({ ...question, phase }));
}

type Move<S> =
  | { type: 'ask'; question: FlowQuestion<S> }
  | { type: 'wait'; pending: Promise<unknown>[] }
  | { type: 'done' };

function nextMove<S extends object>(flow: Flow<S>, { view, pending: pendingOf }: Snapshot<S>): Move<S> {
  for (const question of flow.questions) {
    const pending = pendingOf(question.after ?? []);
    if (pending.length > 0) return { type: 'wait', pending };
    if (question.isOpen(view)) return { type: 'ask', question };
  }
  const pending = pendingOf();
  return pending.length > 0 ? { type: 'wait', pending } : { type: 'done' };
}

/** How many states remain up to the last one that asks something else than the current question; 0 if none does. */
function earlierQuestion<S extends object>(
  flow: Flow<S>,
  facts: FactStore<S>,
  { past, current }: { past: readonly S[]; current: FlowQuestion<S> },
): number {
  const openIn = (state: S): FlowQuestion<S> | undefined => {
    const view = facts.view(state);
    return flow.questions.find((question) => question.isOpen(view));
  };
  return past.findLastIndex((state) => openIn(state) !== current) + 1;
}

function draw(prompt: QuestionPrompt, options: { problem: Problem | null; canGoBack: boolean }): Prompt {
  const { problem, canGoBack } = options;
  if (prompt.type === 'value' && problem !== null) return { ...prompt, problem, canGoBack };
  return { ...prompt, canGoBack };
}

function isProblem(answered: object): answered is Problem {
  return 'message' in answered && 'remedy' in answered;
}

/** The user, or a signal, ended the run before anything was changed, but for what was made for it. */
export function cancelledEarly(made: readonly string[] = []): Failure {
  const message =
    made.length === 0
      ? 'Cancelled; nothing was changed.'
      : `Cancelled; nothing was deployed. Kept for the next run in this folder: ${made.join(' and ')} made for it.`;
  return new Failure({
    kind: 'cancelled',
    code: 'cancelled',
    message,
    remedy: 'Run npx rag-space-setup again whenever you like.',
  });
}

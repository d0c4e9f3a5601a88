import { Failure } from '../model/failure.ts';
import type { Choice } from '../model/question.ts';
import type { RunContext } from '../deployment/context.ts';
import { hostingOf } from '../hosting/hosting-of.ts';
import { onVercel } from '../interview/credentials/free-plan.ts';
import type { FlowQuestion } from '../interview/flow.ts';

/** Done before the steps run again. */
export type Recovery = (context: RunContext) => Promise<void>;

const rebuild: Recovery = (context) => hostingOf(context).rebuild();

/** What one key does about a failure. A step that finds a failed build or a stopped server restarts it by itself. */
const remedies: Readonly<Record<string, { label: string; recovery?: Recovery }>> = {
  'space-build-failed': { label: 'Build it from scratch and go on' },
  'space-crashed': { label: 'Start it again and go on' },
  'function-protected': {
    label: 'Let everybody reach it (Standard Protection) and go on',
    recovery: async (context) => hostingOf(context).openToReaders?.(),
  },
  'space-stuck': { label: 'Factory rebuild and go on', recovery: rebuild },
};

/** Of a flow whose run may fail. */
export type RetryState = {
  /** Why the run failed, where it can be tried again. */
  failure?: Failure;
  /** The user leaves it at the failure. */
  hasStopped: boolean;
};

/** After a failure: try again, or stop. No key has to be entered twice. */
export function retryQuestion<S extends RetryState>(options: {
  after: readonly string[];
  /** The state that runs the steps again. */
  retry(state: S, recovery: Recovery | null): S;
  /** The state that makes a new plan. */
  replan(state: S): S;
  /** The state of a run whose server goes to Vercel. */
  moveToVercel?(state: S): S;
  /** A new plan that helps, where there is one: the first way on. */
  betterPlan?(state: S): { label: string; note: string } | null;
}): FlowQuestion<S> {
  const { after, retry, replan, moveToVercel, betterPlan } = options;
  return {
    id: 'second-try',
    after,
    isRevisited: false,
    isOpen: ({ failure, hasStopped }) => failure !== undefined && !hasStopped,
    prompt: (state) => ({
      type: 'choice',
      name: 'second-try',
      title: 'What now?',
      // The first choice does what the remedy says of the next run.
      lines: [(state.failure?.remedy ?? '').replace(/^Run again: it /, 'The next try ')],
      choices: [
        ...betterPlanChoice(betterPlan?.(state) ?? null),
        state.failure === undefined
          ? { value: 'retry', label: 'Try again', note: null }
          : firstChoice(state.failure),
        ...(state.failure?.code === 'free-plan' && moveToVercel !== undefined ? [onVercel] : []),
        { value: 'stop', label: 'Stop here', note: 'nothing is rolled back' },
      ],
    }),
    answer: (state, reply) => {
      if (reply.type !== 'choice' || reply.value === 'stop') return { ...state, hasStopped: true };
      if (reply.value === 'again') return replan(state);
      if (reply.value === 'vercel') return replan(moveToVercel?.(state) ?? state);
      return retry(state, remedies[state.failure?.code ?? '']?.recovery ?? null);
    },
  };
}

function betterPlanChoice(better: { label: string; note: string } | null): Choice[] {
  return better === null ? [] : [{ value: 'again', ...better }];
}

/** To try again helps where a service did not answer; after any other failure, once its cause is removed. */
function retryLabel({ kind, remedy }: Failure): string {
  const isTransient = kind === 'unreachable' || /^(?:Run|Try) again|^Wait\b/.test(remedy);
  return isTransient ? 'Try again' : 'I have done that: try again';
}

function firstChoice(failure: Failure): Choice {
  const { code } = failure;
  if (code === 'plan-outdated') return { value: 'again', label: 'Show me the new plan', note: null };
  const label = remedies[code]?.label ?? retryLabel(failure);
  return { value: 'retry', label, note: 'resumes where it stopped; no key is asked for' };
}

/** The user ended the run after a failure: what was created until then is kept. */
export function cancelledLate(cause: Failure): Failure {
  return new Failure({
    kind: 'cancelled',
    code: 'cancelled',
    message: 'Cancelled; nothing was rolled back.',
    remedy: 'Run the same command again: it resumes where it stopped.',
    cause,
  });
}

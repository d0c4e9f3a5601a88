import type { Session } from '../../model/runtime.ts';
import type { FlowQuestion } from '../../interview/flow.ts';
import { refusedCredentials, type Refusals } from '../../interview/interview-state.ts';
import { refusedNeonKey } from '../../interview/provisioning/create-postgres.ts';
import { refusedManagementKey } from '../../interview/provisioning/create-qdrant.ts';
import { refusedBook } from '../../interview/targets/book-questions.ts';
import { refusedTargets } from '../../interview/targets/target-state.ts';
import { retryableFailure } from '../../interview/retryable-failure.ts';
import type { DeployState } from './deploy-state.ts';

/** Refusals that are about the Space's name, and what to enter instead. */
const spaceRemedies: Readonly<Record<string, string>> = {
  'space-taken':
    'Type another OWNER/NAME; or type this one, if it is your own Docker Space, to take it over.',
  'space-not-docker': 'Type another OWNER/NAME.',
  'space-private': 'Make it public in its settings and type it again, or type another OWNER/NAME.',
  'space-owner-unknown':
    'Type a Space of an owner that this token may write to, or press Esc to change the token.',
  'space-locked': 'Wait for that run to end and type it again, or type another OWNER/NAME.',
  'free-plan': 'Type a Docker Space that you have, or one of an owner with a plan.',
};

/** The remedy of a refused plan that another name for the Space can heal; null for any other. */
function spaceRemedy({ mode, planFailure }: DeployState): string | null {
  return mode?.type === 'create' ? (spaceRemedies[planFailure?.code ?? ''] ?? null) : null;
}

/** The answers that were refused: by a service, by what they name, or by the plan. */
export function refusalsInDeployment(state: DeployState): Refusals {
  const { planFailure } = state;
  const remedy = spaceRemedy(state);
  return {
    ...refusedCredentials(state),
    ...refusedTargets(state),
    ...refusedNeonKey(state),
    ...refusedManagementKey(state),
    ...refusedBook(state),
    ...(planFailure !== undefined &&
      remedy !== null && { HF_SPACE: { message: planFailure.message, remedy, canRetry: false } }),
  };
}

/** A failure of the plan as a fact, where the user can be asked about it; throws any other. */
export async function orPlanFailure(
  session: Session,
  { state, load }: { state: DeployState; load: () => Promise<Partial<DeployState>> },
): Promise<Partial<DeployState>> {
  try {
    return await load();
  } catch (error) {
    const planFailure = retryableFailure(session, { isInteractive: state.isInteractive, error });
    if (planFailure === null) throw error;
    const { message, remedy } = planFailure;
    if (spaceRemedy({ ...state, planFailure }) === null)
      session.emit({ type: 'notice', code: 'not-planned', message, remedy });
    return { planFailure };
  }
}

/** A plan that failed for another reason than the Space's name can be tried again with the same answers. */
export function planAgainQuestion(after: readonly string[]): FlowQuestion<DeployState> {
  return {
    id: 'not-planned',
    after,
    isRevisited: false,
    isOpen: (state) => state.planFailure !== undefined && spaceRemedy(state) === null,
    prompt: () => ({
      type: 'choice',
      name: 'not-planned',
      title: 'So there is no plan yet; nothing was changed.',
      lines: [],
      choices: [{ value: 'again', label: 'Try again', note: 'with the same answers' }],
    }),
    answer: (state) => planAgain(state),
  };
}

export function planAgain(state: DeployState): DeployState {
  return {
    ...state,
    planAttempt: state.planAttempt + 1,
    runAttempt: 0,
    recovery: null,
    isConfirmed: false,
  };
}

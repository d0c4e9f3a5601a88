import { Failure } from '../model/failure.ts';
import type { Plan } from '../model/run/plan.ts';
import type { FlowQuestion } from './flow.ts';

/** Of a flow that ends with a plan. */
export type ConfirmationState = { isInteractive: boolean; isConfirmed: boolean };

/**
 * Nothing changes before the plan is accepted: here, or with `--yes`. A plan without a change needs no consent where no
 * one can be asked; one with a change then ends the run with Failure `confirmation-missing`.
 */
export function confirmPlanQuestion<S extends ConfirmationState>(options: {
  planIn(state: S): Plan | null;
  hasYes: boolean;
  after: readonly string[];
}): FlowQuestion<S> {
  const { planIn, hasYes, after } = options;
  return {
    id: 'confirm-plan',
    after,
    isRevisited: false,
    isOpen: (state) => {
      const plan = planIn(state);
      if (plan === null || state.isConfirmed || hasYes) return false;
      return state.isInteractive || plan.changes.some(({ kind }) => kind !== 'unchanged');
    },
    prompt: (state) => {
      const plan = planIn(state);
      if (plan === null) throw new Error('There is no plan to accept.');
      return { type: 'confirm-plan', plan };
    },
    answer: (state, reply) => ({ ...state, isConfirmed: reply.type === 'accept' }),
    failure: () =>
      new Failure({
        kind: 'input-missing',
        code: 'confirmation-missing',
        message: 'The plan was not accepted, and the run is not interactive.',
        remedy: 'Add --yes to accept the plan, or run it in a terminal.',
      }),
  };
}

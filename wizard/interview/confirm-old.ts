import { Failure } from '../model/failure.ts';
import type { Plan } from '../model/run/plan.ts';
import { cancelledEarly } from './cancelled.ts';
import type { Session } from '../model/runtime.ts';

/**
 * Nothing changes before this returns. Throws Failure `confirmation-missing`, or cancelled when the person says no.
 */
export async function confirm(session: Session, plan: Plan): Promise<void> {
  const answer = await ask(session, { plan, canGoBack: false });
  if (answer !== 'yes') throw cancelledEarly();
}

/** As `confirm`; false when the person goes back to the questions. */
export async function isConfirmed(session: Session, plan: Plan): Promise<boolean> {
  const answer = await ask(session, { plan, canGoBack: true });
  if (answer === 'cancelled') throw cancelledEarly();
  return answer === 'yes';
}

/** A plan without a change needs nobody's consent where nobody can be asked. */
async function ask(
  { flags, renderer, runtime }: Session,
  { plan, canGoBack }: { plan: Plan; canGoBack: boolean },
): Promise<'yes' | 'back' | 'cancelled'> {
  if (flags.yes) return 'yes';
  if (!renderer.canAsk) {
    if (plan.changes.every(({ kind }) => kind === 'unchanged')) return 'yes';
    throw new Failure({
      kind: 'input-missing',
      code: 'confirmation-missing',
      message: 'The plan was not accepted, and nobody can be asked.',
      remedy: 'Add --yes to accept the plan, or run it in a terminal.',
    });
  }
  const { type } = await renderer.ask({ type: 'confirm-plan', plan, canGoBack }, { signal: runtime.signal });
  if (type === 'accept') return 'yes';
  return type === 'back' ? 'back' : 'cancelled';
}

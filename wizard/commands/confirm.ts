import { Failure } from '../model/failure.ts';
import type { Plan } from '../model/plan.ts';
import { cancelledEarly } from './cancelled.ts';
import type { Session } from './world.ts';

/**
 * Nothing changes before this returns. A plan without a change needs nobody's consent where nobody can be asked.
 * Throws Failure `confirmation-missing` or cancelled.
 */
export async function confirm(session: Session, plan: Plan): Promise<void> {
  const { flags, renderer, world } = session;
  if (flags.yes) return;
  if (!renderer.canAsk) {
    if (plan.changes.every(({ kind }) => kind === 'unchanged')) return;
    throw new Failure({
      kind: 'input-missing',
      code: 'confirmation-missing',
      message: 'The plan was not accepted, and nobody can be asked.',
      remedy: 'Add --yes to accept the plan, or run it in a terminal.',
    });
  }
  const reply = await renderer.ask(
    { type: 'confirm-plan', plan, canGoBack: false },
    { signal: world.signal },
  );
  if (reply.type !== 'accept') throw cancelledEarly();
}

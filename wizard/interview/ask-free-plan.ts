import type { FreePlanAlternatives } from '../model/credential.ts';
import type { Session } from '../model/runtime.ts';
import { refuse, takeBack, type Interview } from './ask.ts';
import { cancelledEarly } from './cancelled.ts';
import type { CheckFailure } from './checks.ts';
import { freePlanScreen, hostedElsewhere } from './free-plan.ts';

/**
 * Puts the ways on, and takes the one that is chosen in; `back` leads to the question before. Throws Failure
 * `hosted-elsewhere` or cancelled.
 */
export async function askFreePlan(
  { renderer, runtime }: Session,
  { state, refusal, ways }: { state: Interview; refusal: CheckFailure; ways: FreePlanAlternatives },
): Promise<'again' | 'back'> {
  const space = state.answers.HF_SPACE?.value ?? null;
  const screen = { ...freePlanScreen(ways, space), canGoBack: true };
  const reply = await renderer.ask(screen, { signal: runtime.signal });
  if (reply.type === 'back') return 'back';
  if (reply.type !== 'choice') throw cancelledEarly();
  if (reply.value === 'elsewhere') throw hostedElsewhere();
  if (reply.value === 'token') {
    takeBack(state, 'HF_TOKEN');
    if (state.answers.HF_SPACE?.source === 'chosen') delete state.answers.HF_SPACE;
    const { message, remedy } = refusal;
    refuse(state, 'HF_TOKEN', { message, remedy });
  }
  const [, chosen] = /^space (.+)$/.exec(reply.value) ?? [];
  if (chosen !== undefined) state.answers.HF_SPACE = { value: chosen, source: 'chosen', cleaned: [] };
  return 'again';
}

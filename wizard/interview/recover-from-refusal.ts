import { Failure } from '../model/failure.ts';
import { refuse } from './ask.ts';
import { cancelledEarly } from './cancelled.ts';
import type { Ongoing } from './collect-credentials.ts';
import type { Session } from '../model/runtime.ts';

/** Refusals that blame the Space's name, and what to type instead. */
const atItsName: Readonly<Record<string, string>> = {
  'space-taken':
    'Type another OWNER/NAME; or type this one, if it is your own Docker Space, to take it over.',
  'space-not-docker': 'Type another OWNER/NAME.',
  'space-private': 'Make it public in its settings and type it again, or type another OWNER/NAME.',
  'space-owner-unknown':
    'Type a Space of an owner that this token may write to, or press Esc to change the token.',
  'space-locked': 'Wait for that run to end and type it again, or type another OWNER/NAME.',
  'free-plan': 'Type a Docker Space that you have, or one of an owner with a plan.',
};

/**
 * What hindered the plan is no end for a person whose keys were all accepted: a Space that will not do is asked for
 * again, with the reason above its field; anything else can be tried again, or gone back from. Throws what is
 * nobody's to mend, and cancelled.
 */
export async function reconsider(
  { renderer, runtime, emit }: Session,
  of: { error: unknown; ongoing: Ongoing | null; /** The Space is still open. */ mayRename: boolean },
): Promise<'again' | 'back'> {
  const { error, ongoing, mayRename } = of;
  const isTold = error instanceof Failure && error.kind !== 'bug' && error.kind !== 'cancelled';
  if (!isTold || ongoing === null || runtime.signal.aborted) throw error;
  const { code, message, remedy } = error;
  const atName = atItsName[code];
  if (mayRename && atName !== undefined) {
    refuse(ongoing.state, 'HF_SPACE', { message, remedy: atName });
    return 'again';
  }
  emit({ type: 'notice', code: 'not-planned', message, remedy });
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'not-planned',
      title: 'So there is no plan yet; nothing was changed.',
      lines: [],
      choices: [{ value: 'again', label: 'Try again', note: 'with the same answers' }],
      canGoBack: true,
    },
    { signal: runtime.signal },
  );
  if (reply.type === 'cancel') throw cancelledEarly();
  return reply.type === 'back' ? 'back' : 'again';
}

import { Failure } from '../model/failure.ts';
import type { Choice } from '../model/question.ts';
import { hubOf } from '../hosting/space/space-access.ts';
import type { Recovery } from './retry-question.ts';
import type { Session } from '../model/runtime.ts';

const rebuild: Recovery = (context) => hubOf(context).restart(context.target.space, { factory: true });

/** What one key does about a failure. A step that finds a failed build or a stopped server begins it anew by itself. */
const remedies: Readonly<Record<string, { label: string; first?: Recovery }>> = {
  'space-build-failed': { label: 'Build it from scratch and go on' },
  'space-crashed': { label: 'Start it again and go on' },
  'space-stuck': { label: 'Factory rebuild and go on', first: rebuild },
};

type Next = {
  /**
   * `retry` from what stands with the same keys; `again` with a new plan of the same answers; `back` to the answers;
   * else to the end of the run.
   */
  way: 'retry' | 'again' | 'back' | 'stop' | 'cancel';
  first?: Recovery | null;
};

/** After a step that failed, the way on for a person who sits there: no key has to be given twice. */
export async function offerRetry({ renderer, flags, runtime }: Session, error: unknown): Promise<Next> {
  const isTold = error instanceof Failure && error.kind !== 'bug' && error.kind !== 'cancelled';
  if (!isTold || !renderer.canAsk || flags.yes || runtime.signal.aborted) return { way: 'stop' };
  const { label, first = null } = remedies[error.code] ?? { label: 'Try again' };
  const onwards: Choice =
    error.code === 'plan-outdated'
      ? { value: 'again', label: 'Show me the new plan', note: null }
      : { value: 'retry', label, note: 'from what stands; no key is asked for' };
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'second-try',
      title: 'What now?',
      // What it would say of the next run is what the first choice does now.
      lines: [error.remedy.replace(/^Run again: it /, 'The next try ')],
      choices: [onwards, { value: 'stop', label: 'Stop here', note: 'what was made stands' }],
      canGoBack: true,
    },
    { signal: runtime.signal },
  );
  if (reply.type === 'back' || reply.type === 'cancel') return { way: reply.type };
  if (reply.type !== 'choice' || reply.value === 'stop') return { way: 'stop' };
  return reply.value === 'again' ? { way: 'again' } : { way: 'retry', first };
}

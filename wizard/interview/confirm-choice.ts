import type { Session } from '../model/runtime.ts';
import { cancelledEarly, runFlow } from './flow.ts';
import { inputMissing } from './input-missing.ts';
import { askUser } from './session-flow.ts';

/** Asks whether to do what the lines say; `--yes` does it. Throws Failure `input-missing` or cancelled. */
export async function confirmChoice(
  session: Session,
  { title, lines, yes, no }: { title: string; lines: readonly string[]; yes: string; no: string },
): Promise<boolean> {
  const { flags, renderer, runtime } = session;
  if (flags.yes) return true;
  if (!renderer.canAsk)
    throw inputMissing(
      session,
      [{ name: 'confirmation', flag: '--yes', env: '--yes' }],
      `Give --yes to do it: ${yes}.`,
    );
  const final = await runFlow<{ choice: string | null }>({
    initial: { choice: null },
    questions: [
      {
        id: 'confirmation',
        isOpen: ({ choice }) => choice === null,
        prompt: () => ({
          type: 'choice',
          name: 'confirmation',
          title,
          lines,
          choices: [
            { value: 'no', label: no, note: null },
            { value: 'yes', label: yes, note: null },
          ],
        }),
        answer: (state, reply) => (reply.type === 'choice' ? { choice: reply.value } : state),
      },
    ],
    ask: askUser(session),
    signal: runtime.signal,
  });
  if (final === null) throw cancelledEarly();
  return final.choice === 'yes';
}

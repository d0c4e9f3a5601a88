import type { Answers } from '../model/answers.ts';
import { questions } from '../model/question.ts';
import { cancelledEarly } from './cancelled.ts';
import type { Session } from './world.ts';

/**
 * The first screen: what will be asked and that nothing changes yet. In a rehearsal the stand-ins' keys may be
 * used as they are, or offered one question at a time.
 */
export async function greet(
  session: Session,
  given: Answers,
): Promise<{ answers: Answers; proposals: Answers }> {
  const { renderer, flags, world } = session;
  if (!renderer.canAsk || flags.yes) return { answers: given, proposals: {} };
  const { signal } = world;
  const known = questions.filter((question) => given[question.name] !== undefined);
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'start',
      title: 'Your book’s chat assistant, live on a Hugging Face Space',
      lines: [
        'Needs keys of Hugging Face, Vercel, Gemini, Qdrant and Postgres.',
        'Each is tried live and kept only in your Space. Paste a .env any time.',
        'Nothing changes before you accept a plan.',
      ],
      choices: world.rehearsal
        ? [
            { value: 'use', label: 'Rehearse with the stand-ins’ keys', note: null },
            { value: 'each', label: 'Go through every question', note: 'each key is offered' },
          ]
        : [
            {
              value: 'use',
              label:
                known.length === 0 ? 'Begin' : `Begin; ${known.length} values come from your environment`,
              note: null,
            },
            ...(known.length === 0
              ? []
              : [{ value: 'each', label: 'Begin, but offer me each of them', note: null }]),
          ],
      canGoBack: false,
    },
    { signal },
  );
  if (reply.type === 'cancel') throw cancelledEarly();
  if (reply.type === 'choice' && reply.value === 'each') return { answers: {}, proposals: given };
  return { answers: given, proposals: {} };
}

import { Failure } from '../model/failure.ts';
import type { FreePlanAlternatives } from '../model/credential.ts';
import type { Choice, Prompt } from '../model/question.ts';
import { refuse, takeBack, type Interview } from './ask.ts';
import { cancelledEarly } from './cancelled.ts';
import type { CheckFailure } from './checks.ts';
import type { Session } from '../model/runtime.ts';

const upgradePage = 'https://huggingface.co/pro';
/** So that the screen stays whole in a small window. */
const mostSpaces = 3;

/** The ways on for an owner whose plan makes no Docker Spaces. */
export function freePlanScreen(
  ways: FreePlanAlternatives,
  { space, canGoBack }: { space: string | null; canGoBack: boolean },
): Extract<Prompt, { type: 'choice' }> {
  const { adoptable, hidden, owners } = ways;
  const name = space?.split('/').at(-1);
  return {
    type: 'choice',
    name: 'free-plan',
    // What is wrong stands above: the check has said it.
    title: 'How to go on without a paid plan?',
    lines: hidden
      .slice(0, mostSpaces)
      .map((id) => `${id} is private: readers could not reach it. Make it public to reuse it.`),
    choices: [
      ...adoptable.slice(0, mostSpaces).map((id): Choice => {
        return {
          value: `space ${id}`,
          label: `Reuse ${id}`,
          note: 'the plan names what is overwritten; the rest stays',
        };
      }),
      ...owners.map((owner): Choice => {
        const label = `Create it under ${owner}`;
        return { value: name === undefined ? 'again' : `space ${owner}/${name}`, label, note: 'has a plan' };
      }),
      { value: 'token', label: 'Another token', note: 'of an organisation with a plan, say' },
      { value: 'again', label: 'I upgraded, check again', note: upgradePage.replace('https://', '') },
      {
        value: 'elsewhere',
        label: 'Host the server elsewhere',
        note: 'export it, then go on with --api-url',
      },
    ],
    canGoBack,
  };
}

/**
 * Puts the ways on, and takes the one that is chosen in; `back` leads to the question before. Throws Failure
 * `hosted-elsewhere` or cancelled.
 */
export async function askFreePlan(
  { renderer, runtime }: Session,
  { state, refusal, ways }: { state: Interview; refusal: CheckFailure; ways: FreePlanAlternatives },
): Promise<'again' | 'back'> {
  const space = state.answers.HF_SPACE?.value ?? null;
  const screen = freePlanScreen(ways, { space, canGoBack: true });
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

function hostedElsewhere(): Failure {
  return new Failure({
    kind: 'rejected',
    code: 'hosted-elsewhere',
    service: 'huggingface',
    message: 'The server goes to another host; nothing was changed.',
    remedy:
      'Write it to a folder: npx rag-space-setup export server\n' +
      'Run it there, then index the book and wire the frontend: npx rag-space-setup --api-url ADDRESS',
  });
}

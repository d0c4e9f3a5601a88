import type { Answers } from '../../model/answers.ts';
import { Failure } from '../../model/failure.ts';
import type { JournalEntry } from '../../model/run/journal.ts';
import { misplacedKey } from '../../model/formats/misplaced-key.ts';
import { listJournals, readJournal } from '../../run/journal-file.ts';
import { runFlow, type FlowQuestion, cancelledEarly } from '../flow.ts';
import { functionPlace, isVercelPlace, parseFunctionPlace } from '../../model/formats/function-place.ts';
import { inputMissing, missingAnswer } from '../input-missing.ts';
import { askUser } from '../session-flow.ts';
import type { Session } from '../../model/runtime.ts';

/** A Space and its journal entries on this machine; none where it was created on another. */
export type KnownSpace = { space: string; entries: readonly JournalEntry[] };

/**
 * The Space that a command works on: the one named on the command line or in the environment, else the only one that
 * this machine knows, else the user's choice. Throws Failure `space-name-invalid` (usage), `input-missing`, or cancelled.
 */
export async function chooseSpace(session: Session, answers: Answers): Promise<KnownSpace> {
  const { runtime, renderer, flags } = session;
  const { stateDir, signal } = runtime;
  const name = answers.HF_SPACE?.value;
  if (name !== undefined) {
    if (!/^[\w.-]+\/[\w.-]+$/.test(name)) throw invalidName(name);
    return (await readJournal({ stateDir, space: name })) ?? { space: name, entries: [] };
  }
  const spaces = (await listJournals({ stateDir })).filter(({ space }) => isWantedPlace(space, flags));
  const [only] = spaces;
  if (only !== undefined && spaces.length === 1) return only;
  const place = only === undefined ? namedFunction(flags) : null;
  if (place !== null) return { space: place, entries: [] };
  if (only === undefined || !renderer.canAsk || flags.yes) {
    const names = spaces.map(({ space }) => space).join(', ');
    const remedy = names === '' ? undefined : `This machine knows ${names}: name one with --space.`;
    throw inputMissing(session, [missingAnswer('HF_SPACE')], remedy);
  }
  const final = await runFlow<ChoiceState>({
    initial: { chosen: null },
    questions: [spaceQuestion(spaces)],
    ask: askUser(session),
    signal,
  });
  if (final === null) throw cancelledEarly();
  return spaces.find(({ space }) => space === final.chosen) ?? only;
}

/** The Vercel project that the flags name, which another machine deployed; the token says whose it is without a team. */
export function namedFunction({ hosting, hostingProject, hostingTeam }: Session['flags']): string | null {
  if (hosting !== 'vercel' || hostingProject === null) return null;
  return functionPlace({ account: hostingTeam ?? 'me', isTeam: hostingTeam !== null, name: hostingProject });
}

/** Whether the flags leave a place that this machine knows. */
export function isWantedPlace(
  place: string,
  { hosting, hostingProject, hostingTeam }: Session['flags'],
): boolean {
  if (place.startsWith('elsewhere/')) return false;
  if (!isVercelPlace(place)) return hosting !== 'vercel' && hostingProject === null;
  const { account, name } = parseFunctionPlace(place);
  if (hosting === 'space' || (hostingProject !== null && hostingProject !== name)) return false;
  return hostingTeam === null || hostingTeam === account;
}

type ChoiceState = { chosen: string | null };

function spaceQuestion(spaces: readonly KnownSpace[]): FlowQuestion<ChoiceState> {
  return {
    id: 'HF_SPACE',
    isOpen: ({ chosen }) => chosen === null,
    prompt: () => ({
      type: 'choice',
      name: 'HF_SPACE',
      title: 'Which Space?',
      lines: [],
      choices: spaces.map(({ space }) => ({ value: space, label: space, note: null })),
    }),
    answer: (state, reply) => (reply.type === 'choice' ? { chosen: reply.value } : state),
  };
}

function invalidName(raw: string): Failure {
  const stray = misplacedKey(raw);
  return new Failure({
    kind: 'usage',
    code: 'space-name-invalid',
    message:
      stray === null
        ? `“${raw.slice(0, 100)}” is not the name of a Space.`
        : `The name of the Space looks like ${stray}.`,
    remedy: 'Give --space OWNER/NAME (or HF_SPACE), for example ana/book-chat.',
    service: 'huggingface',
  });
}

import type { Answers } from '../model/answers.ts';
import { Failure } from '../model/failure.ts';
import type { JournalEntry } from '../model/run/journal.ts';
import { misplacedKey } from '../model/formats/misplaced-key.ts';
import { listJournals, readJournal } from '../run/journal-file.ts';
import { cancelledEarly } from './cancelled.ts';
import { inputMissing } from './input-missing.ts';
import { missing } from './targets.ts';
import type { Session } from '../model/runtime.ts';

/** A Space that stands, and what this machine’s journal says of it: nothing, where it was made on another. */
export type KnownSpace = { space: string; entries: readonly JournalEntry[] };

/**
 * The Space that a command is about: the one that is named, else the only one this machine knows, else the one
 * that is chosen. Throws Failure `space-name-invalid` (usage), `input-missing`, or cancelled.
 */
export async function chooseSpace(session: Session, answers: Answers): Promise<KnownSpace> {
  const { runtime, renderer, flags } = session;
  const { stateDir, signal } = runtime;
  const named = answers.HF_SPACE?.value;
  if (named !== undefined) {
    if (!/^[\w.-]+\/[\w.-]+$/.test(named)) throw notAName(named);
    return (await readJournal({ stateDir, space: named })) ?? { space: named, entries: [] };
  }
  const known = (await listJournals({ stateDir })).filter(({ space }) => !space.startsWith('elsewhere/'));
  const [only] = known;
  if (only !== undefined && known.length === 1) return only;
  if (only === undefined || !renderer.canAsk || flags.yes) {
    const names = known.map(({ space }) => space).join(', ');
    const remedy = names === '' ? undefined : `This machine knows ${names}: name one with --space.`;
    throw inputMissing(session, [missing('HF_SPACE')], remedy);
  }
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'HF_SPACE',
      title: 'Which Space?',
      lines: [],
      choices: known.map(({ space }) => ({ value: space, label: space, note: null })),
      canGoBack: false,
    },
    { signal },
  );
  if (reply.type !== 'choice') throw cancelledEarly();
  return known.find(({ space }) => space === reply.value) ?? only;
}

function notAName(raw: string): Failure {
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

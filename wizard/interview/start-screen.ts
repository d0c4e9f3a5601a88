import { parsePaste } from '../paste/parse-paste.ts';
import type { AnswerName, Answers } from '../model/answers.ts';
import { questions, type Choice } from '../model/question.ts';
import { serviceTitles, type Service } from '../model/service.ts';
import { giveAnswer, sayTaken, shownValue } from './ask.ts';
import { cancelledEarly } from './cancelled.ts';
import { locateBookFor } from './targets.ts';
import type { CommandInputs } from '../deployment/command-inputs.ts';
import { testDetected, type Start } from './test-detected.ts';
import type { Session } from '../model/runtime.ts';

/**
 * The first screen: what will be asked, what was found on this machine, and that nothing changes yet. A found
 * value is used only when the person says so, here or at its question.
 */
export async function showStartScreen(
  session: Session,
  {
    opening,
    services,
    canGoBack,
  }: { opening: CommandInputs; services: readonly Service[]; canGoBack: boolean },
): Promise<Start | 'back'> {
  const { answers, proposals } = opening;
  const { renderer, flags, runtime } = session;
  if (!renderer.canAsk || flags.yes) return { answers, proposals: {} };
  const { signal } = runtime;
  // A folder without a book is told before anything is asked.
  await locateBookFor(session, answers);
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'start',
      title: 'Your book’s chat assistant, live on a Hugging Face Space',
      lines: [
        'Needs keys of Hugging Face, Vercel, Gemini, Qdrant and Postgres.',
        'Each is tried live; the Space gets the four it needs; none is written to disk.',
        ...foundLines(proposals),
        'Nothing changes before you accept a plan. Paste a .env any time.',
      ],
      choices: runtime.rehearsal ? rehearsalChoices : choicesFor({ answers, proposals }),
      takesPaste: !runtime.rehearsal,
      canGoBack,
    },
    { signal },
  );
  if (reply.type === 'cancel') throw cancelledEarly();
  if (reply.type === 'back') return 'back';
  if (reply.type === 'value') {
    const pasted = answersIn(session, reply.raw);
    if (pasted === null) return showStartScreen(session, { opening, services, canGoBack });
    // On offer as well, for when the person goes back.
    return { answers: { ...answers, ...pasted }, proposals: { ...proposals, ...pasted } };
  }
  const choice = reply.type === 'choice' ? reply.value : 'use';
  if (choice === 'found') {
    const start = await testDetected(session, { opening, services });
    return start === 'back' ? showStartScreen(session, { opening, services, canGoBack }) : start;
  }
  if (choice === 'each') return eachOffered({ answers, proposals }, runtime.rehearsal);
  return { answers, proposals };
}

/** Which book it is about, before anything is asked: a folder that was meant by nobody is noticed in time. */
export async function announceBook(session: Session, answers: Answers): Promise<void> {
  const { renderer, flags, runtime } = session;
  if (!renderer.canAsk || flags.yes || flags.noIndex || runtime.rehearsal) return;
  const here = await locateBookFor(session, answers);
  const message =
    here === null ? 'No book in this folder: where it is, is asked later.' : `The book: ${here}`;
  session.emit({ type: 'notice', code: 'book', message, remedy: '' });
}

/** What a paste on the first screen brings; null, with the reason said, when nothing. */
function answersIn(session: Session, raw: string): Answers | null {
  const taken = parsePaste({ raw, asked: 'HF_TOKEN' });
  sayTaken(session, taken);
  const answers: Answers = {};
  for (const [name, { value, cleaned }] of Object.entries(taken.values))
    giveAnswer(answers, name as AnswerName, { value, cleaned, source: 'typed' });
  if (Object.keys(answers).length > 0) return answers;
  const message = 'Nothing in that paste is a value that this tool uses.';
  session.emit({ type: 'notice', code: 'pasted', message, remedy: '' });
  return null;
}

/** A team has no question of its own: it stays an answer. */
function eachOffered({ answers, proposals }: Start, rehearsal: boolean): Start {
  const { VERCEL_TEAM: team } = answers;
  const offered = { ...proposals, ...answers };
  if (rehearsal) for (const given of Object.values(offered)) given.source = 'the rehearsal';
  return { answers: team === undefined ? {} : { VERCEL_TEAM: team }, proposals: offered };
}

const rehearsalChoices: readonly Choice[] = [
  { value: 'use', label: 'Rehearse with the stand-ins’ keys', note: null },
  { value: 'each', label: 'Go through every question', note: 'each key is offered' },
];

function choicesFor({ answers, proposals }: Start): Choice[] {
  const known = namesIn(answers).length;
  const found = namesIn(proposals).length;
  const begin = known === 0 ? 'Begin' : `Begin; ${counted(known)} from your environment`;
  return [
    { value: 'use', label: begin, note: found === 0 ? null : 'what was found is offered' },
    ...(found === 0
      ? []
      : [{ value: 'found', label: `Test the ${counted(found)} found`, note: 'used when you say so' }]),
    ...(known === 0 ? [] : [{ value: 'each', label: 'Begin, but offer me each of them', note: null }]),
  ];
}

function counted(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}

function namesIn(answers: Answers): AnswerName[] {
  return questions.map(({ name }) => name).filter((name) => answers[name] !== undefined);
}

/** So that the screen stays whole in a small window. */
const mostLines = 3;

/** `Found, untested: the Hugging Face login (••••Ab3d), .env (Gemini ••••x7Qa)`, by its source. */
function foundLines(proposals: Answers): string[] {
  const bySource = new Map<string, string[]>();
  for (const { name, service } of questions) {
    const given = proposals[name];
    if (given === undefined) continue;
    const { value, source } = given;
    const shown = shownValue(name, value);
    const what = service === null ? shown : `${serviceTitles[service]} ${shown}`;
    bySource.set(source, [...(bySource.get(source) ?? []), what]);
  }
  const lines = [...bySource].map(([source, whats]) => `Found, untested, in ${source}: ${whats.join(', ')}`);
  const hidden = lines.length - mostLines;
  return hidden <= 0 ? lines : [...lines.slice(0, mostLines), `and in ${hidden} more places`];
}

import type { AnswerName, Answers } from '../../model/answers.ts';
import { questions, type Choice } from '../../model/question.ts';
import type { Session } from '../../model/runtime.ts';
import { serviceTitles, type HostingKind } from '../../model/service.ts';
import { parsePaste } from '../../paste/parse-paste.ts';
import type { FlowQuestion } from '../flow.ts';
import { answersInPaste, withoutAnswer } from '../interview-state.ts';
import { locateNamedBook } from '../targets/book-questions.ts';
import { shownValue } from '../value-question.ts';
import type { StartState } from './start-state.ts';

/**
 * The first screen: what will be asked, what was found on this machine, and that nothing changes yet. A found value is
 * used only when the user says so, here or at its question.
 */
export function startQuestion<S extends StartState>(
  { runtime, flags }: Pick<Session, 'runtime' | 'flags'>,
  options: { isNeeded(state: S): boolean; after: readonly string[] },
): FlowQuestion<S> {
  const { isNeeded, after } = options;
  const { rehearsal } = runtime;
  const mayCreate = ({ answers }: S): boolean =>
    !flags.yes &&
    flags.apiUrl === null &&
    (rehearsal || answers.DATABASE_URL === undefined || answers.QDRANT_URL === undefined);
  const mayMove = flags.hosting === null && flags.apiUrl === null;
  return {
    id: 'start',
    after,
    isOpen: (state) => isNeeded(state) && !state.hasStarted,
    prompt: (state) => ({
      type: 'choice',
      name: 'start',
      title: introductions[state.hosting].title,
      unlisted: [...introductions[state.hosting].lines, ...detectedLines(state.proposals)],
      lines: ['Nothing changes before you accept a plan. No key is written to disk.'],
      choices: [
        ...(rehearsal ? rehearsalChoices : choicesFor(state)),
        ...(mayCreate(state) ? [rehearsal ? rehearsedCreation : withCreation] : []),
        ...(mayMove ? [otherHosting[state.hosting]] : []),
      ],
      takesPaste: !rehearsal,
    }),
    answer: (state, reply) => {
      if (reply.type === 'value') return withPaste(state, reply.raw);
      const choice = reply.type === 'choice' ? reply.value : 'use';
      if (choice === 'create') {
        const started = { ...state, hasStarted: true, wantsCreation: true };
        return rehearsal ? withNothing(started) : started;
      }
      if (choice === 'space' || choice === 'vercel') return { ...state, hosting: choice };
      const started = { ...state, hasStarted: true, testsDetected: choice === 'found' };
      return choice === 'each' ? eachOffered(started, rehearsal) : started;
    },
  };
}

const introductions: Record<HostingKind, { title: string; lines: readonly string[] }> = {
  space: {
    title: 'Your book’s chat assistant, live on a Hugging Face Space',
    lines: [
      'Needs keys of Hugging Face, Vercel, Gemini, Qdrant and Postgres.',
      'Each is tried live; the Space gets the four it needs. Paste a .env any time.',
    ],
  },
  vercel: {
    title: 'Your book’s chat assistant, live on Vercel',
    lines: [
      'Needs keys of Vercel, Gemini, Qdrant and Postgres; no Hugging Face account.',
      'Each is tried live; the server gets the four it needs. Paste a .env any time.',
    ],
  },
};

/** What can be created; in a rehearsal, where nothing is missing, all of it is. */
const createdNames = ['DATABASE_URL', 'QDRANT_URL', 'QDRANT_API_KEY'] as const;

const withCreation: Choice = {
  value: 'create',
  label: 'Begin; create what is missing',
  note: 'a database at Neon, a Qdrant cluster',
};

const rehearsedCreation: Choice = {
  value: 'create',
  label: 'Rehearse signing in, and creating what can be created',
  note: null,
};

/** As if a person had no token of the Hub, no database and no cluster; the stand-in's token can be pasted. */
function withNothing<S extends StartState>(state: S): S {
  const { HF_TOKEN: token } = state.answers;
  return {
    ...state,
    answers: ['HF_TOKEN' as const, ...createdNames].reduce(withoutAnswer, state.answers),
    proposals: {
      ...state.proposals,
      ...(token !== undefined && { HF_TOKEN: { ...token, source: 'the rehearsal' } }),
    },
    access: { HF_TOKEN: { way: 'ask' } },
  };
}

/** What Enter does not choose by accident: the last choice. */
const otherHosting: Record<HostingKind, Choice> = {
  space: {
    value: 'vercel',
    label: 'Run the server on Vercel instead',
    note: 'free for a book that earns nothing',
  },
  vercel: { value: 'space', label: 'Run the server on a Space instead', note: 'needs a paid plan' },
};

/** A paste without a usable value leaves the screen as it is. */
function withPaste<S extends StartState>(state: S, raw: string): S {
  const paste = parsePaste({ raw, expected: 'HF_TOKEN' });
  const pasted = answersInPaste(paste);
  if (Object.keys(pasted).length === 0) return { ...state, paste };
  return {
    ...state,
    answers: { ...state.answers, ...pasted },
    // Also a default, for when the user goes back.
    proposals: { ...state.proposals, ...pasted },
    hasStarted: true,
    paste,
  };
}

/** A team has no question of its own: it stays an answer. */
function eachOffered<S extends StartState>(state: S, rehearsal: boolean): S {
  const { answers, proposals } = state;
  const { VERCEL_TEAM: team } = answers;
  const offered: Answers = { ...proposals, ...answers };
  const inRehearsal = Object.fromEntries(
    Object.entries(offered).map(([name, answer]) => [name, { ...answer, source: 'the rehearsal' }]),
  );
  return {
    ...state,
    answers: team === undefined ? {} : { VERCEL_TEAM: team },
    proposals: rehearsal ? inRehearsal : offered,
  };
}

/** Names the book before anything is asked, so that a wrong folder is noticed in time. */
export async function announceBook(session: Session, answers: Answers): Promise<void> {
  const { renderer, flags, runtime } = session;
  if (!renderer.canAsk || flags.yes || flags.noIndex || runtime.rehearsal) return;
  const docsDir = await locateNamedBook(session, answers);
  const message =
    docsDir === null ? 'No book in this folder: where it is, is asked later.' : `The book: ${docsDir}`;
  session.emit({ type: 'notice', code: 'book', message, remedy: '' });
}

const rehearsalChoices: readonly Choice[] = [
  { value: 'use', label: 'Rehearse with the stand-ins’ keys', note: null },
  { value: 'each', label: 'Step through every question', note: 'each key is filled in' },
];

function choicesFor({ answers, proposals }: StartState): Choice[] {
  const provided = namesIn(answers).length;
  const detected = namesIn(proposals).length;
  const begin = provided === 0 ? 'Begin' : `Begin; ${counted(provided)} from your environment`;
  return [
    { value: 'use', label: begin, note: detected === 0 ? null : 'confirm or enter each key' },
    ...(detected === 0
      ? []
      : [{ value: 'found', label: `Test the ${counted(detected)} found`, note: 'before you confirm them' }]),
    ...(provided === 0 ? [] : [{ value: 'each', label: 'Begin, but offer me each of them', note: null }]),
  ];
}

function counted(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}

/** Of the answers that have a question. */
export function namesIn(answers: Answers): AnswerName[] {
  return questions.map(({ name }) => name).filter((name) => answers[name] !== undefined);
}

/** So that the screen fits into a small window. */
const maxLines = 3;

/** `Found, untested, in .env: Gemini ••••x7Qa`, a line for each source. */
function detectedLines(proposals: Answers): string[] {
  const bySource = new Map<string, string[]>();
  for (const { name, service } of questions) {
    const proposal = proposals[name];
    if (proposal === undefined) continue;
    const shown = shownValue(name, proposal.value);
    const value = service === null ? shown : `${serviceTitles[service]} ${shown}`;
    bySource.set(proposal.source, [...(bySource.get(proposal.source) ?? []), value]);
  }
  const lines = [...bySource].map(
    ([source, values]) => `Found, untested, in ${source}: ${values.join(', ')}`,
  );
  const hidden = lines.length - maxLines;
  return hidden <= 0 ? lines : [...lines.slice(0, maxLines), `and in ${hidden} more places`];
}

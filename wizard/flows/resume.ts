import { deadline } from '../clients/deadline.ts';
import type { Answers } from '../model/answers.ts';
import { Failure } from '../model/failure.ts';
import { stepTitles } from '../model/run/plan.ts';
import { listJournals, readJournal } from '../run/journal-file.ts';
import { resumeMenu, type ExistingSpace, type ResumeAction } from './resume-menu.ts';
import { cancelledEarly } from '../interview/cancelled.ts';
import { deploy } from './deploy.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { updateCollection } from './index-book/index-book.ts';
import { readCommandInputs, type CommandInputs } from '../deployment/command-inputs.ts';
import { rotateSecrets } from './rotate/rotate.ts';
import { readOnlyContext, readSpaceStatus } from '../deployment/server/space-status.ts';
import { firstTime, type Task } from './task.ts';
import { pendingEntries } from './pending-entries.ts';
import { wake } from './wake.ts';
import type { KnownSpace } from '../interview/choose-space.ts';
import type { Session } from '../model/runtime.ts';

/** Milliseconds for a look at the Space before the first screen. */
const lookMs = 5_000;

/**
 * A deployment; where a Space of ours stands already and a person can be asked, first what is wanted of it. Throws
 * Failure.
 */
export async function deployOrResume(session: Session): Promise<CommandResult> {
  const { renderer, flags, runtime } = session;
  const mayAsk = renderer.canAsk && !flags.yes && !runtime.rehearsal && flags.apiUrl === null;
  const opening = mayAsk ? await readCommandInputs(session) : null;
  const standing = opening === null ? null : await standingFor(session, opening.answers);
  if (opening === null || standing === null) return ended(await deploy(session, firstTime()));
  const seen = await look(session, { opening, standing });
  if (seen === null) return ended(await deploy(session, firstTime()));
  const said: Answers = {};
  for (;;) {
    const reply = await renderer.ask(resumeMenu(seen), { signal: runtime.signal });
    if (reply.type !== 'choice') throw cancelledEarly();
    const result = await wishes[reply.value as ResumeAction](session, { opening, standing, said });
    if (result !== null) return result;
  }
}

/** Nobody goes back from a screen that says it cannot. */
function ended(result: CommandResult | null): CommandResult {
  if (result === null) throw cancelledEarly();
  return result;
}

type Found = { opening: CommandInputs; standing: KnownSpace };
type Of = Found & { said: Answers };

const wishes: Record<ResumeAction, (session: Session, of: Of) => Promise<CommandResult | null>> = {
  converge: (session, of) => deploy(session, taskFor(of, false)),
  'other-project': (session, of) => deploy(session, taskFor(of, true)),
  content: (session) => updateCollection(session, { canLeave: true }),
  rotate: (session, { standing }) =>
    rotateSecrets(
      { ...session, flags: { ...session.flags, space: standing.space }, operands: [] },
      { canLeave: true },
    ),
  wake: (session, { opening, standing }) =>
    wake(
      session,
      readOnlyContext(session, { inputs: opening, space: standing.space, answers: opening.answers }),
    ),
  anew: (session, { said }) => deploy(session, firstTime(said, true)),
};

function taskFor({ standing, said }: Of, isOtherProject: boolean): Task {
  const { space, entries } = standing;
  const wired = entries.findLast(
    ({ thing, change }) => thing === 'frontend-variable' && change !== 'removed',
  );
  return { type: 'again', said, space, projectId: wired?.place ?? null, isOtherProject };
}

/** The Space that was named, else the one that was worked on last from this machine. */
async function standingFor({ runtime }: Session, answers: Answers): Promise<KnownSpace | null> {
  const { stateDir } = runtime;
  const named = answers.HF_SPACE?.value;
  if (named !== undefined) return named.includes('/') ? readJournal({ stateDir, space: named }) : null;
  const known = await listJournals({ stateDir });
  return known.find(({ space, entries }) => !space.startsWith('elsewhere/') && isThere(entries)) ?? null;
}

function isThere(entries: KnownSpace['entries']): boolean {
  return entries.findLast(({ thing }) => thing === 'space')?.change !== 'removed' && entries.length > 0;
}

/** Null when the Space is gone: then nothing is to come back to. */
async function look(session: Session, { opening, standing }: Found): Promise<ExistingSpace | null> {
  const { runtime, emit } = session;
  const { space, entries } = standing;
  const message = `Asking Hugging Face how ${space} is.`;
  emit({ type: 'notice', code: 'looking', message, remedy: '' });
  const base = {
    space,
    version: runtime.version,
    unfinished: pendingEntries(entries).map(({ step }) => stepTitles[step]),
  };
  const nothing = { stage: null, health: null, serverVersion: null };
  const signal = deadline({ signal: runtime.signal, ms: lookMs });
  const context = {
    ...readOnlyContext(session, { inputs: opening, space, answers: opening.answers }),
    signal,
  };
  try {
    const { stage, health } = await readSpaceStatus(context);
    return { ...base, stage, health: health?.status ?? null, serverVersion: health?.version ?? null };
  } catch (error) {
    runtime.signal.throwIfAborted();
    if (error instanceof Failure && error.code === 'space-missing') return null;
    return { ...base, ...nothing };
  }
}

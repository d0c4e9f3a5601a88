import { createGit } from '../frontend/wiring/git.ts';
import type { SourceTexts } from '../../javascript/source-file.ts';
import { findWriteObstacle, type FileChange } from '../frontend/wiring/write-files.ts';
import type { WiringPlan } from '../frontend/wiring/wiring-plan.ts';
import { Failure } from '../model/failure.ts';
import { cancelledEarly } from './cancelled.ts';
import type { Session } from '../model/runtime.ts';

type Change = Extract<WiringPlan, { type: 'change' }>;

/**
 * Shows the change as a diff, and has it made when the person says so, or `--write-frontend` does. Only files that git has
 * as they are, and new ones, are touched: whatever comes of it can be taken back.
 *
 * @returns what is to be written when the plan is applied, empty when nothing is; `back` leads to what was asked before.
 * @throws Failure `frontend-files-dirty` under `--write-frontend`.
 */
export async function offerWiring(
  session: Session,
  { dir, files, change }: { dir: string; files: SourceTexts; change: Change },
): Promise<readonly FileChange[] | 'back'> {
  const { flags, renderer, runtime } = session;
  const paths = [...change.files.keys()];
  const changes = [...change.files].map(([path, after]) => ({
    path,
    before: files.get(path) ?? null,
    after,
  }));
  session.emit({ type: 'notice', code: 'frontend-diff', message: change.diff, remedy: '' });
  const hindrance =
    (await hindranceTo({ dir, files, paths, signal: runtime.signal })) ??
    (await findWriteObstacle(dir, changes));
  const byHand = `Apply the diff in ${dir} by hand, then run again.`;
  if (hindrance !== null && flags.writeFrontend) throw untouchable(hindrance, byHand);
  if (hindrance !== null || (!flags.writeFrontend && (flags.yes || !renderer.canAsk))) {
    const remedy = hindrance === null ? 'Add --write-frontend to let it be made.' : byHand;
    const message = `The frontend needs a change: ${change.summary} (${paths.join(', ')})${hindrance === null ? '' : `. It was not made: ${hindrance}`}.`;
    session.emit({ type: 'notice', code: 'frontend-change-needed', message, remedy });
    return [];
  }
  const said = flags.writeFrontend ? 'write' : await sayOf(session, change);
  return said === 'back' ? 'back' : said === 'write' ? changes : [];
}

async function sayOf({ renderer, runtime }: Session, change: Change): Promise<string> {
  const reply = await renderer.ask(
    {
      type: 'choice',
      name: 'WRITE_FRONTEND',
      title: `The frontend needs a change: ${change.summary}.`,
      lines: [`The diff above, in ${[...change.files.keys()].join(', ')}.`],
      choices: [
        { value: 'write', label: 'Make this change', note: 'you commit and push it' },
        { value: 'leave', label: 'Leave my files as they are', note: null },
      ],
      canGoBack: true,
    },
    { signal: runtime.signal },
  );
  if (reply.type === 'back') return 'back';
  if (reply.type !== 'choice') throw cancelledEarly();
  return reply.value;
}

/** Why the files are not ours to touch; null when they may be written. */
async function hindranceTo({
  dir,
  files,
  paths,
  signal,
}: {
  dir: string;
  files: SourceTexts;
  paths: readonly string[];
  signal: AbortSignal;
}): Promise<string | null> {
  const known = paths.filter((path) => files.has(path));
  const git = createGit({ dir, signal });
  const dirty = await git.dirty(known.length > 0 ? known : ['.']);
  if (dirty === null) return `${dir} is in no git repository, so the change could not be taken back`;
  const open = dirty.filter((path) => known.includes(path));
  return open.length === 0 ? null : `git does not have ${open.join(', ')} as it is now`;
}

function untouchable(why: string, remedy: string): Failure {
  return new Failure({
    code: 'frontend-files-dirty',
    message: `The frontend's files were not touched: ${why}.`,
    remedy: `Commit or stash first, then run again. ${remedy}`,
  });
}

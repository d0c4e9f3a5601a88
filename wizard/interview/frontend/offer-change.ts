import type { SourceTexts } from '../../../javascript/source-file.ts';
import type { FrontendWiring } from '../../deployment/run-settings.ts';
import { createGit } from '../../frontend/wiring/git.ts';
import type { WiringPlan } from '../../frontend/wiring/wiring-plan.ts';
import { findWriteObstacle } from '../../frontend/wiring/write-files.ts';
import { Failure } from '../../model/failure.ts';
import type { Session } from '../../model/runtime.ts';
import type { FlowQuestion } from '../flow.ts';
import type { FrontendState, ProposedWiring } from './frontend-state.ts';

type ChangeInputs = {
  plan: Extract<WiringPlan, { type: 'change' }>;
  files: SourceTexts;
  dir: string;
  /** Without the change. */
  variable: string;
  wiring: FrontendWiring;
};

/**
 * Shows the change as a diff. It is written when the user accepts it, or with `--write-frontend`, and only to new files
 * and files without uncommitted edits: git can then undo it. Throws Failure `frontend-files-dirty`.
 */
export async function offerChange(session: Session, inputs: ChangeInputs): Promise<ProposedWiring> {
  const { plan, files, dir, variable, wiring } = inputs;
  const { flags, renderer, runtime } = session;
  const paths = [...plan.files.keys()];
  const changes = [...plan.files].map(([path, after]) => ({ path, before: files.get(path) ?? null, after }));
  session.emit({ type: 'notice', code: 'frontend-diff', message: plan.diff, remedy: '' });
  const obstacle =
    (await uncommittedFiles({ dir, files, paths, signal: runtime.signal })) ??
    (await findWriteObstacle(dir, changes));
  const byHand = `Apply the diff in ${dir} by hand, then run again.`;
  if (obstacle !== null && flags.writeFrontend) throw filesDirty(obstacle, byHand);
  const { path, hasPlaceholderUrl, summary } = plan;
  const changed = { ...wiring, path, hasPlaceholderUrl };
  // Without the change, no variable reaches the pages.
  const leftAlone = `left as it is, without the change that ${summary}`;
  const unwritten = { variable: plan.variable ?? variable, wiring: { ...changed, leftAlone } };
  if (obstacle === null && (flags.writeFrontend || (renderer.canAsk && !flags.yes))) {
    const written = { ...changed, changes, files: [...new Set([...wiring.files, ...paths])] };
    const isOffered = !flags.writeFrontend;
    return { ...unwritten, change: { summary, paths, wiring: written }, isOffered };
  }
  const remedy = obstacle === null ? 'Add --write-frontend to let it be made.' : byHand;
  const reason = obstacle === null ? '' : `. It was not made: ${obstacle}`;
  const message = `The frontend needs a change: ${summary} (${paths.join(', ')})${reason}.`;
  session.emit({ type: 'notice', code: 'frontend-change-needed', message, remedy });
  return { ...unwritten, change: null, isOffered: false };
}

export function writeQuestion<S extends FrontendState>(after: readonly string[]): FlowQuestion<S> {
  return {
    id: 'WRITE_FRONTEND',
    after,
    isRevisited: false,
    isOpen: isWriteOpen,
    prompt: ({ proposedWiring }) => ({
      type: 'choice',
      name: 'WRITE_FRONTEND',
      title: `The frontend needs a change: ${proposedWiring?.change?.summary}.`,
      lines: [`The diff above, in ${proposedWiring?.change?.paths.join(', ')}.`],
      choices: [
        { value: 'write', label: 'Make this change', note: 'you commit and push it' },
        { value: 'leave', label: 'Leave my files as they are', note: null },
      ],
    }),
    answer: (state, reply) => {
      const { proposedWiring } = state;
      if (reply.type !== 'choice' || proposedWiring === undefined) return state;
      return { ...state, writesChange: { on: proposedWiring, value: reply.value === 'write' } };
    },
  };
}

export function isWriteOpen({ proposedWiring, writesChange }: FrontendState): boolean {
  return proposedWiring?.isOffered === true && writesChange?.on !== proposedWiring;
}

/** With the accepted change, where there is one. */
export function acceptedWiring({ proposedWiring, writesChange }: FrontendState): FrontendWiring | null {
  if (proposedWiring === undefined) return null;
  const { wiring, change, isOffered } = proposedWiring;
  const isAccepted = !isOffered || (writesChange?.on === proposedWiring && writesChange.value);
  return change !== null && isAccepted ? change.wiring : wiring;
}

/** Why git could not undo a change of the files; null when it could. */
async function uncommittedFiles(options: {
  dir: string;
  files: SourceTexts;
  paths: readonly string[];
  signal: AbortSignal;
}): Promise<string | null> {
  const { dir, files, paths, signal } = options;
  const existing = paths.filter((path) => files.has(path));
  const dirty = await createGit({ dir, signal }).dirty(existing.length > 0 ? existing : ['.']);
  if (dirty === null) return `${dir} is in no git repository, so the change could not be taken back`;
  const open = dirty.filter((path) => existing.includes(path));
  return open.length === 0 ? null : `git does not have ${open.join(', ')} as it is now`;
}

function filesDirty(reason: string, remedy: string): Failure {
  return new Failure({
    code: 'frontend-files-dirty',
    message: `The frontend's files were not touched: ${reason}.`,
    remedy: `Commit or stash first, then run again. ${remedy}`,
  });
}

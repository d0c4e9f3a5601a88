import { pendingEntries } from '../../model/run/journal.ts';
import { flagTable, type Flags } from '../../model/run/flags.ts';
import type { JournalEntry } from '../../model/run/journal.ts';
import { createdResources, type CreatedResource } from '../../model/run/created-resources.ts';
import { stepTitle } from '../../model/run/plan.ts';
import { readDeployment } from '../../deployment/read-deployment.ts';
import type { RunContext } from '../../deployment/context.ts';
import { hostingOf } from '../../hosting/hosting-of.ts';
import type { PlannedRun } from './deploy-state.ts';
import type { Session } from '../../model/runtime.ts';

/** Longest look at the deployment after a run that failed or was cancelled, in milliseconds. */
const lastLookMs = 3_000;

/**
 * A run that ended early leaves links, not riddles: what it made, what it began, what comes next, and the one command
 * that goes on. Not knowing some of it is no second failure.
 */
export async function reportCreatedResources(
  session: Session,
  { context, plan, journalLength, completed }: PlannedRun,
): Promise<void> {
  const signal = AbortSignal.timeout(lastLookMs);
  const deployment = await readDeployment({ context: { ...context, signal } }).catch(() => null);
  if (deployment !== null && deployment.url !== null) session.setDeployment(deployment);
  const entries = context.journal.entries.slice(journalLength);
  if (entries.length === 0 || session.runtime.rehearsal) return;
  const say = (code: string, message: string): void =>
    session.emit({ type: 'notice', code, message, remedy: '' });
  const begun = new Set(pendingEntries(entries).map(keyOf));
  for (const made of createdResources(entries)) {
    const line = lineOf(made, context);
    if (line !== null) say('stands', `${begun.has(keyOf(made)) ? 'Begun' : 'Made'}: ${line}`);
  }
  const next = plan.changes.find(({ step, kind }) => kind !== 'unchanged' && !completed.has(step));
  if (next !== undefined) say('next', `Next: ${stepTitle(next)}.`);
  const hasServer = context.settings.apiUrl === null;
  const place = hasServer ? hostingOf(context).flags : null;
  const command = commandFor(session.flags, place);
  say('go-on', `Go on with: ${command}`);
  if (place !== null) say('go-back', `Or take it back with: npx rag-space-setup undo ${place}`);
}

function keyOf({ thing, id, place }: Pick<JournalEntry, 'thing' | 'id' | 'place'>): string {
  return `${thing} ${id} ${place}`;
}

/** Null for what goes without saying once its Space is named. */
function lineOf({ thing, id, place, change }: CreatedResource, context: RunContext): string | null {
  const hosting = hostingOf(context);
  const { noun, label } = hosting;
  switch (thing) {
    case 'collection':
      return `the collection ${id} at ${place}`;
    case 'space':
      return `${noun} ${label}${change === 'changed' ? ', taken over' : ''} ${hosting.page('home')}`;
    case 'files':
      return `the server’s files in ${label} ${hosting.page('files')}`;
    case 'frontend-variable':
      return `the variable ${id} of the Vercel project ${context.target.project ?? place}`;
    case 'frontend-deployment':
      return `a deployment of the Vercel project ${context.target.project ?? place}`;
    case 'frontend-file':
      return `${id} in ${place}, changed`;
    case 'cluster':
      return `the Qdrant cluster ${id}`;
    case 'cluster-key':
      return `the key ${id} of the Qdrant cluster`;
    case 'database':
      return `the Neon project ${id}`;
    case 'secret':
    case 'variable':
      return null;
    default:
      return thing satisfies never;
  }
}

const kept = [
  'envFile',
  'docs',
  'vercelProject',
  'vercelTeam',
  'apiUrl',
  'frontend',
  'frontendVariable',
  'frontendValue',
  'noIndex',
  'noFrontend',
  'browser',
] as const;

/** The command that goes on where this run ended: with its own flags, and the server's place by name. */
function commandFor(flags: Flags, place: string | null): string {
  const values = kept.flatMap((name) => {
    const value = flags[name];
    if (value === null || value === false) return [];
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const isKnown = flag.slice(2) in flagTable;
    return isKnown ? [value === true ? flag : `${flag} ${quoted(value)}`] : [];
  });
  return ['npx rag-space-setup', ...(place === null ? [] : [place]), ...values].join(' ');
}

function quoted(value: string): string {
  return /^[\w./:@-]+$/.test(value) ? value : `"${value}"`;
}

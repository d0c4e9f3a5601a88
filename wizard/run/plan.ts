import type { RunContext } from '../deployment/context.ts';
import { hostingOf, hostingService } from '../hosting/hosting-of.ts';
import { isLoopback } from '../model/formats/endpoints.ts';
import type { Change, Plan, StepId } from '../model/run/plan.ts';
import type { Step, StepPlan } from '../steps/step.ts';
import { steps } from '../steps/steps.ts';

/**
 * Inspects everything at once, reading only, and reports what a run would do.
 *
 * @throws Failure when a step would be refused: a taken name, a private Space, a folder without a book.
 */
export async function planFor({ context }: { context: RunContext }): Promise<Plan> {
  const inspected = await Promise.all(
    steps.map(async (step) => ({ step, plan: await step.inspect(context, new Map()) })),
  );
  const changes: Change[] = [];
  for (const { step, plan } of inspected) changes.push(changeOf(step, plan, changes));
  const { space, project, team, environment } = context.target;
  const shown = context.settings.apiUrl === null ? space : null;
  return {
    target: { space: shown, project, team, environment },
    changes,
    remarks: await remarksOn({ context, changes }),
    estimate: estimateOf({ context, changes }),
  };
}

/** A step that only waits has something to do once a step before it changes something. */
function changeOf(step: Step, { skip, change }: StepPlan, before: readonly Change[]): Change {
  if (skip !== null || change.kind !== 'unchanged') return change;
  const isAffected = before.some(
    ({ step: id, kind }) => kind !== 'unchanged' && step.affectedBy.includes(id),
  );
  return isAffected ? { ...change, kind: 'changes' } : change;
}

async function remarksOn({
  context,
  changes,
}: {
  context: RunContext;
  changes: readonly Change[];
}): Promise<string[]> {
  const { settings } = context;
  const pending = new Set<StepId>(changes.filter(({ kind }) => kind !== 'unchanged').map(({ step }) => step));
  const isNew = changes.some(({ step, kind }) => step === 'create-space' && kind === 'new');
  const isOnVercel = settings.apiUrl === null && hostingService(context) === 'vercel';
  const remarks: string[] = [];
  if (settings.apiUrl === null) {
    remarks.push(
      `${isOnVercel ? 'The function' : 'The Space'} is PUBLIC: readers’ browsers must reach it. Its secrets are not.`,
    );
  }
  if (settings.apiUrl === null && pending.has('upload-server')) remarks.push(tablesRemark);
  if (settings.apiUrl === null && isNew)
    remarks.push(...(await hostingOf(context).remarksOnNew({ book: context.target })));
  const key = settings.apiUrl === null ? clusterKeyRemark(context) : null;
  if (key !== null) remarks.push(key);
  const users = pending.has('index-book')
    ? 'Indexing and one question at the end use'
    : 'One question at the end uses';
  remarks.push(`${users} your Gemini quota.`);
  return remarks;
}

/** What the server's key of the cluster may do; null where it has none, or keeps the one that it has. */
function clusterKeyRemark({ credentials }: RunContext): string | null {
  const { qdrant }: Partial<RunContext['credentials']> = credentials;
  if (qdrant?.serverKey !== undefined)
    return 'The server’s Qdrant key only reads; this run’s own is deleted at its end.';
  if (qdrant?.key == null || qdrant.access === 'read') return null;
  return 'The server gets a Qdrant key that may write: rotate qdrant gives it one that only reads.';
}

const tablesRemark = 'Its Postgres tables are created at its first start; conversations are kept.';

/** Stand-ins do not build an image, so that a rehearsal takes seconds. */
function isRehearsal({ credentials }: RunContext): boolean {
  const { huggingface, vercel }: Partial<RunContext['credentials']> = credentials;
  const endpoint = huggingface?.endpoint ?? vercel?.apiUrl;
  return endpoint !== undefined && isLoopback(new URL(endpoint).hostname);
}

/** How long, and what a new Space costs: its hardware is free. What an existing place or a Vercel plan costs is not known. */
function estimateOf(options: { context: RunContext; changes: readonly Change[] }): string[] {
  const { context, changes } = options;
  const pending = new Set<StepId>(changes.filter(({ kind }) => kind !== 'unchanged').map(({ step }) => step));
  const minutes = (pending.has('await-build') ? 3 : 0) + (pending.has('redeploy-frontend') ? 2 : 0) + 1;
  const duration = pending.size === 0 || isRehearsal(context) ? 'a few seconds' : `about ${minutes} min`;
  const isNewSpace =
    hostingService(context) === 'huggingface' &&
    changes.some(({ step, kind }) => step === 'create-space' && kind === 'new');
  return isNewSpace ? [duration, '$0.00 a month'] : [duration];
}

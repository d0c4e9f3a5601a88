import type { Vercel } from '../clients/vercel.ts';
import { targetsOf, type FrontendVariable } from '../clients/vercel-schemas.ts';
import type { RunEvent } from '../model/event.ts';
import { Failure } from '../model/failure.ts';
import { fingerprint, fingerprintIn, noteFor } from '../space/fingerprint.ts';
import { vercelOf, type RunContext } from './context.ts';
import { hostOf } from './host.ts';
import { journaled, skipped, toDo, unchanged, type Done, type Look, type Step } from './step.ts';

const me = { id: 'set-frontend-variable', service: 'vercel' } as const;

/** The server's address, for production alone: what other environments use is not ours to change. */
export const setFrontendVariable: Step = { ...me, follows: [], look };

async function look(context: RunContext): Promise<Look> {
  const { settings, target } = context;
  if (settings.frontend === 'skip') return skipped(me, 'not wanted (--no-frontend)');
  const { projectId } = target;
  if (projectId === null) return skipped(me, 'no Vercel project was given');
  if (settings.wiring?.isSameOrigin === true) return skipped(me, sameOrigin);
  const name = settings.frontendVariable;
  const [host, variables] = await Promise.all([valueOf(context), vercelOf(context).variables(projectId)]);
  const standing = productionOne(variables, name);
  const kind = standing === null ? 'new' : 'changes';
  const value = host ?? `the Space’s address${settings.wiring?.path ?? ''}, known once it is there`;
  if (host !== null && standing !== null && holds(context, { standing, value: host })) {
    return unchanged(me, `${name} = ${host}`);
  }
  // An address is public in the page's code; a value that may be read is kept for undo, but never a sensitive one.
  const isReadable = standing?.type !== 'sensitive' && standing?.decrypted !== false;
  const previous = isReadable ? (standing?.value ?? null) : null;
  const was = previous === null ? '' : ` (until now ${previous})`;
  return toDo(me, kind, `${name} = ${value}${was}`, () => write(context, { projectId, standing, previous }));
}

const sameOrigin = 'the page asks its own origin, and vercel.json hands that on: no variable is needed';

/** What the code takes the variable for: the origin, or the origin with a path after it. */
async function valueOf(context: RunContext): Promise<string | null> {
  const { wiring } = context.settings;
  if (wiring !== undefined && wiring.value !== null) return wiring.value;
  const host = await hostOf(context);
  return host === null ? null : `${host}${wiring?.path ?? ''}`;
}

/** One for a branch is no answer for production. */
export function productionOne(variables: readonly FrontendVariable[], name: string): FrontendVariable | null {
  const found = variables.find(
    (one) => one.key === name && one.gitBranch == null && targetsOf(one).includes('production'),
  );
  return found ?? null;
}

/** A sensitive value never comes back, nor does every encrypted one: the fingerprint in our comment has to do. */
function holds(
  context: RunContext,
  { standing, value }: { standing: FrontendVariable; value: string },
): boolean {
  if (standing.type === 'sensitive' || standing.decrypted === false || standing.value == null) {
    return fingerprintIn(standing.comment) === fingerprint({ space: context.target.space, value });
  }
  return standing.value === value;
}

// oxlint-disable-next-line require-yield -- two calls have no progress worth telling
async function* write(
  context: RunContext,
  of: { projectId: string; standing: FrontendVariable | null; previous: string | null },
): AsyncGenerator<RunEvent, Done> {
  const { projectId, standing, previous } = of;
  const { settings, target } = context;
  const key = settings.frontendVariable;
  const value = await valueOf(context);
  if (value === null) throw noAddress(target.space);
  const vercel = vercelOf(context);
  const change = standing === null ? 'created' : 'changed';
  const entry = {
    step: me.id,
    change,
    thing: 'frontend-variable',
    id: key,
    place: projectId,
    previous,
  } as const;
  await journaled(context, entry, async () => {
    const giveBack = standing === null ? null : await freeProduction(vercel, { projectId, standing });
    const comment = noteFor({ space: target.space, value });
    const type = standing?.type === 'sensitive' ? 'sensitive' : 'plain';
    try {
      await vercel.upsertVariable(projectId, { key, value, type, comment });
    } catch (error) {
      await giveBack?.();
      throw error;
    }
  });
  const kept = productionOne(await vercel.variables(projectId), key);
  if (kept === null || !holds(context, { standing: kept, value })) throw notKept(key);
  return { outcome: 'changed', reason: `${key} = ${value}` };
}

/**
 * Vercel refuses an upsert whose targets differ from the standing one's: it keeps its others, ours is new. Gives back
 * how to undo that, because production must not be left without a value; null when nothing was done.
 */
async function freeProduction(
  vercel: Vercel,
  { projectId, standing }: { projectId: string; standing: FrontendVariable },
): Promise<(() => Promise<void>) | null> {
  const { id } = standing;
  const target = targetsOf(standing);
  const others = target.filter((one) => one !== 'production');
  if (others.length === 0) return null;
  await vercel.retarget(projectId, { id, target: others });
  return () => vercel.retarget(projectId, { id, target });
}

function noAddress(space: string): Failure {
  return new Failure({
    code: 'space-without-address',
    service: 'huggingface',
    message: `The Hub names no address for the Space ${space}.`,
    remedy: 'Run again in a minute.',
  });
}

function notKept(key: string): Failure {
  return new Failure({
    code: 'frontend-variable-not-kept',
    service: me.service,
    message: `Vercel’s variable ${key} reads back as something other than what was written.`,
    remedy: 'Look at the project’s environment variables for a second one of that name, then run again.',
  });
}

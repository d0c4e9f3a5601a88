import { createHttp } from '../clients/http.ts';
import { answersFrom } from '../intake/environment.ts';
import { endpointsFrom } from '../model/endpoints.ts';
import { exitCodes, Failure } from '../model/failure.ts';
import type { Deployment } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { apply } from '../run/apply.ts';
import { openJournal } from '../run/journal-file.ts';
import { observe } from '../run/observe.ts';
import { planFor } from '../run/plan.ts';
import type { RunContext } from '../steps/context.ts';
import { cancelledEarly } from './cancelled.ts';
import { gather, type Gathered } from './gather.ts';
import { greet } from './greet.ts';
import { relay, type Session } from './world.ts';

/** What `deploy` and `plan` leave behind: the deployment, when there is one, and an exit code other than 0. */
export type Ended = { deployment: Deployment | null; exitCode: number };

/** Everything, from the first question to a proved answer. Throws Failure. */
export async function deploy(session: Session): Promise<Ended> {
  return withContext(session, async (context) => {
    const plan = await showPlan(session, context);
    await confirm(session, plan);
    try {
      const { space, url, health, frontend } = await relay(apply({ context, plan }), session.emit);
      return { deployment: { space, url, health, frontend }, exitCode: exitCodes.done };
    } catch (error) {
      await sayWhatStands(session, context);
      throw error;
    }
  });
}

/** Longest look at what stands after a run that failed or was cancelled, in milliseconds. */
const LAST_LOOK_MS = 3_000;

/** A run that ended early leaves links, not riddles. Not knowing them is no second failure. */
async function sayWhatStands(session: Session, context: RunContext): Promise<void> {
  const signal = AbortSignal.timeout(LAST_LOOK_MS);
  const standing = await observe({ context: { ...context, signal } }).catch(() => null);
  if (standing !== null) session.leave(standing);
}

/** The plan alone: reads, and changes nothing. */
export async function plan(session: Session): Promise<Ended> {
  return withContext(session, async (context) => {
    const { changes } = await showPlan(session, context);
    const isPending = changes.some((change) => change.kind !== 'unchanged');
    const exitCode =
      isPending && session.flags.detailedExitCode ? exitCodes['changes-pending'] : exitCodes.done;
    return { deployment: null, exitCode };
  });
}

async function withContext(session: Session, work: (context: RunContext) => Promise<Ended>): Promise<Ended> {
  const { world, flags } = session;
  const endpoints = endpointsFrom(world.env);
  const http = createHttp({ fetch: world.fetch, sleep: world.sleep });
  const given = await answersFrom({
    env: world.env,
    flags,
    ...(flags.envFile && { envFile: flags.envFile }),
  });
  const start = await greet(session, given);
  const gathered = await gather(session, { ...start, endpoints, http });
  const journal = await openJournal({ stateDir: world.stateDir, space: gathered.place.space });
  try {
    return await work(contextOf(session, { gathered, http, journal }));
  } finally {
    await journal.close();
  }
}

function contextOf(
  session: Session,
  { gathered, http, journal }: { gathered: Gathered } & Pick<RunContext, 'http' | 'journal'>,
): RunContext {
  const { world, flags } = session;
  const { credentials, place } = gathered;
  return {
    credentials,
    target: {
      space: place.space,
      project: place.project?.name ?? null,
      team: place.project?.teamSlug ?? null,
      environment: 'production',
      projectId: place.project?.id ?? null,
      teamId: place.project?.teamId ?? null,
    },
    settings: {
      collection: world.env['QDRANT_COLLECTION']?.trim() || 'docusaurus-book',
      logLevel: world.env['LOG_LEVEL']?.trim() || 'info',
      origins: originsFrom(world.env['ALLOWED_ORIGINS']),
      docsDir: place.docsDir,
      skipIndex: place.docsDir === null,
      frontend: place.project === null ? 'skip' : 'set',
      apiUrl: flags.apiUrl ?? null,
      payloadDir: world.payloadDir,
      frontendVariable: 'REACT_APP_API_BASE_URL',
      adopt: place.named,
      version: world.version,
    },
    http,
    fetch: world.fetch,
    now: world.now,
    sleep: world.sleep,
    signal: world.signal,
    journal,
  };
}

function originsFrom(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

async function showPlan(session: Session, context: RunContext): Promise<Plan> {
  const made = await planFor({ context });
  session.emit({ type: 'plan-ready', target: made.target, changes: made.changes });
  return made;
}

/** Nothing changes before this returns. */
async function confirm(session: Session, plan: Plan): Promise<void> {
  const { flags, renderer, world } = session;
  if (flags.yes) return;
  if (!renderer.canAsk) {
    throw new Failure({
      kind: 'input-missing',
      code: 'confirmation-missing',
      message: 'The plan was not accepted, and nobody can be asked.',
      remedy: 'Add --yes to accept the plan, or run it in a terminal.',
    });
  }
  const reply = await renderer.ask(
    { type: 'confirm-plan', plan, canGoBack: false },
    { signal: world.signal },
  );
  if (reply.type !== 'accept') throw cancelledEarly();
}

import { logLevels, originList } from '../../server/contract.ts';
import { exitCodes, Failure } from '../model/failure.ts';
import type { Deployment, RunEvent } from '../model/event.ts';
import type { Plan, StepId } from '../model/plan.ts';
import type { Service } from '../model/service.ts';
import { wantedCollection } from '../model/wanted-collection.ts';
import { apply } from '../run/apply.ts';
import { openJournal } from '../run/journal-file.ts';
import { planFor } from '../run/plan.ts';
import { bookReport } from '../steps/book-report.ts';
import { frontendVariable, type RunContext } from '../steps/context.ts';
import { confirm } from './confirm.ts';
import { folderProject } from './folder-project.ts';
import { settleFrontend } from './frontend.ts';
import { gather, type Gathered, type PlaceFinder } from './gather.ts';
import { greet } from './greet.ts';
import { sayWhatStands } from './left-standing.ts';
import { openingOf, toolsOf } from './opening.ts';
import { askPlace, bookHere, missingPlace, placeFrom, type Place } from './place.ts';
import { servicesUsed } from './services-used.ts';
import { relay, type Session, type World } from './world.ts';

/** What `deploy` and `plan` leave behind: the deployment, when there is one, and an exit code other than 0. */
export type Ended = { deployment: Deployment | null; exitCode: number };

/** Everything, from the first question to a proved answer. Throws Failure. */
export async function deploy(session: Session): Promise<Ended> {
  return withContext(session, async (looked) => {
    const context = await settleFrontend(session, looked);
    const plan = await showPlan(session, context);
    await confirm(session, plan);
    const before = context.journal.entries.length;
    const ended = new Set<StepId>();
    const emit = (event: RunEvent): void => {
      if (event.type === 'step-done' && event.outcome !== 'failed') ended.add(event.step);
      session.emit(event);
    };
    try {
      const { space, url, health, frontend } = await relay(apply({ context, plan }), emit);
      return { deployment: { space, url, health, frontend }, exitCode: exitCodes.done };
    } catch (error) {
      await sayWhatStands(session, { context, plan, before, ended });
      throw error;
    }
  });
}

/** The plan alone: reads, and changes nothing. */
export async function plan(session: Session): Promise<Ended> {
  return withContext(session, async (looked) => {
    const context = await settleFrontend({ ...session, flags: readOnly(session.flags) }, looked);
    const { changes } = await showPlan(session, context);
    const isPending = changes.some((change) => change.kind !== 'unchanged');
    const exitCode =
      isPending && session.flags.detailedExitCode ? exitCodes['changes-pending'] : exitCodes.done;
    return { deployment: null, exitCode };
  });
}

/** A plan shows the change of the frontend's files and makes none. */
function readOnly(flags: Session['flags']): Session['flags'] {
  return { ...flags, yes: true, writeFrontend: false };
}

async function withContext(session: Session, work: (context: RunContext) => Promise<Ended>): Promise<Ended> {
  const logLevel = logLevelOf(session.world);
  const opening = await openingOf(session);
  const start = await greet(session, opening);
  const gathered = await gather(session, {
    ...opening,
    ...start,
    services: servicesUsed(session.flags),
    place: deployPlace(session),
  });
  const { http } = opening;
  const journal = await openJournal({ stateDir: session.world.stateDir, space: gathered.place.space });
  if (journal.setAside !== null) session.emit(unreadableJournal(journal.setAside));
  try {
    return await work(contextOf(session, { gathered, http, journal, logLevel }));
  } finally {
    await journal.close();
  }
}

function unreadableJournal(path: string): RunEvent {
  return {
    type: 'notice',
    code: 'journal-unreadable',
    message: 'The journal of earlier runs could not be read; undo knows nothing of them.',
    remedy: `It was put aside as ${path}.`,
  };
}

function deployPlace(session: Session): PlaceFinder<Place> {
  return {
    missing: (answers) => missingPlace(session, answers),
    resolve: async (known) =>
      placeFrom(session, {
        ...known,
        bookHere: await bookHere(session, known.answers),
        // What lies beside us by chance is only proposed; a folder that is named is an answer.
        ofFolder:
          session.flags.frontend === null
            ? null
            : await folderProject(session, known.credentials.vercel?.scope.projects ?? []),
      }),
    ask: (interview, credentials) => askPlace(session, interview, credentials),
  };
}

/** Services that were not asked for are not among the credentials: the steps that use them are skipped. */
function contextOf(
  session: Session,
  {
    gathered,
    http,
    journal,
    logLevel,
  }: { gathered: Gathered<Service, Place>; logLevel: string } & Pick<RunContext, 'http' | 'journal'>,
): RunContext {
  const { world, flags } = session;
  const { credentials, place } = gathered;
  return {
    ...toolsOf(session, { http, journal }),
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
      collection: wantedCollection(world.env),
      logLevel,
      origins: originList(world.env['ALLOWED_ORIGINS'] ?? ''),
      docsDir: place.docsDir,
      skipIndex: place.docsDir === null,
      frontend: place.project === null ? 'skip' : 'set',
      apiUrl: flags.apiUrl ?? null,
      payloadDir: world.payloadDir,
      frontendVariable,
      adopt: place.named,
      version: world.version,
    },
  };
}

/** Checked before anything is asked: a server with a word it does not know would not start. */
function logLevelOf({ env }: World): string {
  const wanted = env['LOG_LEVEL']?.trim().toLowerCase() || 'info';
  if ((logLevels as readonly string[]).includes(wanted)) return wanted;
  throw new Failure({
    kind: 'usage',
    code: 'log-level-unknown',
    message: 'LOG_LEVEL in the environment is no level that the server knows.',
    remedy: `Unset it, or set it to one of: ${logLevels.join(', ')}.`,
  });
}

async function showPlan(session: Session, context: RunContext): Promise<Plan> {
  const made = await planFor({ context });
  for (const event of await bookReport(context)) session.emit(event);
  session.emit({ type: 'plan-ready', target: made.target, changes: made.changes });
  return made;
}

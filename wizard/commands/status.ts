import { createdResources } from '../model/run/created-resources.ts';
import { pendingEntries } from '../model/run/journal.ts';
import type { Deployment, RunEvent } from '../model/run/event.ts';
import { exitCodes } from '../model/failure.ts';
import { hostingOf, journaledTitle } from '../hosting/hosting-of.ts';
import type { Hosting } from '../hosting/hosting.ts';
import { classifyStage, describeStage } from '../hosting/stage.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { questionsByDay } from '../insights/read-insights.ts';
import { chartLines } from '../model/display/insights-lines.ts';
import { readFrontendStatus, type FrontendStatus } from '../deployment/frontend/frontend-status.ts';
import { readCommandInputs } from '../deployment/command-inputs.ts';
import { describeToday } from '../deployment/server/chat-usage.ts';
import { readOnlyContext, readSpaceStatus, type SpaceStatus } from '../deployment/server/space-status.ts';
import { claimEvent } from '../interview/provisioning/neon-tools.ts';
import { unclaimedHere } from '../interview/provisioning/unclaimed-here.ts';
import { chooseSpace, type KnownSpace } from '../interview/targets/choose-space.ts';
import type { Session } from '../model/runtime.ts';

type Notice = Extract<RunEvent, { type: 'notice' }>;

/** Shows what is deployed. Reads only, needs no token, and does not wake a Space that sleeps. Throws Failure. */
export async function status(session: Session): Promise<CommandResult> {
  const opening = await readCommandInputs(session);
  const { answers } = opening;
  const chosen = await chooseSpace(session, answers);
  const context = readOnlyContext(session, { inputs: opening, space: chosen.space, answers });
  const facts = await readSpaceStatus(context);
  const frontend = await readFrontendStatus(session, { inputs: opening, entries: chosen.entries });
  const { now, signal } = session.runtime;
  const databaseUrl = answers.DATABASE_URL?.value.reveal() ?? null;
  const show = (entry: Partial<Notice> & Pick<Notice, 'code' | 'message'>): void =>
    session.emit({ type: 'notice', remedy: '', ...entry });

  show({ code: 'space', ...spaceState(hostingOf(context), facts) });
  if (facts.hidden !== null) show({ ...facts.hidden, code: 'hidden' });
  show({ code: 'health', ...healthState(facts) });
  for (const service of serviceStates(facts)) show({ code: 'service', ...service });
  const { variables } = facts;
  const usage = await describeToday({ databaseUrl, variables, now: now(), signal });
  show({ code: 'usage', state: 'neutral', message: usage });
  for (const message of await chartOf(session, databaseUrl)) show({ code: 'usage-day', message });
  show({ code: 'frontend', ...frontendState(frontend) });
  for (const entry of journalStates(chosen)) show({ code: 'journal', ...entry });
  for (const database of await unclaimedHere(session, opening.http))
    if (!database.isGone) session.emit(claimEvent(database));
  const deployment: Deployment = {
    space: chosen.space,
    url: facts.url,
    health: facts.health?.status ?? 'unknown',
    frontend: frontend.type === 'known' ? frontend.origin : null,
  };
  return { deployment, exitCode: exitCodes.done };
}

/** A bar for each day of the last week, for a person; none without a connection string, or where nothing was asked. */
async function chartOf({ runtime, flags }: Session, databaseUrl: string | null): Promise<string[]> {
  if (databaseUrl === null || flags.json) return [];
  const { signal } = runtime;
  const days = await questionsByDay({ databaseUrl, days: 7, now: runtime.now(), signal });
  const isEmpty = days.every(({ answered, others }) => answered + others === 0);
  return isEmpty ? [] : chartLines({ days }).map(({ text }) => text);
}

/** What a line of the list says, and with which sign. */
type State = Required<Pick<Notice, 'message' | 'state'>>;

function spaceState({ service, label }: Hosting, { stage, isPublic }: SpaceStatus): State {
  const category = classifyStage(stage);
  const normal =
    category === 'asleep' ? ' (normal: after 48 h without a visitor; the next one wakes it)' : '';
  const place = service === 'huggingface' ? 'Space' : 'Vercel project';
  const message = `${place} ${label}: ${describeStage(stage)}${normal}, ${isPublic ? 'public' : 'private'}`;
  const isWell = category === 'running' || category === 'asleep';
  return { message, state: isWell ? 'good' : category === 'in-progress' ? 'neutral' : 'problem' };
}

function healthState({ health, url: host, variables, stage }: SpaceStatus): State {
  if (classifyStage(stage) === 'asleep')
    return { message: 'Health: not asked, it would wake the Space', state: 'neutral' };
  if (classifyStage(stage) === 'paused')
    return { message: 'Health: not asked, nothing answers while it is paused', state: 'neutral' };
  if (host === null) return { message: 'Health: no address is known yet', state: 'neutral' };
  if (health === null) return { message: `Health: ${host}/api/health does not answer`, state: 'problem' };
  const wanted = variables?.['DEPLOYMENT_ID']?.value;
  const runs = health.deployment_id ?? 'none';
  const agreement =
    wanted === undefined
      ? ''
      : wanted === runs
        ? ', as the settings say'
        : `, but the settings say ${wanted}: it has not restarted since`;
  const isWell = health.status === 'healthy' && (wanted === undefined || wanted === runs);
  return {
    message: `Health: ${health.status}, server ${health.version ?? 'of unknown version'}, deployment ${runs}${agreement}`,
    state: isWell ? 'good' : 'problem',
  };
}

type ServiceState = { status: string; error?: string; used_percent?: number };

function serviceStates({ health }: SpaceStatus): State[] {
  return Object.entries(health?.services ?? {}).flatMap(([name, service]) => {
    if (typeof service !== 'object' || service === null || !('status' in service)) return [];
    const { status: word, error, used_percent: used } = service as ServiceState;
    const share = used === undefined ? '' : `, ${used} % of what the plan allows in 30 days is used`;
    const isWell = !(health?.failed_services ?? []).includes(name) && error === undefined;
    return [
      {
        message: `${name}: ${word}${share}${error === undefined ? '' : `, ${error}`}`,
        state: isWell ? 'good' : 'problem',
      },
    ];
  });
}

function frontendState(frontend: FrontendStatus): State {
  if (frontend.type !== 'known') return { message: frontend.why, state: 'neutral' };
  const { key, value, project } = frontend;
  return value === null
    ? { message: `Vercel ${project}: no readable ${key}`, state: 'problem' }
    : { message: `Vercel ${project}: ${key} is ${value}`, state: 'good' };
}

function journalStates({ entries }: KnownSpace): State[] {
  const last = entries.at(-1);
  if (last === undefined) return [{ message: 'This machine has no journal of it.', state: 'neutral' }];
  const open = pendingEntries(entries);
  const madeNouns: Partial<Record<string, string>> = {
    cluster: 'the Qdrant cluster',
    'cluster-key': 'the server’s key',
    database: 'the Neon project',
  };
  const made = createdResources(entries).flatMap(({ thing, id }) => {
    const noun = madeNouns[thing];
    return noun === undefined
      ? []
      : [{ message: `Made by this tool: ${noun} ${id}`, state: 'neutral' } as const];
  });
  return [
    { message: `Last change from this machine: ${journaledTitle(last)}, ${last.at}`, state: 'neutral' },
    ...made,
    ...open.map((entry): State => ({
      message: `Begun and not finished: ${journaledTitle(entry)} (${entry.id}). Run rag-space-setup again.`,
      state: 'problem',
    })),
  ];
}

import { pendingEntries } from '../model/run/journal.ts';
import type { Deployment } from '../model/run/event.ts';
import { exitCodes } from '../model/failure.ts';
import { hostingOf, journaledTitle } from '../hosting/hosting-of.ts';
import type { Hosting } from '../hosting/hosting.ts';
import { classifyStage, describeStage } from '../hosting/stage.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { questionsByDay } from '../insights/read-insights.ts';
import { chartLines } from '../model/display/insights-lines.ts';
import { readFrontendStatus } from '../deployment/frontend/frontend-status.ts';
import { readCommandInputs } from '../deployment/command-inputs.ts';
import { describeToday } from '../deployment/server/chat-usage.ts';
import { readOnlyContext, readSpaceStatus, type SpaceStatus } from '../deployment/server/space-status.ts';
import { claimEvent } from '../interview/provisioning/create-postgres.ts';
import { unclaimedHere } from '../interview/provisioning/unclaimed-here.ts';
import { chooseSpace, type KnownSpace } from '../interview/targets/choose-space.ts';
import type { Session } from '../model/runtime.ts';

/** Shows what is deployed. Reads only, needs no token, and does not wake a Space that sleeps. Throws Failure. */
export async function status(session: Session): Promise<CommandResult> {
  const opening = await readCommandInputs(session);
  const { answers } = opening;
  const chosen = await chooseSpace(session, answers);
  const context = readOnlyContext(session, { inputs: opening, space: chosen.space, answers });
  const facts = await readSpaceStatus(context);
  const frontend = await readFrontendStatus(session, { inputs: opening, entries: chosen.entries });
  const say = (code: string, message: string, remedy = ''): void =>
    session.emit({ type: 'notice', code, message, remedy });

  say('space', spaceLine(hostingOf(context), facts));
  if (facts.hidden !== null) say('hidden', facts.hidden.message, facts.hidden.remedy);
  say('health', healthLine(facts));
  for (const line of serviceLines(facts)) say('service', line);
  const databaseUrl = answers.DATABASE_URL?.value.reveal() ?? null;
  const { variables } = facts;
  const { now, signal } = session.runtime;
  say('usage', await describeToday({ databaseUrl, variables, now: now(), signal }));
  for (const text of await chartOf(session, databaseUrl)) say('usage-day', text);
  if (frontend.type === 'known') {
    const { key, value, project } = frontend;
    say('frontend', `Vercel ${project}: ${value === null ? `no readable ${key}` : `${key} is ${value}`}`);
  } else {
    say('frontend', frontend.why);
  }
  for (const line of journalLines(chosen)) say('journal', line);
  for (const database of await unclaimedHere(session, opening.http)) session.emit(claimEvent(database));
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

function spaceLine({ service, label }: Hosting, { stage, isPublic }: SpaceStatus): string {
  const normal =
    classifyStage(stage) === 'asleep' ? ' (normal: after 48 h without a visitor; the next one wakes it)' : '';
  const place = service === 'huggingface' ? 'Space' : 'Vercel project';
  return `${place} ${label}: ${describeStage(stage)}${normal}, ${isPublic ? 'public' : 'private'}`;
}

function healthLine({ health, url: host, variables, stage }: SpaceStatus): string {
  if (classifyStage(stage) === 'asleep') return 'Health: not asked, it would wake the Space';
  if (classifyStage(stage) === 'paused') return 'Health: not asked, nothing answers while it is paused';
  if (host === null) return 'Health: no address is known yet';
  if (health === null) return `Health: ${host}/api/health does not answer`;
  const wanted = variables?.['DEPLOYMENT_ID']?.value;
  const runs = health.deployment_id ?? 'none';
  const agreement =
    wanted === undefined
      ? ''
      : wanted === runs
        ? ', as the settings say'
        : `, but the settings say ${wanted}: it has not restarted since`;
  return `Health: ${health.status}, server ${health.version ?? 'of unknown version'}, deployment ${runs}${agreement}`;
}

type ServiceState = { status: string; error?: string; used_percent?: number };

function serviceLines({ health }: SpaceStatus): string[] {
  return Object.entries(health?.services ?? {}).flatMap(([name, state]) => {
    if (typeof state !== 'object' || state === null || !('status' in state)) return [];
    const { status: word, error, used_percent: used } = state as ServiceState;
    const share = used === undefined ? '' : `, ${used} % of what the plan allows in 30 days is used`;
    return [`${name}: ${word}${share}${error === undefined ? '' : `, ${error}`}`];
  });
}

function journalLines({ entries }: KnownSpace): string[] {
  const last = entries.at(-1);
  if (last === undefined) return ['This machine has no journal of it.'];
  const open = pendingEntries(entries);
  return [
    `Last change from this machine: ${journaledTitle(last)}, ${last.at}`,
    ...open.map(
      (entry) => `Begun and not finished: ${journaledTitle(entry)} (${entry.id}). Run rag-space-setup again.`,
    ),
  ];
}

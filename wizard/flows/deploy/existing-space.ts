import { pendingEntries } from '../../model/run/journal.ts';
import { deadline } from '../../clients/deadline.ts';
import type { Answers } from '../../model/answers.ts';
import { Failure } from '../../model/failure.ts';
import { describePlace } from '../../model/formats/function-place.ts';
import type { JournalEntry } from '../../model/run/journal.ts';
import { serviceTitles } from '../../model/service.ts';
import { hostingService, journaledTitle } from '../../hosting/hosting-of.ts';
import type { Session } from '../../model/runtime.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { readOnlyContext, readSpaceStatus } from '../../deployment/server/space-status.ts';
import { isWantedPlace, type KnownSpace } from '../../interview/targets/choose-space.ts';
import { listJournals, readJournal } from '../../run/journal-file.ts';
import type { HealthReport } from '../../../server/contract.ts';
import type { ExistingSpace } from './deploy-state.ts';

/** Milliseconds for reading the Space's status before the first screen. */
const statusTimeoutMs = 5_000;

/** The Space that this machine deployed to; null where there is none any more, or the user cannot be asked about it. */
export async function findExistingSpace(
  session: Session,
  inputs: CommandInputs,
): Promise<ExistingSpace | null> {
  const { renderer, flags, runtime } = session;
  const mayAsk = renderer.canAsk && !flags.yes && !runtime.rehearsal && flags.apiUrl === null;
  const space = mayAsk ? await knownSpace(session, inputs.answers) : null;
  return space === null ? null : readStatus(session, { inputs, known: space });
}

/** The Space that was named, else the one that was worked on last from this machine. */
async function knownSpace({ runtime, flags }: Session, answers: Answers): Promise<KnownSpace | null> {
  const { stateDir } = runtime;
  const name = answers.HF_SPACE?.value;
  if (name !== undefined) return name.includes('/') ? readJournal({ stateDir, space: name }) : null;
  const journals = await listJournals({ stateDir });
  return journals.find(({ space, entries }) => isWantedPlace(space, flags) && hasSpace(entries)) ?? null;
}

function hasSpace(entries: readonly JournalEntry[]): boolean {
  return entries.findLast(({ thing }) => thing === 'space')?.change !== 'removed' && entries.length > 0;
}

/** Null when the Space is gone. A status that cannot be read is unknown. */
async function readStatus(
  session: Session,
  { inputs, known: knownSpace }: { inputs: CommandInputs; known: KnownSpace },
): Promise<ExistingSpace | null> {
  const { runtime, emit } = session;
  const { space, entries } = knownSpace;
  const vendor = serviceTitles[hostingService({ target: { space } })];
  emit({
    type: 'notice',
    code: 'looking',
    message: `Asking ${vendor} how ${describePlace(space).name} is.`,
    remedy: '',
  });
  const wired = entries.findLast(
    ({ thing, change }) => thing === 'frontend-variable' && change !== 'removed',
  );
  const base = {
    space,
    version: runtime.version,
    unfinished: pendingEntries(entries).map((entry) => journaledTitle(entry)),
    projectId: wired?.place ?? null,
    ...(entries.at(-1) !== undefined && { changedAt: entries.at(-1)?.at ?? '' }),
  };
  const signal = deadline({ signal: runtime.signal, ms: statusTimeoutMs });
  const context = readOnlyContext(session, { inputs, space, answers: inputs.answers });
  try {
    const { stage, health } = await readSpaceStatus({ ...context, signal });
    const { status = null, version = null } = health ?? {};
    return { ...base, stage, health: status, serverVersion: version, ...serverFacts(health) };
  } catch (error) {
    runtime.signal.throwIfAborted();
    if (error instanceof Failure && error.code === 'space-missing') return null;
    return { ...base, stage: null, health: null, serverVersion: null };
  }
}

/** What the server says of its services. */
function serverFacts(health: HealthReport | null): Pick<ExistingSpace, 'problems' | 'sections'> {
  const services = Object.entries(health?.services ?? {}).flatMap(([name, state]) =>
    typeof state === 'object' && state !== null ? [{ name, ...(state as Record<string, unknown>) }] : [],
  );
  const problems = services
    .filter((service) => health?.failed_services?.includes(service.name))
    .map(
      (service) =>
        `${service.name}: ${String(Reflect.get(service, 'error') ?? Reflect.get(service, 'status'))}`,
    );
  const sections: unknown = services.map((service) => Reflect.get(service, 'vectors')).find(Number.isInteger);
  return { problems, ...(typeof sections === 'number' && { sections }) };
}

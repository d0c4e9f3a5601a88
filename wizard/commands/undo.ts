import type { Answer, Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import { exitCodes } from '../model/failure.ts';
import { createdResources, type CreatedResource } from '../model/run/created-resources.ts';
import { describePlace } from '../model/formats/function-place.ts';
import type { Secret } from '../model/secret.ts';
import type { Service } from '../model/service.ts';
import { assertJournalReadable, listJournals, openJournal, type JournalFile } from '../run/journal-file.ts';
import { usedElsewhere } from '../run/used-elsewhere.ts';
import { undoFrontendVariable } from '../steps/undo/undo-frontend-variable.ts';
import { undoCollection } from '../steps/undo/undo-collection.ts';
import type { UndoAction } from '../steps/undo/undo-action.ts';
import { undoSiteFiles } from '../steps/undo/undo-site-files.ts';
import { undoSpace } from '../steps/undo/undo-space.ts';
import { undoCreated } from '../interview/provisioning/undo-created.ts';
import { hostOf } from '../provisioning/qdrant/provision-cluster.ts';
import { confirmByName } from '../interview/confirm-by-name.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { collectCredentials } from '../interview/credentials/credential-questions.ts';
import { readCommandInputs, type CommandInputs } from '../deployment/command-inputs.ts';
import { hostingService } from '../hosting/hosting-of.ts';
import { rotatableSecrets } from '../flows/rotate/rotatable-secrets.ts';
import { readOnlyContext } from '../deployment/server/space-status.ts';
import { chooseSpace } from '../interview/targets/choose-space.ts';
import type { Session } from '../model/runtime.ts';

const done: CommandResult = { deployment: null, exitCode: exitCodes.done };

/** Takes back what the journal says that this tool made, each thing named and confirmed first. Throws Failure. */
export async function undo(session: Session): Promise<CommandResult> {
  const opening = await readCommandInputs(session);
  const { stateDir } = session.runtime;
  const hasNoName = opening.answers.HF_SPACE === undefined;
  if (hasNoName && (await listJournals({ stateDir })).length === 0) return sayLinks(session, opening, null);
  const { space, entries } = await chooseSpace(session, opening.answers);
  if (entries.length === 0) {
    await assertJournalReadable({ stateDir, space });
    return sayLinks(session, opening, space);
  }
  const all = createdResources(entries);
  const inUse = await usedElsewhere({ stateDir, space });
  const created = await undoCreated(session, {
    inputs: opening,
    made: all.filter((resource) => inUse(resource) === null),
  });
  // With a cluster goes its collection: no key of it is asked for.
  const isGone = ({ thing, place }: CreatedResource): boolean =>
    thing === 'collection' && created.hosts.has(hostOf(place) ?? '');
  const made = all.filter((resource) => !isGone(resource));
  const services = servicesFor(made, space);
  const changesFiles = made.some(({ thing }) => thing === 'frontend-file');
  if (services.length === 0 && !changesFiles && created.actions.length === 0) {
    say(session, 'nothing-to-undo', `The journal of ${space} names nothing that still exists.`);
    return done;
  }
  opening.answers.HF_SPACE ??= { value: space, source: 'journal', cleaned: [] };
  const collection = made.find(({ thing }) => thing === 'collection')?.id;
  // The right to delete the collection is tried before the Space is removed.
  const credentials = await collectCredentials(session, {
    inputs: opening,
    services,
    preferences: { clusterUse: 'manage', ...(collection !== undefined && { collection }) },
  });
  const journal = await openJournal({ stateDir, space });
  try {
    const undoings = await look(session, { opening, space, made, credentials, journal });
    const gone = all.filter(isGone).map(withItsCluster);
    await carryOut(session, { space, undoings: [...undoings, ...created.actions, ...gone], journal });
  } finally {
    await journal.close();
  }
  sayWhatStays(session, made);
  return done;
}

/** Only the services at which something is to be taken back. */
function servicesFor(made: readonly CreatedResource[], space: string): Service[] {
  const things = new Set(made.map(({ thing, change }) => `${thing} ${change}`));
  const has = (thing: string): boolean => things.has(`${thing} created`) || things.has(`${thing} changed`);
  const needed: Service[] = [
    ...(has('space') ? [hostingService({ target: { space } })] : []),
    ...(has('frontend-variable') ? (['vercel'] as const) : []),
    ...(things.has('collection created') ? (['qdrant'] as const) : []),
  ];
  return [...new Set(needed)];
}

async function look(
  session: Session,
  options: {
    opening: CommandInputs;
    space: string;
    made: readonly CreatedResource[];
    credentials: Partial<Credentials>;
    journal: JournalFile;
  },
): Promise<UndoAction[]> {
  const { opening, space, made, journal } = options;
  const { vercel, huggingface, qdrant } = options.credentials;
  const tools = { http: opening.http, signal: session.runtime.signal };
  const actions: UndoAction[] = [...(await undoSiteFiles(made))];
  const inUse = await usedElsewhere({ stateDir: session.runtime.stateDir, space });
  for (const resource of made) {
    const user = inUse(resource);
    if (user === null) continue;
    const service = serviceOf(resource);
    const what = `${resource.id} stays: ${describePlace(user).name} uses it`;
    actions.push({ service, resource, what, run: null });
  }
  for (const resource of made.filter((other) => inUse(other) === null)) {
    const project = vercel?.scope.projects.find(({ id }) => id === resource.place);
    if (resource.thing === 'frontend-variable' && vercel !== undefined && project !== undefined)
      actions.push(...(await undoFrontendVariable(tools, { resource, project, credential: vercel })));
    if (resource.thing === 'frontend-variable' && project === undefined) {
      const what = `${resource.id} stays: this token does not reach the project ${resource.place}`;
      actions.push({ service: 'vercel', resource, what, run: null });
    }
  }
  if ((hostingService({ target: { space } }) === 'vercel' ? vercel : huggingface) !== undefined) {
    const { HOSTING_VERCEL_TOKEN: hostingToken } = opening.answers;
    const answers: Answers = {
      ...(huggingface !== undefined && { HF_TOKEN: acceptedToken(huggingface.token) }),
      ...(vercel !== undefined && { VERCEL_TOKEN: acceptedToken(vercel.token) }),
      ...(hostingToken !== undefined && { HOSTING_VERCEL_TOKEN: hostingToken }),
    };
    const context = { ...readOnlyContext(session, { inputs: opening, space, answers }), journal };
    actions.push(...(await undoSpace(context, made)));
  }
  for (const resource of made.filter((other) => inUse(other) === null)) {
    if (resource.thing === 'collection' && resource.change === 'created' && qdrant !== undefined)
      actions.push(...undoCollection(tools, { resource, credential: qdrant }));
  }
  return actions;
}

function withItsCluster(resource: CreatedResource): UndoAction {
  const what = `the collection ${resource.id} goes with its cluster`;
  return { service: 'qdrant', resource, what, run: () => Promise.resolve() };
}

function serviceOf({ thing }: CreatedResource): Service {
  if (thing === 'database') return 'postgres';
  return thing === 'collection' || thing === 'cluster' ? 'qdrant' : 'vercel';
}

function acceptedToken(value: Secret): Answer<Secret> {
  return { value, source: 'accepted', cleaned: [] };
}

async function carryOut(
  session: Session,
  { space, undoings, journal }: { space: string; undoings: readonly UndoAction[]; journal: JournalFile },
): Promise<void> {
  const { signal } = session.runtime;
  for (const { diff } of undoings)
    if (diff !== undefined)
      session.emit({ type: 'notice', code: 'frontend-diff', message: diff, remedy: '' });
  session.emit({
    type: 'plan-ready',
    target: { space, project: null, team: null, environment: 'production' },
    changes: undoings.map(({ resource: made, service, what, run }) => ({
      step: made.step,
      service,
      kind: run === null ? 'unchanged' : 'extra',
      what,
    })),
  });
  const pending = undoings.filter(({ run }) => run !== null);
  if (pending.length > 0) await confirmByName(session, space);
  for (const { resource: made, what, run } of pending) {
    signal.throwIfAborted();
    const { step, thing, id, place, previous, edit } = made;
    const entry = { step, thing, id, place, previous, change: 'removed', ...(edit && { edit }) } as const;
    await journal.add({ ...entry, type: 'intent' });
    await run?.();
    await journal.add({ ...entry, type: 'done' });
    say(session, 'undone', `Done: ${what}.`);
  }
  for (const { what, run } of undoings) if (run === null) say(session, 'not-undone', `Not undone: ${what}.`);
}

/** What is not this tool's to take back, and what only its owner can revoke. */
function sayWhatStays(session: Session, made: readonly CreatedResource[]): void {
  if (made.every(({ thing }) => thing !== 'database'))
    say(session, 'kept', 'The conversations stay: the tables conversations and messages of your database.');
  for (const { thing, change, id, place } of made) {
    if (thing === 'collection' && change === 'changed')
      say(session, 'kept', `The collection ${id} at ${place} stays: it was there before.`);
  }
  const changesFiles = made.some(({ thing }) => thing === 'frontend-file');
  if (changesFiles || made.some(({ thing }) => thing === 'frontend-variable')) {
    const message = 'The live pages name the old server until the frontend is deployed again.';
    const first = changesFiles ? 'Commit and push its files, or redeploy' : 'Redeploy';
    say(session, 'redeploy', message, `${first} it on https://vercel.com/dashboard`);
  }
  const pages = new Set([
    ...Object.values(rotatableSecrets).map(({ revokeAt }) => revokeAt),
    'https://huggingface.co/settings/tokens',
    'https://vercel.com/account/settings/tokens',
  ]);
  say(session, 'keys-stay', 'Keys that were made for this deployment alone can be revoked on');
  for (const page of pages) say(session, 'revoke', page);
}

/** Without a journal it is not known what this tool made: nothing is touched. */
function sayLinks(session: Session, { endpoints }: CommandInputs, space: string | null): CommandResult {
  const message = 'This machine has no journal of what was made, so nothing is removed. It may stand here:';
  say(session, 'no-journal', message);
  for (const link of [
    space === null ? `${endpoints.hf}/spaces` : `${endpoints.hf}/spaces/${space}/settings`,
    'https://vercel.com/dashboard',
    'https://cloud.qdrant.io',
    'https://console.neon.tech',
    'https://aistudio.google.com/apikey',
  ]) {
    say(session, 'link', link);
  }
  return done;
}

function say({ emit }: Session, code: string, message: string, remedy = ''): void {
  emit({ type: 'notice', code, message, remedy });
}

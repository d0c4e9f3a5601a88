import type { SecretName } from '../../server/contract.ts';
import type { Credentials } from '../model/credential.ts';
import { exitCodes, Failure } from '../model/failure.ts';
import type { Journal } from '../model/journal.ts';
import type { Service } from '../model/service.ts';
import { openJournal } from '../run/journal-file.ts';
import { runSteps } from '../run/run-steps.ts';
import { awaitBuild } from '../steps/await-build.ts';
import { awaitHealth, healthAt } from '../steps/await-health.ts';
import { collectionPlace } from '../steps/book.ts';
import type { SpaceContext } from '../steps/context.ts';
import { hostOf } from '../steps/host.ts';
import {
  deploymentIdWith,
  setDeploymentId,
  setNewSecrets,
  standingMark,
  type NewSecrets,
  type StandingSettings,
} from '../steps/rotate-secrets.ts';
import { confirm } from './confirm.ts';
import type { Ended } from './deploy.ts';
import { expectAnswers, gather, nowhere } from './gather.ts';
import { openingOf, type Opening } from './opening.ts';
import { putBack } from './put-back.ts';
import { rotatable, whatToRotate } from './rotatable.ts';
import { expectData } from './rotated-data.ts';
import { expectModels, wantedBy } from './space-settings.ts';
import { clusterOf, journaledCluster, newValuesOf } from './rotation-answers.ts';
import { changedSecrets, pairsOf, rotationPlan } from './rotation-plan.ts';
import { lookingContext, spaceFacts } from './space-facts.ts';
import { whichSpace, type Standing } from './which-space.ts';
import { relay, type Session } from './world.ts';

type Rotated = Extract<Service, 'gemini' | 'qdrant' | 'postgres'>;

/** Replaces secrets of a Space, and proves that its server runs with them. Throws Failure. */
export async function rotate(session: Session): Promise<Ended> {
  const opening = await openingOf(session);
  const standing = await whichSpace(session, opening.answers);
  const names = await whatToRotate(session);
  const { space } = standing;
  opening.answers.HF_SPACE ??= { value: space, source: 'journal', cleaned: [] };
  const services = [...new Set(names.map((name) => rotatable[name].service))];
  expectValues(session, { opening, standing, services });
  // The Space says first what its new values have to fit.
  const { credentials } = await gather(session, { ...opening, services: ['huggingface'], place: nowhere });
  const { token } = credentials.huggingface;
  const journal = await openJournal({ stateDir: session.world.stateDir, space });
  try {
    const answers = { HF_TOKEN: { value: token, source: 'accepted', cleaned: [] } };
    const context = { ...lookingContext(session, { opening, space, answers }), journal };
    return await replace(session, { context, opening, standing, names, services });
  } finally {
    await journal.close();
  }
}

/** Where nobody can be asked, all that is missing is said at once. Throws Failure `input-missing`. */
function expectValues(
  session: Session,
  { opening, standing, services }: { opening: Opening; standing: Standing; services: readonly Rotated[] },
): void {
  if (session.renderer.canAsk && !session.flags.yes) return;
  const cluster = journaledCluster(standing);
  const answers = { ...(cluster && { QDRANT_URL: cluster }), ...opening.answers };
  expectAnswers(session, { answers, services: ['huggingface', ...services] });
}

type Work = {
  context: SpaceContext & { journal: Journal };
  opening: Opening;
  standing: Standing;
  names: readonly SecretName[];
  services: readonly Rotated[];
};

async function replace(session: Session, work: Work): Promise<Ended> {
  const { context, opening, names } = work;
  const { space } = context.target;
  const { settings, host } = await settingsOf(context);
  const { credentials, isClusterGiven } = await proved(session, { work, settings });
  const changed = changedSecrets(context, { names, credentials, settings, isClusterGiven });
  if (Object.keys(changed).length === 0) {
    const message = `The Space ${space} holds exactly this value already.`;
    session.emit({ type: 'notice', code: 'nothing-to-rotate', message, remedy: '' });
    return { deployment: { space, url: host, health: 'unknown', frontend: null }, exitCode: exitCodes.done };
  }
  await expectData(session, { credentials, changed, standing: settings });
  const id = await deploymentIdWith(context, { standing: settings, changed });
  const plan = rotationPlan(context, { settings, changed, id });
  session.emit({ type: 'plan-ready', target: plan.target, changes: plan.changes });
  await confirm(session, plan);
  const previous = settings.variables['DEPLOYMENT_ID']?.value ?? null;
  const steps = [setNewSecrets(changed), setDeploymentId({ id, previous }), awaitBuild, awaitHealth];
  try {
    await relay(runSteps({ context, steps }), session.emit);
  } catch (error) {
    context.signal.throwIfAborted();
    const isProven = await servesWith(context, { id, names });
    if (!isProven) throw await putBack(session, { context, opening, standing: settings, changed, error });
    const { message, remedy } = error instanceof Failure ? error : { message: String(error), remedy: '' };
    session.emit({ type: 'notice', code: 'something-else-ails', message, remedy });
  }
  if (changed.QDRANT_URL !== undefined) await noteCluster(context, { settings, credentials });
  sayWhatToRevoke(session, { settings, changed });
  const health = host === null ? null : await healthAt(context, host);
  const deployment = { space, url: host, health: health?.status ?? 'unknown', frontend: null } as const;
  return { deployment, exitCode: exitCodes.done };
}

/** Throws Failure `space-missing`, or `space-not-ours`. */
async function settingsOf(
  context: SpaceContext,
): Promise<{ settings: StandingSettings; host: string | null }> {
  const { secrets, variables, host } = await spaceFacts(context);
  if (secrets === null || variables === null || variables['DEPLOYMENT_ID'] === undefined)
    throw notOurs(context.target.space);
  return { settings: { secrets, variables }, host };
}

/** The new values, tried with the models and the cluster that the Space is set to. */
async function proved(
  session: Session,
  { work, settings }: { work: Work; settings: StandingSettings },
): Promise<{ credentials: Pick<Credentials, Rotated>; isClusterGiven: boolean }> {
  const { context, opening, standing, names, services } = work;
  const start = newValuesOf(session, { opening, names });
  const cluster = clusterOf(context, { names, standing, settings });
  const isClusterGiven = start.answers.QDRANT_URL !== undefined || cluster === null;
  if (!isClusterGiven) start.answers.QDRANT_URL = cluster;
  const wanted = wantedBy(settings);
  const { credentials } = await gather(session, {
    ...opening,
    ...start,
    services,
    settings: wanted,
    place: nowhere,
  });
  if (services.includes('gemini')) expectModels(credentials.gemini, wanted);
  return { credentials, isClusterGiven };
}

/** True when the server that answers runs with what was written, and what ails it is no service of these. */
async function servesWith(
  context: SpaceContext,
  { id, names }: { id: string; names: readonly SecretName[] },
): Promise<boolean> {
  const host = await hostOf(context);
  const health = host === null ? null : await healthAt(context, host);
  if (health?.deployment_id !== id || health.status === 'starting') return false;
  const failed = health.failed_services ?? [];
  return names.every((name) => !failed.includes(rotatable[name].service));
}

/** So that the next rotation of its key knows the cluster, and an undo that what stands there was there before. */
async function noteCluster(
  { journal }: { journal: Journal },
  of: { settings: StandingSettings; credentials: Pick<Credentials, Rotated> },
): Promise<void> {
  const { collection: id } = wantedBy(of.settings);
  const place = collectionPlace(of);
  const entry = { step: 'set-secrets', change: 'changed', thing: 'collection', id, place } as const;
  await journal.add({ ...entry, type: 'done', previous: null });
}

function sayWhatToRevoke(
  session: Session,
  { settings, changed }: { settings: StandingSettings; changed: NewSecrets },
): void {
  for (const [name] of pairsOf(changed)) {
    const mark = standingMark(settings, name);
    const { revokeAt } = rotatable[name];
    const old = `The old one (${mark === null ? 'no fingerprint was kept' : `fingerprint ${mark}`})`;
    const isPlace = name === 'QDRANT_URL';
    session.emit({
      type: 'notice',
      code: isPlace ? 'left-behind' : 'revoke',
      message: isPlace
        ? `${name}: the server runs with the new cluster. ${old} still holds the book.`
        : `${name}: the server runs with the new value. ${old} works until you revoke it.`,
      remedy: isPlace ? `Delete it, if nothing else needs it, on ${revokeAt}` : `Revoke it on ${revokeAt}`,
    });
  }
}

function notOurs(space: string): Failure {
  return new Failure({
    code: 'space-not-ours',
    service: 'huggingface',
    message: `The Space ${space} was not deployed by this tool, or this token may not read its settings.`,
    remedy: `Deploy to it first: npx rag-space-setup --space ${space}`,
  });
}

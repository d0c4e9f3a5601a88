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
import { refuse } from './ask.ts';
import { cancelledEarly } from './cancelled.ts';
import { isConfirmed } from './confirm.ts';
import type { Ended } from './deploy.ts';
import { expectAnswers, gatherOrLeave, nowhere } from './gather.ts';
import { openingOf, type Opening } from './opening.ts';
import { putBack } from './put-back.ts';
import { rotatable, whatToRotate } from './rotatable.ts';
import { expectData } from './rotated-data.ts';
import { expectModels, wantedBy } from './space-settings.ts';
import { journaledCluster, newValues } from './rotation-answers.ts';
import { changedSecrets, pairsOf, rotationPlan } from './rotation-plan.ts';
import { lookingContext, spaceFacts } from './space-facts.ts';
import { whichSpace, type Standing } from './which-space.ts';
import { relay, type Session } from './world.ts';

type Rotated = Extract<Service, 'gemini' | 'qdrant' | 'postgres'>;

/** Replaces secrets of a Space, and proves that its server runs with them. Throws Failure. */
export async function rotate(session: Session): Promise<Ended> {
  const ended = await rotateOrLeave(session, { canLeave: false });
  if (ended === null) throw cancelledEarly();
  return ended;
}

/** As `rotate`; null when a person goes back from the first question. Throws Failure. */
export async function rotateOrLeave(
  session: Session,
  { canLeave }: { canLeave: boolean },
): Promise<Ended | null> {
  const opening = await openingOf(session);
  const standing = await whichSpace(session, opening.answers);
  opening.answers.HF_SPACE ??= { value: standing.space, source: 'journal', cleaned: [] };
  for (;;) {
    const names = await whatToRotate(session, { canGoBack: canLeave });
    if (names === 'back') return null;
    const services = [...new Set(names.map((name) => rotatable[name].service))];
    expectValues(session, { opening, standing, services });
    const isChosen = session.operands.length === 0;
    const asking: Asking = { opening, standing, names, services, canLeave: canLeave || isChosen };
    const ended = await withToken(session, asking);
    if (ended !== 'back') return ended;
    if (!isChosen) return null;
  }
}

type Asking = {
  opening: Opening;
  standing: Standing;
  names: readonly SecretName[];
  services: readonly Rotated[];
  /** Esc at the first question leads somewhere. */
  canLeave: boolean;
};

/** Hugging Face's token first: the Space says what its new values have to fit. */
async function withToken(session: Session, asking: Asking): Promise<Ended | 'back'> {
  const { opening, standing, canLeave } = asking;
  const { space } = standing;
  const options = { ...opening, services: ['huggingface'] as const, place: nowhere, canLeave };
  let found = await gatherOrLeave(session, options);
  for (;;) {
    if ('left' in found) return 'back';
    const { credentials, ongoing } = found;
    const isAsked = (ongoing?.state.asked.length ?? 0) > 0;
    const journal = await openJournal({ stateDir: session.world.stateDir, space });
    try {
      const answers = {
        HF_TOKEN: { value: credentials.huggingface.token, source: 'accepted', cleaned: [] },
      };
      const context = { ...lookingContext(session, { opening, space, answers }), journal };
      const ended = await replace(session, { ...asking, context, canLeave: canLeave || isAsked });
      if (ended !== 'back') return ended;
    } finally {
      await journal.close();
    }
    if (ongoing === null) return 'back';
    found = await gatherOrLeave(session, { ...options, ongoing, isBack: true });
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

type Work = Asking & { context: SpaceContext & { journal: Journal } };

/** Asks for the new values until one is agreed to, and brings it in. */
async function replace(session: Session, work: Work): Promise<Ended | 'back'> {
  const { context, names, services } = work;
  const { settings, host } = await settingsOf(context);
  const { isClusterGiven, ...asking } = { ...newValues(session, { ...work, settings }), place: nowhere };
  let found = await gatherOrLeave(session, asking);
  for (;;) {
    if ('left' in found) return 'back';
    const { credentials, ongoing } = found;
    try {
      if (services.includes('gemini')) expectModels(credentials.gemini, wantedBy(settings));
      const changed = changedSecrets(context, { names, credentials, settings, isClusterGiven });
      const ended = await bringIn(session, { ...work, settings, host, credentials, changed });
      if (ended !== 'back') return ended;
      if (ongoing === null) return 'back';
      found = await gatherOrLeave(session, { ...asking, ongoing, isBack: true });
    } catch (error) {
      const name = names.at(-1);
      if (ongoing === null || name === undefined || !isUnfit(error)) throw error;
      refuse(ongoing.state, name, { message: error.message, remedy: error.remedy });
      found = await gatherOrLeave(session, { ...asking, ongoing });
    }
  }
}

/** Accepted by its service, but no value for this Space: another can be given in its place. */
function isUnfit(error: unknown): error is Failure {
  const codes = ['model-not-open', 'conversations-not-readable', 'collection-not-there'];
  return error instanceof Failure && codes.includes(error.code);
}

type BringingIn = Work & {
  settings: StandingSettings;
  host: string | null;
  credentials: Pick<Credentials, Rotated>;
  changed: NewSecrets;
};

async function bringIn(session: Session, of: BringingIn): Promise<Ended | 'back'> {
  const { context, opening, names, settings, host, credentials, changed } = of;
  const { space } = context.target;
  if (Object.keys(changed).length === 0) {
    const message = `The Space ${space} holds exactly this value already.`;
    session.emit({ type: 'notice', code: 'nothing-to-rotate', message, remedy: '' });
    return { deployment: { space, url: host, health: 'unknown', frontend: null }, exitCode: exitCodes.done };
  }
  await expectData(session, { credentials, changed, standing: settings });
  const id = await deploymentIdWith(context, { standing: settings, changed });
  const plan = rotationPlan(context, { settings, changed, id });
  session.emit({ type: 'plan-ready', target: plan.target, changes: plan.changes });
  if (!(await isConfirmed(session, plan))) return 'back';
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

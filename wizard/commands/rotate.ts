import type { SecretName } from '../../server/contract.ts';
import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import { exitCodes, Failure } from '../model/failure.ts';

import type { Plan } from '../model/plan.ts';
import { Secret } from '../model/secret.ts';
import type { Service } from '../model/service.ts';
import { openJournal } from '../run/journal-file.ts';
import { runSteps } from '../run/run-steps.ts';
import { awaitBuild } from '../steps/await-build.ts';
import { awaitHealth, healthAt } from '../steps/await-health.ts';
import type { SpaceContext } from '../steps/context.ts';
import { hostOf } from '../steps/host.ts';
import { originOf } from '../steps/origins.ts';
import {
  deploymentIdWith,
  isStanding,
  markOf,
  setDeploymentId,
  setNewSecrets,
  standingMark,
  type NewSecrets,
  type StandingSettings,
} from '../steps/rotate-secrets.ts';
import { confirm } from './confirm.ts';
import type { Ended } from './deploy.ts';
import { gather, nowhere } from './gather.ts';
import { openingOf, type Opening } from './opening.ts';
import { putBack } from './put-back.ts';
import { rotatable, whatToRotate } from './rotatable.ts';
import { expectData } from './rotated-data.ts';
import { lookingContext, spaceFacts } from './space-facts.ts';
import { whichSpace, type Standing } from './which-space.ts';
import { relay, type Session } from './world.ts';

type Rotated = 'huggingface' | 'gemini' | 'qdrant' | 'postgres';

/** Replaces secrets of a Space, and proves that its server runs with them. Throws Failure. */
export async function rotate(session: Session): Promise<Ended> {
  const opening = await openingOf(session);
  const standing = await whichSpace(session, opening.answers);
  const names = await whatToRotate(session);
  const { space } = standing;
  const services: Rotated[] = ['huggingface', ...new Set(names.map((name) => rotatable[name].service))];
  const known = answersFor(session, { opening, standing, names });
  const { credentials } = await gather<Rotated, object>(session, {
    ...opening,
    ...known,
    services,
    place: nowhere,
  });
  const journal = await openJournal({ stateDir: session.world.stateDir, space });
  try {
    const { token } = credentials.huggingface;
    const answers = { HF_TOKEN: { value: token, source: 'accepted', cleaned: [] } };
    const context = { ...lookingContext(session, { opening, space, answers }), journal };
    const isClusterGiven = known.answers.QDRANT_URL?.source !== 'journal';
    return await replace(session, { context, opening, names, credentials, isClusterGiven });
  } finally {
    await journal.close();
  }
}

/**
 * Where a person can be asked, a new value is asked for: what lies in the environment is likely the old one, and is
 * only proposed. The cluster's address is taken from the journal when only its key is new.
 */
function answersFor(
  { renderer, flags }: Session,
  of: { opening: Opening; standing: Standing; names: readonly SecretName[] },
): { answers: Answers; proposals: Answers } {
  const { opening, standing, names } = of;
  const answers: Answers = { ...opening.answers };
  const proposals: Answers = { ...opening.proposals };
  answers.HF_SPACE ??= { value: standing.space, source: 'journal', cleaned: [] };
  if (!names.includes('QDRANT_URL')) {
    const url = journaledCluster(standing);
    if (url !== null) answers.QDRANT_URL ??= { value: new Secret(url), source: 'journal', cleaned: [] };
  }
  if (!renderer.canAsk || flags.yes) return { answers, proposals };
  for (const name of names) {
    const given = answers[name];
    if (given !== undefined) proposals[name] = given;
    delete answers[name];
  }
  return { answers, proposals };
}

/** Host and port of the cluster that the book was written to from this machine. */
function journaledCluster({ entries }: Standing): string | null {
  const place = entries.findLast(({ thing }) => thing === 'collection')?.place;
  if (place === undefined) return null;
  return originOf(place);
}

type Work = {
  context: SpaceContext;
  opening: Opening;
  names: readonly SecretName[];
  credentials: Pick<Credentials, Extract<Service, Rotated>>;
  /** False when the cluster’s address is only known from the journal. */
  isClusterGiven: boolean;
};

async function replace(session: Session, work: Work): Promise<Ended> {
  const { context, opening, credentials, names } = work;
  const { space } = context.target;
  const { secrets, variables, host } = await spaceFacts(context);
  if (secrets === null || variables === null || variables['DEPLOYMENT_ID'] === undefined)
    throw notOurs(space);
  const standing: StandingSettings = { secrets, variables };
  const changed = changedSecrets(work, standing);
  if (Object.keys(changed).length === 0) {
    const message = `The Space ${space} holds exactly this value already.`;
    session.emit({ type: 'notice', code: 'nothing-to-rotate', message, remedy: '' });
    return { deployment: { space, url: host, health: 'unknown', frontend: null }, exitCode: exitCodes.done };
  }
  await expectData(session, { credentials, changed, standing });
  const id = await deploymentIdWith(context, { standing, changed });
  const plan = planOf({ space, standing, changed, id, context });
  session.emit({ type: 'plan-ready', target: plan.target, changes: plan.changes });
  await confirm(session, plan);
  const previous = variables['DEPLOYMENT_ID'].value;
  const steps = [setNewSecrets(changed), setDeploymentId({ id, previous }), awaitBuild, awaitHealth];
  try {
    await relay(runSteps({ context, steps }), session.emit);
  } catch (error) {
    context.signal.throwIfAborted();
    const isProven = await servesWith(context, { id, names });
    if (!isProven) throw await putBack(session, { context, opening, standing, changed, error });
    const { message, remedy } = error instanceof Failure ? error : { message: String(error), remedy: '' };
    session.emit({ type: 'notice', code: 'something-else-ails', message, remedy });
  }
  sayWhatToRevoke(session, { standing, changed });
  const health = host === null ? null : await healthAt(context, host);
  const deployment = { space, url: host, health: health?.status ?? 'unknown', frontend: null } as const;
  return { deployment, exitCode: exitCodes.done };
}

function changedSecrets(
  { context, credentials, names, isClusterGiven }: Work,
  standing: StandingSettings,
): NewSecrets {
  const { gemini, qdrant, postgres } = credentials;
  const given: NewSecrets = {
    ...(names.includes('GEMINI_API_KEY') && { GEMINI_API_KEY: gemini.key }),
    ...(names.includes('DATABASE_URL') && { DATABASE_URL: postgres.url }),
    ...(names.some((name) => rotatable[name].service === 'qdrant') && {
      // A key belongs to one cluster: an address that was given goes with it.
      ...(isClusterGiven && { QDRANT_URL: qdrant.url }),
      ...(qdrant.key !== null && { QDRANT_API_KEY: qdrant.key }),
    }),
  };
  const pairs = Object.entries(given) as [SecretName, NonNullable<NewSecrets[SecretName]>][];
  return Object.fromEntries(
    pairs.filter(([name, secret]) => !isStanding(context, { standing, name, secret })),
  );
}

function planOf(of: {
  space: string;
  standing: StandingSettings;
  changed: NewSecrets;
  id: string;
  context: SpaceContext;
}): Plan {
  const { space, standing, changed, id, context } = of;
  const service = 'huggingface';
  const pairs = Object.entries(changed) as [SecretName, NonNullable<NewSecrets[SecretName]>][];
  const secrets = pairs.map(
    ([name, secret]) => `${name} (${standingMark(standing, name) ?? 'unknown'} → ${markOf(context, secret)})`,
  );
  return {
    target: { space, project: null, team: null, environment: 'production' },
    changes: [
      { step: 'set-secrets', service, kind: 'changes', what: secrets.join(', ') },
      { step: 'set-variables', service, kind: 'changes', what: `DEPLOYMENT_ID: ${id}` },
      { step: 'await-build', service, kind: 'changes', what: 'the Space restarts, about a minute' },
      {
        step: 'await-health',
        service,
        kind: 'changes',
        what: 'its server says that it runs with the new value',
      },
    ],
    remarks: ['Readers may wait for a moment while the server restarts. About 1 minute.'],
  };
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

function sayWhatToRevoke(
  session: Session,
  { standing, changed }: { standing: StandingSettings; changed: NewSecrets },
): void {
  for (const name of Object.keys(changed) as SecretName[]) {
    const mark = standingMark(standing, name);
    if (name === 'QDRANT_URL') continue;
    session.emit({
      type: 'notice',
      code: 'revoke',
      message: `${name}: the server runs with the new value. The old one (${mark === null ? 'no fingerprint was kept' : `fingerprint ${mark}`}) works until you revoke it.`,
      remedy: `Revoke it on ${rotatable[name].revokeAt}`,
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

import type { SecretName } from '../../../server/contract.ts';
import type { Answers, Answer } from '../../model/answers.ts';
import { Secret } from '../../model/secret.ts';
import { originOf } from '../../deployment/frontend/allowed-origins.ts';
import {
  isCurrentSecret,
  currentFingerprint,
  type SpaceSettings,
} from '../../hosting/space/space-settings.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { rotatableSecrets } from './rotatable-secrets.ts';
import { preferencesOf } from '../../diagnosis/space-models.ts';
import type { KnownSpace } from '../../interview/which-space.ts';
import type { Session } from '../../model/runtime.ts';

type Start = { answers: Answers; proposals: Answers };
type Rotated = (typeof rotatableSecrets)[SecretName]['service'];

/** What is asked for: values that are tried with the models and the cluster that the Space is set to. */
export function newValues(
  session: Session,
  of: {
    context: SpaceContext;
    opening: CommandInputs;
    standing: KnownSpace;
    settings: SpaceSettings;
    names: readonly SecretName[];
    services: readonly Rotated[];
    canLeave: boolean;
  },
) {
  const { context, opening, standing, settings, names, services, canLeave } = of;
  const start = newValuesOf(session, { opening, names });
  const cluster = clusterOf(context, { names, standing, settings });
  const isClusterGiven = start.answers.QDRANT_URL !== undefined || cluster === null;
  if (!isClusterGiven) start.answers.QDRANT_URL = cluster;
  return { ...opening, ...start, services, settings: preferencesOf(settings), canLeave, isClusterGiven };
}

/**
 * Where a person can be asked, a new value is asked for: what lies in the environment is likely the old one, and is
 * only proposed.
 */
function newValuesOf(
  { renderer, flags }: Session,
  { opening, names }: { opening: CommandInputs; names: readonly SecretName[] },
): Start {
  const answers: Answers = { ...opening.answers };
  const proposals: Answers = { ...opening.proposals };
  if (!renderer.canAsk || flags.yes) return { answers, proposals };
  for (const name of names) {
    const given = answers[name];
    if (given !== undefined) proposals[name] = given;
    delete answers[name];
  }
  return { answers, proposals };
}

/**
 * The address of the cluster that the Space uses, for a rotation of its key alone: the Hub tells no secret, but the
 * journal says where the book was written to. Null where that is not known, or another machine changed it since.
 */
function clusterOf(
  context: SpaceContext,
  of: { names: readonly SecretName[]; standing: KnownSpace; settings: SpaceSettings },
): Answer<Secret> | null {
  const { names, standing, settings } = of;
  const isForQdrant = names.some((name) => rotatableSecrets[name].service === 'qdrant');
  const cluster = journaledCluster(standing);
  if (!isForQdrant || names.includes('QDRANT_URL') || cluster === null) return null;
  const name = 'QDRANT_URL';
  const isMarked = currentFingerprint(settings, name) !== null;
  if (isMarked && !isCurrentSecret(context, { settings, name, secret: cluster.value })) return null;
  return cluster;
}

/** Host and port of the cluster that the book was last written to from this machine. */
export function journaledCluster({ entries }: KnownSpace): Answer<Secret> | null {
  const place = entries.findLast(({ thing }) => thing === 'collection')?.place;
  return place === undefined ? null : { value: new Secret(originOf(place)), source: 'journal', cleaned: [] };
}

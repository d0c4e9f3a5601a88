import type { SecretName } from '../../server/contract.ts';
import type { Answers, Given } from '../model/answers.ts';
import { Secret } from '../model/secret.ts';
import { originOf } from '../steps/origins.ts';
import { isStanding, standingMark, type StandingSettings } from '../steps/rotate-secrets.ts';
import type { SpaceContext } from '../steps/context.ts';
import type { Opening } from '../interview/opening.ts';
import { rotatable } from './rotatable.ts';
import { wantedBy } from '../diagnosis/space-settings.ts';
import type { Standing } from '../interview/which-space.ts';
import type { Session } from '../model/world.ts';

type Start = { answers: Answers; proposals: Answers };
type Rotated = (typeof rotatable)[SecretName]['service'];

/** What is asked for: values that are tried with the models and the cluster that the Space is set to. */
export function newValues(
  session: Session,
  of: {
    context: SpaceContext;
    opening: Opening;
    standing: Standing;
    settings: StandingSettings;
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
  return { ...opening, ...start, services, settings: wantedBy(settings), canLeave, isClusterGiven };
}

/**
 * Where a person can be asked, a new value is asked for: what lies in the environment is likely the old one, and is
 * only proposed.
 */
function newValuesOf(
  { renderer, flags }: Session,
  { opening, names }: { opening: Opening; names: readonly SecretName[] },
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
  of: { names: readonly SecretName[]; standing: Standing; settings: StandingSettings },
): Given<Secret> | null {
  const { names, standing, settings } = of;
  const isForQdrant = names.some((name) => rotatable[name].service === 'qdrant');
  const cluster = journaledCluster(standing);
  if (!isForQdrant || names.includes('QDRANT_URL') || cluster === null) return null;
  const name = 'QDRANT_URL';
  const isMarked = standingMark(settings, name) !== null;
  if (isMarked && !isStanding(context, { standing: settings, name, secret: cluster.value })) return null;
  return cluster;
}

/** Host and port of the cluster that the book was last written to from this machine. */
export function journaledCluster({ entries }: Standing): Given<Secret> | null {
  const place = entries.findLast(({ thing }) => thing === 'collection')?.place;
  return place === undefined ? null : { value: new Secret(originOf(place)), source: 'journal', cleaned: [] };
}

import type { CommandInputs } from '../../../deployment/command-inputs.ts';
import type { Resource } from '../../../interview/fact-store.ts';
import type { FlowQuestion } from '../../../interview/flow.ts';
import {
  createPostgresQuestions,
  createPostgresResources,
  isPostgresChosen,
  isPostgresCreated,
} from '../../../interview/provisioning/create-postgres.ts';
import {
  createQdrantQuestions,
  createQdrantResources,
  isQdrantCreated,
} from '../../../interview/provisioning/create-qdrant.ts';
import type { Session } from '../../../model/runtime.ts';
import type { Service } from '../../../model/service.ts';
import type { DeployState } from '../deploy-state.ts';

/** Under a list of vendors, what is missing at any other is input that is missing. */
export function createdByFlag(
  vendors: Session['flags']['create'],
): Pick<DeployState, 'wantsCreation' | 'postgresSource' | 'qdrantSource' | 'creationAttempts'> {
  const creationAttempts = { qdrant: 0, postgres: 0 };
  if (vendors.length === 0)
    return { wantsCreation: false, postgresSource: null, qdrantSource: null, creationAttempts };
  const paste = { type: 'paste' } as const;
  return {
    wantsCreation: true,
    creationAttempts,
    postgresSource: vendors.includes('neon') ? { type: 'account', project: null } : paste,
    qdrantSource: vendors.includes('qdrant') ? { type: 'account', cluster: null } : paste,
  };
}

/** Where a cluster and a database come from. */
export function creationQuestions(session: Session, after: readonly string[]): FlowQuestion<DeployState>[] {
  return [
    ...createQdrantQuestions<DeployState>(session, { after }),
    ...createPostgresQuestions<DeployState>({ after }),
  ];
}

type CreationOptions = {
  session: Session;
  inputs: CommandInputs;
  services: readonly Service[];
  isNeeded(state: DeployState, service: Service): boolean;
  /** The live checks: those of what is created come after it. */
  checks: readonly Resource<DeployState>[];
};

/**
 * The cluster, then the database, once all that is not made is accepted and the user has decided on both. What is
 * pasted is checked before, what is made after that.
 */
export function creationResources(options: CreationOptions): Resource<DeployState>[] {
  const { session, inputs, services, isNeeded, checks } = options;
  const isMade = (state: DeployState, service: Service): boolean =>
    (service === 'qdrant' && isQdrantCreated(state)) || (service === 'postgres' && isPostgresCreated(state));
  const areAccepted = (state: DeployState, others: readonly Service[]): boolean =>
    others.every((service) => !isNeeded(state, service) || state[service]?.verdict === 'accepted');
  const qdrant = createQdrantResources<DeployState>({
    session,
    inputs,
    isReady: (state) => {
      const isDecided = !isMade(state, 'postgres') || isPostgresChosen(state);
      const others = services.filter((service) => service !== 'qdrant' && !isMade(state, service));
      return isNeeded(state, 'qdrant') && isDecided && areAccepted(state, others);
    },
  });
  const postgres = createPostgresResources<DeployState>({
    session,
    inputs,
    isReady: (state) => {
      const others = services.filter((service) => service !== 'postgres');
      return isNeeded(state, 'postgres') && areAccepted(state, others);
    },
  });
  const checkOf = (created: Service, when: 'pasted' | 'made'): Resource<DeployState>[] =>
    checks
      .filter(({ id }) => id === created)
      .map((check) => ({
        ...check,
        id: when === 'made' ? `made-${created}` : created,
        key: (state) => (isMade(state, created) === (when === 'made') ? check.key(state) : null),
      }));
  return [
    qdrant.overview,
    postgres.account,
    ...checkOf('qdrant', 'pasted'),
    ...checkOf('postgres', 'pasted'),
    qdrant.cluster,
    ...checkOf('qdrant', 'made'),
    postgres.database,
    ...checkOf('postgres', 'made'),
  ];
}

import type { CommandInputs } from '../../../deployment/command-inputs.ts';
import type { Resource } from '../../../interview/fact-store.ts';
import type { FlowQuestion } from '../../../interview/flow.ts';
import {
  createPostgresQuestions,
  createPostgresResources,
} from '../../../interview/provisioning/create-postgres.ts';
import {
  createQdrantQuestions,
  createQdrantResources,
} from '../../../interview/provisioning/create-qdrant.ts';
import type { Session } from '../../../model/runtime.ts';
import type { Service } from '../../../model/service.ts';
import type { DeployState } from '../deploy-state.ts';

/** Under a list of vendors, what is missing at any other is input that is missing. */
export function createdByFlag(
  vendors: Session['flags']['create'],
): Pick<DeployState, 'wantsCreation' | 'postgresSource' | 'qdrantSource'> {
  if (vendors.length === 0) return { wantsCreation: false, postgresSource: null, qdrantSource: null };
  const paste = { type: 'paste' } as const;
  return {
    wantsCreation: true,
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

/** The cluster, then the database, once the others are accepted; each is checked after it. */
export function creationResources(options: CreationOptions): Resource<DeployState>[] {
  const { session, inputs, services, isNeeded, checks } = options;
  const readyFor = (created: Service, later: readonly Service[]) => ({
    session,
    inputs,
    isReady: (state: DeployState): boolean =>
      isNeeded(state, created) &&
      services.every(
        (service) =>
          service === created ||
          later.includes(service) ||
          !isNeeded(state, service) ||
          state[service]?.verdict === 'accepted',
      ),
  });
  const qdrant = createQdrantResources<DeployState>(readyFor('qdrant', ['postgres']));
  const postgres = createPostgresResources<DeployState>(readyFor('postgres', []));
  const checkOf = (service: Service) => checks.filter(({ id }) => id === service);
  return [
    qdrant.overview,
    qdrant.cluster,
    ...checkOf('qdrant'),
    postgres.account,
    postgres.database,
    ...checkOf('postgres'),
  ];
}

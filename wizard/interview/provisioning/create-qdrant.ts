import { HttpFailure } from '../../clients/http-failure.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { Answers } from '../../model/answers.ts';
import { Failure } from '../../model/failure.ts';
import type { Choice } from '../../model/question.ts';
import type { Session } from '../../model/runtime.ts';
import { readCloudOverview, type CloudOverview } from '../../provisioning/qdrant/cloud-overview.ts';
import type { ClusterKeyTools, IndexingKey, ServerKey } from '../../provisioning/qdrant/cluster-keys.ts';
import {
  cloudOf,
  cloudRefusal,
  freeName,
  isSuspended,
  provisionCluster,
} from '../../provisioning/qdrant/provision-cluster.ts';
import type { Resource } from '../fact-store.ts';
import type { FlowQuestion } from '../flow.ts';
import type { InterviewState, Refusal, Refusals } from '../interview-state.ts';
import { questionNamed, valueQuestion } from '../value-question.ts';
import { orNotCreated, type CreationAttempts } from './creation-attempts.ts';
import { announceQdrantCloud, clusterAnswers, clusterName, clusterTools } from './cluster-tools.ts';

/** Where a cluster comes from: an account's, one that exists or a new one; `paste` asks for its address after all. */
export type QdrantSource = { type: 'account'; cluster: string | 'new' | null } | { type: 'paste' };

export type QdrantCreationState = InterviewState & {
  /** The user wants what is missing to be created. */
  wantsCreation: boolean;
  /** Null until it is chosen. */
  qdrantSource: QdrantSource | null;
  /** What QDRANT_CLOUD_API_KEY reaches, or why it does not. */
  cloudOverview?: { overview: CloudOverview } | { refusal: Refusal };
  createdQdrant?: CreatedQdrant;
  /** Why it could not be made, where that can be tried again. */
  qdrantNotCreated?: Failure;
  creationAttempts: CreationAttempts;
  /** What the server gets, where the cluster was made or chosen here. */
  qdrantServerKey?: ServerKey;
};

export type CreatedQdrant = {
  /** The address, and this run's key. */
  answers: Answers;
  what: string;
  isNew: boolean;
  indexing: IndexingKey;
  keyTools: ClusterKeyTools;
};

/** Whether address and key come from Qdrant Cloud: then they are not asked for, unless they were refused. */
export function isQdrantCreated({
  wantsCreation,
  qdrantSource,
  answers,
  qdrant,
}: QdrantCreationState): boolean {
  if (!wantsCreation || qdrantSource?.type === 'paste' || answers.QDRANT_URL !== undefined) return false;
  return qdrant === undefined || qdrant.verdict === 'accepted';
}

/** Where a cluster comes from, the management key, and which cluster. */
export function createQdrantQuestions<S extends QdrantCreationState>(
  session: Session,
  { after }: { after: readonly string[] },
): FlowQuestion<S>[] {
  const source: FlowQuestion<S> = {
    id: 'create-qdrant',
    after,
    isOpen: (state) => isQdrantCreated(state) && state.qdrantSource === null,
    prompt: ({ answers }) => ({
      type: 'choice',
      name: 'create-qdrant',
      title: 'Create the cluster at Qdrant Cloud?',
      lines: [
        'It holds the book’s sections. A free one has 1 GB of memory, and is suspended when idle.',
        'The server gets a key that only reads; this run’s own key is deleted at its end.',
      ],
      choices: [
        {
          value: 'account',
          label: 'Yes, in my Qdrant Cloud account',
          note:
            answers.QDRANT_CLOUD_API_KEY === undefined
              ? 'asks for a management key'
              : 'with QDRANT_CLOUD_API_KEY',
        },
        { value: 'paste', label: 'No, I paste a cluster’s address and key', note: null },
      ],
    }),
    answer: (state, reply) => {
      if (reply.type !== 'choice') return state;
      const qdrantSource: QdrantSource =
        reply.value === 'account' ? { type: 'account', cluster: null } : { type: 'paste' };
      return { ...state, qdrantSource };
    },
  };
  const key: FlowQuestion<S> = valueQuestion<S>({
    question: questionNamed('QDRANT_CLOUD_API_KEY'),
    isNeeded: (state) => isQdrantCreated(state) && state.qdrantSource?.type === 'account',
    refusalsIn: refusedManagementKey,
    room: () => [key],
    after: [...after, 'cloud-overview'],
  });
  const cluster: FlowQuestion<S> = {
    id: 'qdrant-cluster',
    after: [...after, 'cloud-overview'],
    isOpen: (state) =>
      state.isInteractive && overviewIn(state) !== null && isQdrantCreated(state) && isUndecided(state),
    prompt: (state) => ({
      type: 'choice',
      name: 'qdrant-cluster',
      title: 'Which Qdrant cluster?',
      lines: whyNone(state),
      choices: clusterChoices(state, clusterName(session)),
      isSearched: (overviewIn(state)?.clusters.length ?? 0) >= 9,
    }),
    answer: (state, reply) => {
      if (reply.type !== 'choice') return state;
      const qdrantSource: QdrantSource =
        reply.value === 'paste' ? { type: 'paste' } : { type: 'account', cluster: reply.value };
      return { ...state, qdrantSource };
    },
  };
  return [source, key, cluster];
}

function clusterChoices(state: QdrantCreationState, name: string): Choice[] {
  const { clusters = [], offer = null } = overviewIn(state) ?? {};
  return [
    ...clusters.map((cluster): Choice => {
      const place = `${cluster.cloudProviderId ?? ''} ${cluster.cloudProviderRegionId ?? ''}`.trim();
      const note = isSuspended(cluster) ? `${place}, suspended: it is resumed` : place;
      return { value: cluster.id, label: cluster.name, note };
    }),
    ...(offer === null
      ? []
      : [{ value: 'new', label: `A new one, ${freeName(name, clusters)}`, note: offer.what }]),
    { value: 'paste', label: 'Another one: I paste its address and key', note: null },
  ];
}

function whyNone(state: QdrantCreationState): string[] {
  const why = overviewIn(state)?.why ?? null;
  return why === null ? [] : [`No new one can be made: ${why}.`];
}

function overviewIn({ cloudOverview }: QdrantCreationState): CloudOverview | null {
  return cloudOverview !== undefined && 'overview' in cloudOverview ? cloudOverview.overview : null;
}

function isUndecided({ qdrantSource }: QdrantCreationState): boolean {
  return qdrantSource?.type === 'account' && qdrantSource.cluster === null;
}

/** A management key that Qdrant Cloud refused is asked for again. */
export function refusedManagementKey({ cloudOverview }: QdrantCreationState): Refusals {
  if (cloudOverview === undefined || 'overview' in cloudOverview) return {};
  return { QDRANT_CLOUD_API_KEY: cloudOverview.refusal };
}

type CreationOptions<S> = {
  session: Session;
  inputs: Pick<CommandInputs, 'http'>;
  /** Whether every credential that is not created is accepted: before that, nothing is made. */
  isReady(state: S): boolean;
};

/** What the management key reaches, and the cluster itself once it is wanted and all else is known. */
export function createQdrantResources<S extends QdrantCreationState>(
  options: CreationOptions<S>,
): { overview: Resource<S>; cluster: Resource<S> } {
  const { session, isReady } = options;
  const isUsed = (state: S): boolean => isQdrantCreated(state) && state.qdrantSource?.type === 'account';
  return {
    overview: {
      id: 'cloud-overview',
      key: (state) => {
        const { QDRANT_CLOUD_API_KEY: key } = state.answers;
        return isUsed(state) && key !== undefined ? [key] : null;
      },
      load: async (state, signal) => {
        const key = managementKey(state);
        announceQdrantCloud(session);
        try {
          const overview = await readCloudOverview(cloudOf(clusterTools(options, { key, signal })));
          return { cloudOverview: { overview } } as Partial<S>;
        } catch (error) {
          signal.throwIfAborted();
          if (!(error instanceof Failure) || !state.isInteractive) throw cloudRefusal(error);
          return { cloudOverview: { refusal: refusalOf(error) } } as Partial<S>;
        }
      },
    },
    cluster: {
      id: 'created-qdrant',
      key: (state) => {
        const { qdrantSource: source } = state;
        const isChosen = source?.type === 'account' && (!state.isInteractive || source.cluster !== null);
        return isUsed(state) && isChosen && overviewIn(state) !== null && isReady(state)
          ? [source.cluster, state.cloudOverview, state.creationAttempts.qdrant]
          : null;
      },
      load: (state, signal) =>
        orNotCreated<S>(session, {
          state,
          field: 'qdrantNotCreated',
          load: async () => {
            const { qdrantSource: source } = state;
            const overview = overviewIn(state);
            if (source?.type !== 'account' || overview === null) return {};
            const tools = clusterTools(options, { key: managementKey(state), signal });
            const made = await provisionCluster(tools, { overview, chosen: source.cluster });
            const message = `The cluster: ${made.what}.`;
            session.emit({ type: 'notice', code: 'created', message, remedy: '' });
            const createdQdrant: CreatedQdrant = { ...made, answers: clusterAnswers(made) };
            return { createdQdrant } as Partial<S>;
          },
        }),
      release: async ({ createdQdrant }) => createdQdrant?.indexing.end(),
    },
  };
}

function refusalOf(error: Failure): Refusal {
  const { message, remedy } = error;
  const isAway = error.kind === 'unreachable';
  const isKnown = isAway || !(error instanceof HttpFailure);
  return { message, remedy: isKnown ? remedy : 'Make one under Access Management there.', canRetry: isAway };
}

function managementKey({ answers }: QdrantCreationState) {
  const key = answers.QDRANT_CLOUD_API_KEY?.value;
  if (key === undefined) throw new TypeError('QDRANT_CLOUD_API_KEY is not known');
  return key;
}

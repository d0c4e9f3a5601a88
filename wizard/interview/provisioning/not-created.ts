import type { Failure } from '../../model/failure.ts';
import type { FlowQuestion } from '../flow.ts';
import type { CreationState } from './create-postgres.ts';
import type { QdrantCreationState } from './create-qdrant.ts';
import type { CreatedService } from './creation-attempts.ts';

const nouns: Record<CreatedService, string> = { qdrant: 'cluster', postgres: 'database' };

/** What could not be made is tried again with the same answers, or comes from elsewhere. */
export function notCreatedQuestion<S extends CreationState & QdrantCreationState>(
  after: readonly string[],
): FlowQuestion<S> {
  return {
    id: 'not-created',
    after,
    isRevisited: false,
    isOpen: (state) => failedIn(state) !== null,
    prompt: (state) => {
      const { service, failure } = failedIn(state) ?? { service: 'postgres' as const, failure: null };
      return {
        type: 'choice',
        name: 'not-created',
        title: `The ${nouns[service]} could not be made.`,
        lines: [failure?.message ?? '', failure?.remedy ?? ''],
        choices: [
          { value: 'again', label: 'Try again', note: 'with the same answers' },
          { value: 'other', label: `Choose again where the ${nouns[service]} comes from`, note: null },
        ],
      };
    },
    answer: (state, reply) => {
      const service = failedIn(state)?.service ?? 'postgres';
      const { creationAttempts } = state;
      const next: S = {
        ...state,
        creationAttempts: { ...creationAttempts, [service]: creationAttempts[service] + 1 },
      };
      if (reply.type !== 'choice' || reply.value !== 'other') return next;
      return service === 'qdrant' ? { ...next, qdrantSource: null } : { ...next, postgresSource: null };
    },
  };
}

function failedIn({
  qdrantNotCreated,
  postgresNotCreated,
}: CreationState & QdrantCreationState): { service: CreatedService; failure: Failure } | null {
  if (qdrantNotCreated !== undefined) return { service: 'qdrant', failure: qdrantNotCreated };
  return postgresNotCreated === undefined ? null : { service: 'postgres', failure: postgresNotCreated };
}

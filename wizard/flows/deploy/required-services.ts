import { isPostgresCreated } from '../../interview/provisioning/create-postgres.ts';
import { isQdrantCreated } from '../../interview/provisioning/create-qdrant.ts';
import type { AnswerName } from '../../model/answers.ts';
import type { Flags } from '../../model/run/flags.ts';
import { services, type Service } from '../../model/service.ts';
import { requiredAnswers } from '../../probes/required-answers.ts';
import { isServiceNeeded, type DeployState } from './deploy-state.ts';

type ServiceFlags = Pick<Flags, 'apiUrl' | 'hosting' | 'noFrontend' | 'noIndex'>;

/** The services that a deployment's steps use: no other credential is asked for. */
export function requiredServices({ apiUrl, hosting, noFrontend, noIndex }: ServiceFlags): Service[] {
  const hasServer = apiUrl === null;
  const isOnVercel = hasServer && hosting === 'vercel';
  const uses: Record<Service, boolean> = {
    huggingface: hasServer && !isOnVercel,
    vercel: !noFrontend || isOnVercel,
    gemini: hasServer || !noIndex,
    // Also without indexing: the proof asks about what the collection holds.
    qdrant: true,
    postgres: hasServer,
  };
  return services.filter((service) => uses[service]);
}

/** Those of any hosting that may still be chosen. */
export function possibleServices(flags: ServiceFlags): Service[] {
  const possible = new Set([
    ...requiredServices(flags),
    ...(flags.hosting === null ? requiredServices({ ...flags, hosting: 'vercel' }) : []),
  ]);
  return services.filter((service) => possible.has(service));
}

/** Those whose credentials the run needs, as it is now. */
export function neededServices(flags: ServiceFlags, state: DeployState): Service[] {
  const required = requiredServices({ ...flags, hosting: state.hosting });
  return required.filter((service) => isServiceNeeded(state, service));
}

/** Where no one can be asked, nothing is checked before all input is there. */
export function hasAllInput(flags: ServiceFlags, state: DeployState): boolean {
  const names = neededServices(flags, state).flatMap((service) => requiredAnswers[service]);
  const hasBook = flags.noIndex ? state.book !== undefined : state.book?.docsDir != null;
  return hasBook && names.every((name) => state.answers[name] !== undefined || isCreated(state, name));
}

/** Whether a value comes from what is created, and is not asked for. */
export function isCreated(state: DeployState, name: AnswerName): boolean {
  if (name === 'DATABASE_URL') return isPostgresCreated(state);
  return (name === 'QDRANT_URL' || name === 'QDRANT_API_KEY') && isQdrantCreated(state);
}

import type { SecretName } from '../../../server/contract.ts';
import type { Answer, Answers } from '../../model/answers.ts';
import type { Credentials } from '../../model/credential.ts';
import type { Failure } from '../../model/failure.ts';
import type { Plan } from '../../model/run/plan.ts';
import type { Secret } from '../../model/secret.ts';
import type { Service } from '../../model/service.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import type { JournalFile } from '../../run/journal-file.ts';
import { type NewSecrets, type HostedSettings } from '../../hosting/hosted-settings.ts';
import {
  refusedCredentials,
  withoutAnswer,
  type InterviewState,
  type Refusals,
} from '../../interview/interview-state.ts';
import { acceptedCredentials } from '../../interview/credentials/live-checks.ts';
import type { ConfirmationState } from '../../interview/confirm-plan.ts';
import type { ClusterKeyTools } from '../../provisioning/qdrant/cluster-keys.ts';
import { clusterOfSpace } from './known-cluster.ts';
import { rotatableSecrets } from './rotatable-secrets.ts';

/** The Space whose secrets are replaced, as it is now. */
export type RotationTarget = {
  context: SpaceContext & { journal: JournalFile };
  settings: HostedSettings;
  host: string | null;
};

/** What the accepted values lead to; `unfit` where they are no values for this Space. */
export type RotationOutcome =
  | { type: 'unchanged' }
  | { type: 'unfit'; failure: Failure }
  | { type: 'planned'; plan: Plan; changed: NewSecrets; id: string };

export type RotationState = InterviewState &
  ConfirmationState & {
    /** Null until they are chosen. */
    names: readonly SecretName[] | null;
    /** The cluster that the journal names. */
    cluster: Answer<Secret> | null;
    /** Whether the cluster's new key is made or pasted; null until it is chosen. */
    keySource: 'make' | 'paste' | null;
    madeKey?: MadeKey;
    /** Id of the Neon project that this machine made for the server. */
    project: string | null;
    /** Whether Neon makes the new password or a connection string is pasted; null until it is chosen. */
    passwordSource: 'reset' | 'paste' | null;
    /** Null where the project is not what the server uses. */
    ownDatabase?: OwnDatabase | null;
    target?: RotationTarget;
    outcome?: RotationOutcome;
  };

/** A key that this run made for the server. */
export type MadeKey = { keyTools: ClusterKeyTools; space: string; value: Secret; answer: Answer<Secret> };

/** The server's database at Neon: its present connection string, and what ends the password in it. */
export type OwnDatabase = { answer: Answer<Secret>; reset(): Promise<Secret> };

export type RotatedService = Extract<Service, 'gemini' | 'qdrant' | 'postgres'>;

export function rotatedServices({ names }: RotationState): RotatedService[] {
  return [...new Set((names ?? []).map((name) => rotatableSecrets[name].service))];
}

/** With the cluster's address from the journal, where only its key is replaced and no address was given. */
export function answersIn(state: RotationState): Answers {
  const { cluster, names, target = null, madeKey } = state;
  const made: Answers = {
    ...(madeKey !== undefined && { QDRANT_API_KEY: madeKey.answer }),
    // Until the plan is accepted, the database is checked with its present password.
    ...(isPasswordReset(state) && state.ownDatabase != null && { DATABASE_URL: state.ownDatabase.answer }),
  };
  const answers = { ...made, ...state.answers };
  if (answers.QDRANT_URL !== undefined) return answers;
  const address = clusterOfSpace(cluster, { names: names ?? [], space: target });
  return address === null ? answers : { ...answers, QDRANT_URL: address };
}

/** Whether a management key can make the cluster's new key: of the cluster that the server has. */
export function canMakeKey({ names, answers }: RotationState): boolean {
  const isForKeyAlone = names?.includes('QDRANT_API_KEY') === true && !names.includes('QDRANT_URL');
  return isForKeyAlone && answers.QDRANT_CLOUD_API_KEY !== undefined && answers.QDRANT_API_KEY === undefined;
}

export function isKeyMade(state: RotationState): boolean {
  return canMakeKey(state) && (state.keySource === 'make' || !state.isInteractive);
}

/** Whether Neon can make the new password; also while it is not known yet whose database the server uses. */
export function canResetPassword({ names, answers, project, ownDatabase }: RotationState): boolean {
  const isAsked = names?.includes('DATABASE_URL') === true && answers.DATABASE_URL === undefined;
  return isAsked && answers.NEON_API_KEY !== undefined && project !== null && ownDatabase !== null;
}

export function isPasswordReset(state: RotationState): boolean {
  return canResetPassword(state) && (state.passwordSource === 'reset' || !state.isInteractive);
}

/** False when the cluster's address is known from the journal alone. */
export function isClusterGiven(state: RotationState): boolean {
  return state.answers.QDRANT_URL !== undefined || answersIn(state).QDRANT_URL === undefined;
}

/**
 * The state with the secrets chosen. Where the user can be asked, their present values are only offered: what the
 * environment holds is likely the old value.
 */
export function withNames(state: RotationState, names: readonly SecretName[]): RotationState {
  if (!state.isInteractive) return { ...state, names };
  const present = names.flatMap((name) => {
    const answer = state.answers[name];
    return answer === undefined ? [] : [[name, answer] as const];
  });
  const answers = names.reduce(withoutAnswer, state.answers);
  return { ...state, names, answers, proposals: { ...state.proposals, ...Object.fromEntries(present) } };
}

/** A value that its service accepts may still not fit the Space: another one is asked for. */
export function refusalsInRotation(state: RotationState): Refusals {
  const { names, outcome } = state;
  const refused = refusedCredentials(state);
  const name = names?.at(-1);
  if (outcome?.type !== 'unfit' || name === undefined) return refused;
  const { message, remedy } = outcome.failure;
  return { ...refused, [name]: { message, remedy, canRetry: false } };
}

/** Of the replaced secrets' services. */
export function newCredentials(state: RotationState): Pick<Credentials, RotatedService> {
  return acceptedCredentials(state) as Pick<Credentials, RotatedService>;
}

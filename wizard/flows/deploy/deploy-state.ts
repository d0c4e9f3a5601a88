import type { Failure } from '../../model/failure.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Plan, StepId } from '../../model/run/plan.ts';
import type { Service } from '../../model/service.ts';
import type { PrefetchedBook } from '../../deployment/book/book-source.ts';
import type { RunContext, RunTools } from '../../deployment/context.ts';
import { isIndexKept } from '../../deployment/server/existing-secrets.ts';
import type { ConfirmationState } from '../../interview/confirm-plan.ts';
import type { ExistingSecretsState } from '../../interview/credentials/existing-secrets.ts';
import type { CreationState } from '../../interview/provisioning/create-postgres.ts';
import type { QdrantCreationState } from '../../interview/provisioning/create-qdrant.ts';
import type { FrontendState } from '../../interview/frontend/frontend-state.ts';
import type { RetentionState } from '../../interview/retention-question.ts';
import type { StartState } from '../../interview/start/start-state.ts';
import type { TargetState } from '../../interview/targets/target-state.ts';
import type { JournalFile } from '../../run/journal-file.ts';
import type { Recovery, RetryState } from '../retry-question.ts';
import type { PreviousPlace, PreviousPlaceState } from './previous/previous-place.ts';
import type { PreviousProject, PreviousProjectState } from './previous/previous-project.ts';

/** What the user may want of an existing Space. */
export const resumeActions = ['converge', 'content', 'rotate', 'other-project', 'wake', 'new-space'] as const;
export type ResumeAction = (typeof resumeActions)[number];

export type ExistingSpace = {
  /** `owner/name`. */
  space: string;
  /** Null where it could not be looked at. */
  stage: string | null;
  /** What its server says of itself; null when it was not asked or does not answer. */
  health: string | null;
  serverVersion: string | null;
  /** Of this tool. */
  version: string;
  /** Steps that an earlier run from this machine began and did not finish, in words. */
  unfinished: readonly string[];
  /** Services that its server cannot use, each with the reason. */
  problems?: readonly string[];
  /** Sections of the book that it serves; absent where it does not say. */
  sections?: number;
  /** When this machine changed it last, as ISO-8601; absent where it never did. */
  changedAt?: string;
  /** Id of the Vercel project that was wired last from this machine. */
  projectId: string | null;
};

/** A first deployment, or a change of a Space that exists. */
export type DeployMode =
  | { type: 'create' }
  | {
      type: 'update';
      /** `owner/name`. */
      space: string;
      /** The user wants another Vercel project. */
      isOtherProject: boolean;
    };

/** What a run works with once its targets are known; it holds the lock of the Space. */
export type RunDraft = { tools: RunTools & { journal: JournalFile } };

/** A run that is planned and not yet carried out. */
export type PlannedRun = {
  context: RunContext;
  plan: Plan;
  previous: PreviousProject | null;
  previousPlaces: { removed: readonly PreviousPlace[]; kept: readonly PreviousPlace[] };
  /** Number of entries that the journal had before. */
  journalLength: number;
  /** Steps that have succeeded so far. */
  completed: Set<StepId>;
};

/** All that is known of a deployment, from the first question to its result. */
export type DeployState = StartState &
  CreationState &
  QdrantCreationState &
  TargetState &
  ExistingSecretsState &
  FrontendState &
  PreviousProjectState &
  RetentionState &
  PreviousPlaceState &
  ConfirmationState &
  RetryState & {
    /** The Space that this machine knows; null when there is none, or no one can be asked. */
    existingSpace: ExistingSpace | null;
    /** What is wanted of it; null until it is chosen. */
    action: ResumeAction | null;
    /** Null until it is known, and for what is no deployment. */
    mode: DeployMode | null;
    /** How many plans were made, and how often this one was run, before. */
    planAttempt: number;
    runAttempt: number;
    recovery: Recovery | null;
    prefetchedBook?: PrefetchedBook;
    draft?: RunDraft;
    /** Why there is no plan, where that can be tried again. */
    planFailure?: Failure;
    run?: PlannedRun;
    result?: CommandResult;
  };

/** Whether a service's credential is needed: one whose secrets stay on the Space is not asked for. */
export function isServiceNeeded({ mode, existingSecrets }: DeployState, service: Service): boolean {
  if (mode === null) return false;
  // No server keeps the tokens of the vendors that host it and its book.
  if (mode.type === 'create' || service === 'huggingface' || service === 'vercel') return true;
  if (existingSecrets === undefined) return false;
  return !(existingSecrets?.services ?? []).some((kept) => kept === service);
}

/** Whether the book is indexed; without the keys of its collection it cannot be. */
export function isIndexing({ existingSecrets }: DeployState, { noIndex }: { noIndex: boolean }): boolean {
  return !noIndex && !isIndexKept(existingSecrets ?? undefined);
}

import type { AnswerName } from '../../model/answers.ts';
import type { VercelProject, VercelScope } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';
import type { Session } from '../../model/runtime.ts';
import {
  assertTeamExists,
  findProject,
  projectNotFound,
  projectsOf,
} from '../../deployment/frontend/vercel-projects.ts';
import { parseSpaceName } from '../../hosting/space/space-name.ts';
import type { Refusals } from '../interview-state.ts';
import type { BookInterviewState } from './book-questions.ts';
import { refusedHostingToken, type HostingAccountState } from './hosting-account.ts';

export type TargetState = BookInterviewState &
  HostingAccountState & {
    /** The project that the folder belongs to; null where none does. */
    folderProject?: VercelProject | null;
  };

export function scopeOf({ vercel }: TargetState): VercelScope | null {
  return vercel?.verdict === 'accepted' ? vercel.credential.scope : null;
}

/** The team that was named, where the token reaches it. */
export function teamOf(state: TargetState): string | null {
  const failure = targetFailures(state).VERCEL_PROJECT;
  return failure?.code === 'team-not-found' ? null : (state.answers.VERCEL_TEAM?.value ?? null);
}

export function namedProject(state: TargetState): VercelProject | null {
  const scope = scopeOf(state);
  const project = state.answers.VERCEL_PROJECT?.value;
  if (scope === null || project === undefined) return null;
  return findProject(scope, { project, team: state.answers.VERCEL_TEAM?.value ?? null });
}

/** The project of a run that asks nothing and was given none: the only one, else that of the folder. */
export function onlyProject(state: TargetState): VercelProject | null {
  const scope = scopeOf(state);
  if (scope === null) return null;
  const [only, ...others] = projectsOf(scope, state.answers.VERCEL_TEAM?.value ?? null);
  return only !== undefined && others.length === 0 ? only : (state.folderProject ?? null);
}

/** Where the book is: null is the personal scope; undefined while its project is not chosen. */
export function bookTeamIn({ flags }: Session, state: TargetState): string | null | undefined {
  if (flags.noFrontend) return scopeOf(state)?.defaultTeam;
  return namedProject(state)?.teamSlug;
}

/** What is wrong with the targets that were named, by question. */
export function targetFailures(state: TargetState): Partial<Record<AnswerName, Failure>> {
  const scope = scopeOf(state);
  const { VERCEL_PROJECT: project, VERCEL_TEAM: team, HF_SPACE: space } = state.answers;
  const wrongTeam = failureIn(() => scope && assertTeamExists(scope, team?.value ?? null));
  const isMissing = scope !== null && project !== undefined && namedProject(state) === null;
  const wrongProject = wrongTeam ?? (isMissing ? projectNotFound(project.value, scope) : null);
  const account = state.huggingface?.verdict === 'accepted' ? state.huggingface.credential.account : null;
  const wrongSpace = failureIn(() => account && space && parseSpaceName(space.value, account));
  return {
    ...(wrongProject !== null && { VERCEL_PROJECT: wrongProject }),
    ...(wrongSpace !== null && { HF_SPACE: wrongSpace }),
  };
}

function failureIn(check: () => unknown): Failure | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** The same, as reasons to ask again. */
export function refusedTargets(state: TargetState): Refusals {
  const refused = Object.fromEntries(
    Object.entries(targetFailures(state)).map(([name, { message, remedy }]) => [
      name,
      { message, remedy, canRetry: false },
    ]),
  );
  return { ...refused, ...refusedHostingToken(state) };
}

import { basename } from 'node:path';
import type { Answers } from '../../model/answers.ts';
import type { VercelProject } from '../../model/credential.ts';
import type { Choice } from '../../model/question.ts';
import type { Session } from '../../model/runtime.ts';
import { folderProject } from '../../deployment/frontend/folder-project.ts';
import {
  findProject,
  moveToFront,
  projectLabel,
  projectsOf,
} from '../../deployment/frontend/vercel-projects.ts';
import { defaultSpaceName, parseSpaceName } from '../../hosting/space/space-name.ts';
import type { Resource } from '../fact-store.ts';
import type { FlowQuestion } from '../flow.ts';
import { offered, withAnswers, withoutAnswer, type Refusals, type RefusalsIn } from '../interview-state.ts';
import { progress, questionNamed, valueQuestion } from '../value-question.ts';
import { bookQuestions } from './book-questions.ts';
import { functionPlaceIn, hostingAccountQuestions } from './hosting-account.ts';
import {
  bookTeamIn,
  namedProject,
  onlyProject,
  scopeOf,
  targetFailures,
  teamOf,
  type TargetState,
} from './target-state.ts';

/** Where everything goes: resolved once, shown in the plan, used by every write. */
export type Targets = {
  /** Null with --no-frontend. */
  project: VercelProject | null;
  /** `owner/name`. */
  space: string;
  /** True when the user named the Space: an existing Docker Space may then be taken over. */
  isSpaceNamed: boolean;
};

type TargetOptions<S> = {
  session: Session;
  refusalsIn: RefusalsIn<S>;
  /** Whether the book is indexed: then it has to be known. */
  isBookNeeded(state: S): boolean;
  after: readonly string[];
};

/** The project, the Space and the book, each with a default to accept wherever there is one. */
export function targetQuestions<S extends TargetState>(options: TargetOptions<S>): FlowQuestion<S>[] {
  const { session, refusalsIn, isBookNeeded } = options;
  const after = [...options.after, 'folder-project', 'book-location', 'base-url'];
  const room = (): readonly FlowQuestion<S>[] => list;
  const list: FlowQuestion<S>[] = [
    projectQuestion({ ...options, after, room }),
    ...hostingAccountQuestions<S>({ session, bookTeamIn: (state) => bookTeamIn(session, state), after }),
    spaceQuestion({ ...options, after, room }),
    ...bookQuestions<S>({ isNeeded: isBookNeeded, refusalsIn, room, after }),
  ];
  return list;
}

type RoomOptions<S> = TargetOptions<S> & { room(): readonly FlowQuestion<S>[] };

/** Choices that the keys 1 to 9 reach; a longer list is searched. */
const maxNumbered = 9;

/** Chosen from the projects that the token reaches; typed where it reaches none. */
function projectQuestion<S extends TargetState>(options: RoomOptions<S>): FlowQuestion<S> {
  const { session, refusalsIn, after, room } = options;
  const name = 'VERCEL_PROJECT';
  const typed = valueQuestion<S>({
    question: questionNamed(name),
    isNeeded: (state) => {
      if (scopeOf(state) === null || session.flags.noFrontend) return false;
      if (state.isInteractive || state.answers[name] !== undefined) return true;
      return refusalsIn(state)[name] !== undefined || onlyProject(state) === null;
    },
    refusalsIn,
    room,
    after,
    failure: (state) => targetFailures(state)[name] ?? null,
  });
  return {
    ...typed,
    prompt: (state) => {
      const choices = projectChoices(state, refusalsIn(state));
      if (choices.length === 0) return typed.prompt(state);
      const problem = state.problems[name] ?? refusalsIn(state)[name];
      return {
        type: 'choice',
        name,
        title: 'Which Vercel project is the book?',
        place: progress(state, { name, room: room() }),
        lines: problem === undefined ? [] : [problem.message],
        choices,
        isSearched: choices.length > maxNumbered,
      };
    },
    answer: (state, reply) => {
      if (reply.type !== 'choice') return typed.answer(state, reply);
      const entered: Answers = { [name]: { value: reply.value, source: 'chosen', cleaned: [] } };
      const next = withAnswers(state, { entered, refusals: refusalsIn(state) });
      // A team has no question of its own: an unknown one is left out.
      return teamOf(state) === null ? { ...next, answers: withoutAnswer(next.answers, 'VERCEL_TEAM') } : next;
    },
  };
}

/** The proposed project first, else that of the folder. */
function projectChoices(state: TargetState, refusals: Refusals): Choice[] {
  const scope = scopeOf(state);
  if (scope === null) return [];
  const team = teamOf(state);
  const wanted = offered(state, 'VERCEL_PROJECT', refusals.VERCEL_PROJECT)?.value;
  const proposed = wanted === undefined ? null : findProject(scope, { project: wanted, team });
  const inFolder = state.folderProject ?? null;
  return moveToFront(projectsOf(scope, team), proposed ?? inFolder).map((project) => ({
    value: project.id,
    label: projectLabel(project),
    note: project === inFolder ? 'this folder’s' : project.framework,
  }));
}

function spaceQuestion<S extends TargetState>(options: RoomOptions<S>): FlowQuestion<S> {
  const { session, refusalsIn, after, room } = options;
  const name = 'HF_SPACE';
  return valueQuestion<S>({
    question: questionNamed(name),
    isNeeded: (state) =>
      state.huggingface?.verdict === 'accepted' &&
      (state.isInteractive || refusalsIn(state)[name] !== undefined),
    refusalsIn,
    room,
    after,
    fallback: (state) => {
      const value = defaultSpace(session, state);
      return value === null ? null : { value, source: 'default', cleaned: [] };
    },
    failure: (state) => targetFailures(state)[name] ?? null,
  });
}

/** Named after the project, else after the current folder; null without an account. */
function defaultSpace({ runtime }: Pick<Session, 'runtime'>, state: TargetState): string | null {
  if (state.huggingface?.verdict !== 'accepted') return null;
  const { account } = state.huggingface.credential;
  return defaultSpaceName(account, namedProject(state)?.name ?? basename(runtime.cwd));
}

/** Reads which project the folder belongs to. Where no one can be asked, only a folder that was named counts. */
export function folderProjectResource<S extends TargetState>(session: Session): Resource<S> {
  return {
    id: 'folder-project',
    key: (state) => {
      const isUsed = state.isInteractive || session.flags.frontend !== null;
      return scopeOf(state) !== null && isUsed ? [state.vercel, teamOf(state)] : null;
    },
    load: async (state) => {
      const scope = scopeOf(state);
      const candidates = scope === null ? [] : projectsOf(scope, state.isInteractive ? teamOf(state) : null);
      return { folderProject: await folderProject(session, candidates) } as Partial<S>;
    },
  };
}

/** The targets, once their questions are answered. */
export function targetsIn(session: Session, state: TargetState): Targets {
  const { HF_SPACE: answer } = state.answers;
  const project = namedProject(state) ?? (state.isInteractive ? null : onlyProject(state));
  const isSpaceNamed = answer !== undefined && answer.source !== 'default';
  return { project, isSpaceNamed, space: spaceIn(session, { state, project }) };
}

/** A server that runs elsewhere has no Space: its host names its state instead. */
function spaceIn(session: Session, options: { state: TargetState; project: VercelProject | null }): string {
  const { state, project } = options;
  const { apiUrl } = session.flags;
  const name = project?.name ?? basename(session.runtime.cwd);
  if (apiUrl === null && state.hosting === 'vercel')
    return functionPlaceIn(session, { state, name, bookTeam: project?.teamSlug ?? null });
  if (state.huggingface?.verdict !== 'accepted')
    return `elsewhere/${apiUrl === null ? 'server' : new URL(apiUrl).hostname}`;
  const { account } = state.huggingface.credential;
  const { HF_SPACE: answer } = state.answers;
  if (answer !== undefined) return parseSpaceName(answer.value, account);
  return defaultSpaceName(account, name);
}

import type { Answers } from '../../model/answers.ts';
import type { Choice } from '../../model/question.ts';
import { classifyStage, describeStage } from '../../hosting/stage.ts';
import { isVercelPlace } from '../../model/formats/function-place.ts';
import type { FlowQuestion, QuestionPrompt } from '../../interview/flow.ts';
import { withoutAnswer } from '../../interview/interview-state.ts';
import { resumeActions, type DeployState, type ExistingSpace, type ResumeAction } from './deploy-state.ts';

/** The first question of a run that finds an existing Space. */
export const resumeQuestion: FlowQuestion<DeployState> = {
  id: 'again',
  isOpen: ({ existingSpace, action }) => existingSpace !== null && action === null,
  prompt: ({ existingSpace }) => {
    if (existingSpace === null) throw new Error('There is no Space to resume.');
    return resumeMenu(existingSpace);
  },
  answer: (state, reply) => {
    const action = resumeActions.find((candidate) => reply.type === 'choice' && candidate === reply.value);
    return action === undefined ? state : withAction(state, action);
  },
};

/** The state for what was chosen; an update keeps the Space and, unless another is wanted, its Vercel project. */
function withAction(state: DeployState, action: ResumeAction): DeployState {
  const { existingSpace, answers } = state;
  if (action === 'new-space') return { ...state, action, mode: { type: 'create' } };
  const isOtherProject = action === 'other-project';
  if (existingSpace === null || !(isOtherProject || action === 'converge')) return { ...state, action };
  const { space, projectId } = existingSpace;
  const journaled = (value: string) => ({ value, source: 'journal', cleaned: [] });
  const isFunction = isVercelPlace(space);
  const targets: Answers = {
    ...(!isFunction && { HF_SPACE: journaled(space) }),
    ...(projectId !== null && { VERCEL_PROJECT: journaled(projectId) }),
    ...answers,
  };
  return {
    ...state,
    action,
    mode: { type: 'update', space, isOtherProject },
    hosting: isFunction ? 'vercel' : 'space',
    knownPlace: isFunction ? space : null,
    answers: isOtherProject ? withoutAnswer(targets, 'VERCEL_PROJECT') : targets,
    hasStarted: true,
  };
}

export function resumeMenu(seen: ExistingSpace): Extract<QuestionPrompt, { type: 'choice' }> {
  const isAsleep = seen.stage !== null && classifyStage(seen.stage) === 'asleep';
  return {
    type: 'choice',
    name: 'again',
    title: `${seen.space.replace(/^vercel\/~?/, 'Vercel project ')} ${stateOf(seen)}`,
    lines: dashboard(seen),
    choices: isAsleep ? [wake, ...choices(seen)] : choices(seen),
  };
}

/** What is deployed, and what is open: a sign and a line each. */
function dashboard(seen: ExistingSpace): string[] {
  const { health, serverVersion, sections, changedAt, problems = [], unfinished } = seen;
  const row = (sign: string, label: string, text: string): string => `${sign} ${label.padEnd(9)}${text}`;
  const open = [
    ...(isNewer(seen) ? [`A newer server: ${seen.version}; it runs ${serverVersion ?? ''}.`] : []),
    ...(unfinished.length === 0 ? [] : [`Begun and not finished: ${unfinished.join(', ')}.`]),
    ...problems,
  ];
  const isGood = health === 'healthy' || health === null;
  return [
    ...(health === null
      ? []
      : [row(isGood ? '✓' : '!', 'Server', [health, serverVersion].filter(Boolean).join(', '))]),
    ...(sections === undefined ? [] : [row('✓', 'Book', `${sections} sections`)]),
    ...(changedAt === undefined ? [] : [row('·', 'Changed', changedAt.slice(0, 16).replace('T', ' '))]),
    ...open.map((text) => row('!', 'Open', text)),
    'Its secrets stay where they are; only what you choose asks for keys.',
  ];
}

const wake: Choice = { value: 'wake', label: 'Wake it', note: 'no key' };

function choices(seen: ExistingSpace): Choice[] {
  const what =
    seen.unfinished.length > 0 ? 'Finish it' : isNewer(seen) ? 'Update the server' : 'Bring it up to date';
  const isFunction = isVercelPlace(seen.space);
  const host = isFunction ? 'Vercel' : 'Hugging Face';
  const both = isFunction ? 'Vercel' : 'Hugging Face and Vercel';
  return [
    { value: 'converge', label: what, note: isFunction ? 'a token of Vercel' : `keys of ${both}` },
    { value: 'content', label: 'Index new content of the book', note: 'Gemini and Qdrant' },
    { value: 'rotate', label: 'Replace a secret', note: `${host} and the new value` },
    { value: 'other-project', label: 'Another Vercel project', note: both },
    { value: 'new-space', label: `Set up another ${isFunction ? 'server' : 'Space'}`, note: 'all keys' },
  ];
}

function stateOf({ stage, health }: ExistingSpace): string {
  if (stage === null) return 'could not be looked at';
  if (classifyStage(stage) === 'asleep') return 'is asleep (normal after 48 hours without visitors)';
  return `is ${describeStage(stage)}${health === null ? '' : `, ${health}`}`;
}

/** By whole numbers between dots; a version that is not known is not older. */
export function isNewer({
  version,
  serverVersion,
}: Pick<ExistingSpace, 'version' | 'serverVersion'>): boolean {
  if (serverVersion === null) return false;
  const numbers = (text: string): number[] => text.split(/[.-]/).slice(0, 3).map(Number);
  const [mine, its] = [numbers(version), numbers(serverVersion)];
  const at = mine.findIndex((part, index) => part !== its[index]);
  return at >= 0 && (mine[at] ?? 0) > (its[at] ?? 0);
}

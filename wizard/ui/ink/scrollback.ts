import type { Line } from '../../model/display/line.ts';
import { checkLines, eventLines, finishedLines } from '../../model/display/lines.ts';
import { endedStepLines } from '../../model/display/step-lines.ts';
import { planLines } from '../../model/display/plan-lines.ts';
import { foldView } from '../../model/display/view.ts';
import type { Prompt, Reply } from '../../model/question.ts';
import type { RunEvent } from '../../model/run/event.ts';
import { answeredLines, promptLines } from '../prompt-lines.ts';
import { line } from '../../model/display/line.ts';
import type { ScreenState } from './screen-store.ts';

/** Notices that are shown beside the next question, and not kept. */
const passing = new Set(['book', 'pasted', 'cleaned', 'looking', 'rehearsal', 'secrets-kept']);

/** The state after an event: folds the view, and adds to the scrollback what is to stay. */
export function applyEvent(state: ScreenState, event: RunEvent, at: number): ScreenState {
  const next = { ...state, view: foldView(state.view, event, at) };
  switch (event.type) {
    case 'run-started':
      return next;
    case 'plan-ready':
      // The only plan that is accepted by typing a name, on a screen that does not show it.
      return next.view.command === 'undo' ? writePlan(writeChecks(next)) : next;
    case 'check-done':
      // Without an interview there is no checklist to show it.
      return next.outline === null ? addBlock(next, eventLines(event)) : next;
    case 'step-started':
      return writePlan(writeChecks(next));
    case 'step-done':
      // Its row is on the screen, and is written when the run ends.
      return next;
    case 'run-finished': {
      const written = writeSteps(writePlan(writeChecks(next)));
      return addBlock(written, finishedLines(next.view), { isTagged: true, hasGap: true });
    }
    case 'notice':
      return applyNotice(next, event);
    default:
      return addBlock(next, eventLines(event, { mayShowLinks: true }));
  }
}

function applyNotice(state: ScreenState, event: Extract<RunEvent, { type: 'notice' }>): ScreenState {
  if (event.code === 'contacts') return state;
  if (passing.has(event.code)) return { ...state, remarks: [...state.remarks, line(event.message, 'dim')] };
  return addBlock(state, eventLines(event));
}

/** The state after a reply: the prompt is gone, and the answer is kept where no list shows it. */
export function applyReply(state: ScreenState, prompt: Prompt, reply: Reply): ScreenState {
  const next = { ...state, openPrompt: null, remarks: [] };
  if (prompt.type === 'confirm-plan')
    return reply.type === 'accept' ? writePlan(writeChecks(next), prompt) : next;
  return addBlock(next, isListed(state, prompt) ? [] : answeredLines(prompt, reply));
}

const listedChoices = new Set(['start', 'found', 'again', 'VERCEL_PROJECT', 'device-code']);

function isListed({ outline }: ScreenState, prompt: Prompt): boolean {
  if (outline === null) return false;
  return prompt.type === 'value' || (prompt.type === 'choice' && listedChoices.has(prompt.name));
}

/** The checklist, once: when the keys are behind the user, or the run ends. */
function writeChecks(state: ScreenState): ScreenState {
  if (state.areChecksWritten || state.outline === null) return state;
  const lines = state.view.checks.flatMap(checkLines);
  return addBlock({ ...state, areChecksWritten: true }, lines, { isTagged: true });
}

/** The plan, once: when it is accepted, or the run ends. */
function writePlan(state: ScreenState, prompt?: Extract<Prompt, { type: 'confirm-plan' }>): ScreenState {
  const { target, changes } = prompt?.plan ?? state.view;
  const key = JSON.stringify(changes);
  if (target === null || changes.length === 0 || state.writtenPlan === key) return state;
  const lines = planLines({ target, changes }, { isFull: state.view.command === 'plan' });
  const written = addBlock({ ...state, writtenPlan: key }, lines, { isTagged: true, hasGap: true });
  return prompt === undefined ? written : addBlock(written, promptLines(prompt).slice(1));
}

function writeSteps(state: ScreenState): ScreenState {
  return addBlock(state, endedStepLines(state.view), { hasGap: true });
}

function addBlock(
  state: ScreenState,
  lines: readonly Line[],
  style: { isTagged?: boolean; hasGap?: boolean } = {},
): ScreenState {
  if (lines.length === 0) return state;
  const { isTagged = false, hasGap = false } = style;
  const id = state.blocks.length;
  return {
    ...state,
    blocks: [...state.blocks, { id, lines, hasGap, isTagged: isTagged && state.view.rehearsal }],
  };
}

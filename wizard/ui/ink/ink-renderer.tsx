import { render } from 'ink';
import type { RunEvent } from '../../model/run/event.ts';
import { Failure } from '../../model/failure.ts';
import { type Line } from '../../model/display/line.ts';
import { eventLines, finishedLines, planLines } from '../../model/display/lines.ts';
import type { Prompt, Reply } from '../../model/question.ts';
import type { Renderer } from '../../model/renderer.ts';
import { foldView } from '../../model/display/view.ts';
import { createUserActionQueue } from '../user-actions.ts';
import { createPlainRenderer } from '../plain-renderer.ts';
import { answeredLines, promptLines } from '../prompt-lines.ts';
import { App } from './app.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { withResizeFix } from './resize-fix.ts';
import { createScreenStore, type ScreenState, type ScreenStore } from './screen-store.ts';

type InkRendererOptions = {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  now: () => number;
};

function crashFailure(cause: Error): Failure {
  return new Failure({
    kind: 'bug',
    code: 'screen-crashed',
    message: `The screen could not be drawn: ${cause.message}`,
    remedy: 'Run it again with --plain, and please report this.',
    cause,
  });
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

/** The state after an event: folds the view and adds finished output to the scrollback. */
function applyEvent(state: ScreenState, event: RunEvent, at: number): ScreenState {
  const next = { ...state, view: foldView(state.view, event, at) };
  switch (event.type) {
    case 'run-started':
      return addBlock(next, eventLines(event), { isTagged: true });
    case 'plan-ready':
      return addBlock(next, eventLines(event), { isTagged: true, hasGap: true });
    case 'run-finished':
      return addBlock(next, finishedLines(next.view), { isTagged: true, hasGap: true });
    case 'check-done': {
      const isAskedAgain = state.isInteractive && event.verdict !== 'accepted';
      return addBlock(next, eventLines(event).slice(0, isAskedAgain ? 1 : undefined));
    }
    default:
      return addBlock(next, eventLines(event));
  }
}

/** Shows a plan before its confirmation, unless an event has shown it; its remarks follow. */
function addPlan(state: ScreenState, prompt: Prompt): ScreenState {
  if (prompt.type !== 'confirm-plan') return state;
  const { plan } = prompt;
  const isShown = JSON.stringify(plan.changes) === JSON.stringify(state.view.changes);
  const shown = isShown ? state : addBlock(state, planLines(plan), { isTagged: true, hasGap: true });
  return addBlock(shown, promptLines(prompt).slice(1), { hasGap: true });
}

type PromptRequest = {
  /** Different for each prompt, so that its screen starts with new state. */
  id: number;
  store: ScreenStore;
  prompt: Prompt;
  signal: AbortSignal;
  onPending: (reject: (error: Failure) => void) => void;
};

function ask({ id, store, prompt, signal, onPending }: PromptRequest): Promise<Reply> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve({ type: 'cancel' });
      return;
    }
    const settle = (reply: Reply): void => {
      signal.removeEventListener('abort', onAbort);
      store.update((state) => addBlock({ ...state, openPrompt: null }, answeredLines(prompt, reply)), 'now');
      resolve(reply);
    };
    const onAbort = (): void => settle({ type: 'cancel' });
    signal.addEventListener('abort', onAbort, { once: true });
    onPending(reject);
    store.update((state) => {
      return { ...addPlan(state, prompt), openPrompt: { id, prompt, settle }, isInteractive: true };
    }, 'now');
  });
}

/** Renders with Ink below the scrollback, which keeps finished output. */
export function createInkRenderer({ stdin, stdout, stderr, now }: InkRendererOptions): Renderer {
  const store = createScreenStore();
  const userActions = createUserActionQueue();
  let promptCount = 0;
  let crash: Failure | null = null;
  let fallback: Renderer | null = null;
  let rejectPending: (error: Failure) => void = () => undefined;
  const onCrash = (error: Error): void => {
    crash = crashFailure(error);
    rejectPending(crash);
    app.unmount();
    fallback = createPlainRenderer({ stdin, stdout, now, canAsk: false });
  };
  const app = render(
    <ErrorBoundary onCrash={onCrash}>
      <App store={store} now={now} hasColor={stdout.hasColors()} onUserAction={userActions.push} />
    </ErrorBoundary>,
    // Ctrl-C is handled as a key, so that the run can stop cleanly and report what was created.
    { stdin, stdout: withResizeFix(stdout), stderr, exitOnCtrlC: false, interactive: true, maxFps: 30 },
  );
  return {
    canAsk: true,
    show: (event) => {
      if (fallback !== null) fallback.show(event);
      else store.update((state) => applyEvent(state, event, now()), 'soon');
    },
    ask: (prompt, { signal }) => {
      if (crash !== null) return Promise.reject(crash);
      const onPending = (reject: (error: Failure) => void): void => void (rejectPending = reject);
      promptCount += 1;
      return ask({ id: promptCount, store, prompt, signal, onPending });
    },
    userActions: () => userActions.iterate(),
    close: async () => {
      userActions.end();
      store.get().openPrompt?.settle({ type: 'cancel' });
      store.update((state) => ({ ...state, isClosing: true }), 'now');
      await app.waitUntilExit().catch(() => undefined);
      await fallback?.close();
    },
  };
}

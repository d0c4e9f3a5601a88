import { render } from 'ink';
import type { RunEvent } from '../../model/event.ts';
import { Failure } from '../../model/failure.ts';
import { type Line } from '../../model/line.ts';
import { eventLines, finishedLines, planLines } from '../../model/lines.ts';
import type { Prompt, Reply } from '../../model/question.ts';
import type { Renderer } from '../../model/renderer.ts';
import { foldView } from '../../model/view.ts';
import { createIntents } from '../intents.ts';
import { createPlainRenderer } from '../plain.ts';
import { answeredLines, promptLines } from '../prompt-lines.ts';
import { App } from './app.tsx';
import { Boundary } from './boundary.tsx';
import { keepFrames } from './frame-keeper.ts';
import { createStore, type ScreenState, type Store } from './store.ts';

type Options = {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  now: () => number;
};

function crashed(cause: Error): Failure {
  return new Failure({
    kind: 'bug',
    code: 'screen-crashed',
    message: `The screen could not be drawn: ${cause.message}`,
    remedy: 'Run it again with --plain, and report this, please.',
    cause,
  });
}

function withBlock(
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

/** The state after one more event: the view folded, what is finished added to the scrollback. */
function afterEvent(state: ScreenState, event: RunEvent, at: number): ScreenState {
  const next = { ...state, view: foldView(state.view, event, at) };
  switch (event.type) {
    case 'run-started':
      return withBlock(next, eventLines(event), { isTagged: true });
    case 'plan-ready':
      return withBlock(next, eventLines(event), { isTagged: true, hasGap: true });
    case 'run-finished':
      return withBlock(next, finishedLines(next.view), { isTagged: true, hasGap: true });
    case 'check-done': {
      const isAskedAgain = state.isAttended && event.verdict !== 'accepted';
      return withBlock(next, eventLines(event).slice(0, isAskedAgain ? 1 : undefined));
    }
    default:
      return withBlock(next, eventLines(event));
  }
}

/** A plan that no event has shown is shown before it is asked about; its remarks stand below it. */
function withPlan(state: ScreenState, prompt: Prompt): ScreenState {
  if (prompt.type !== 'confirm-plan') return state;
  const { plan } = prompt;
  const isShown = JSON.stringify(plan.changes) === JSON.stringify(state.view.changes);
  const shown = isShown ? state : withBlock(state, planLines(plan), { isTagged: true, hasGap: true });
  return withBlock(shown, promptLines(prompt).slice(1), { hasGap: true });
}

type Asking = {
  /** Another one each time: a screen begins anew. */
  id: number;
  store: Store;
  prompt: Prompt;
  signal: AbortSignal;
  onPending: (reject: (error: Failure) => void) => void;
};

function askOn({ id, store, prompt, signal, onPending }: Asking): Promise<Reply> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      resolve({ type: 'cancel' });
      return;
    }
    const settle = (reply: Reply): void => {
      signal.removeEventListener('abort', onAbort);
      store.update((state) => withBlock({ ...state, asked: null }, answeredLines(prompt, reply)), 'now');
      resolve(reply);
    };
    const onAbort = (): void => settle({ type: 'cancel' });
    signal.addEventListener('abort', onAbort, { once: true });
    onPending(reject);
    store.update((state) => {
      return { ...withPlan(state, prompt), asked: { id, prompt, settle }, isAttended: true };
    }, 'now');
  });
}

/** Ink, inline: what is done stays in the scrollback, a few lines below it move. */
export function createInkRenderer({ stdin, stdout, stderr, now }: Options): Renderer {
  const store = createStore();
  const intents = createIntents();
  let asks = 0;
  let crash: Failure | null = null;
  let fallback: Renderer | null = null;
  let rejectPending: (error: Failure) => void = () => undefined;
  const onCrash = (error: Error): void => {
    crash = crashed(error);
    rejectPending(crash);
    app.unmount();
    fallback = createPlainRenderer({ stdin, stdout, now, canAsk: false });
  };
  const app = render(
    <Boundary onCrash={onCrash}>
      <App store={store} now={now} hasColor={stdout.hasColors()} onIntent={intents.push} />
    </Boundary>,
    // Ctrl-C is a key like others: the run ends in good order and says what stands.
    { stdin, stdout: keepFrames(stdout), stderr, exitOnCtrlC: false, interactive: true, maxFps: 30 },
  );
  return {
    canAsk: true,
    show: (event) => {
      if (fallback !== null) fallback.show(event);
      else store.update((state) => afterEvent(state, event, now()), 'soon');
    },
    ask: (prompt, { signal }) => {
      if (crash !== null) return Promise.reject(crash);
      const onPending = (reject: (error: Failure) => void): void => void (rejectPending = reject);
      asks += 1;
      return askOn({ id: asks, store, prompt, signal, onPending });
    },
    intents: () => intents.iterate(),
    close: async () => {
      intents.end();
      store.get().asked?.settle({ type: 'cancel' });
      store.update((state) => ({ ...state, isClosing: true }), 'now');
      await app.waitUntilExit().catch(() => undefined);
      await fallback?.close();
    },
  };
}

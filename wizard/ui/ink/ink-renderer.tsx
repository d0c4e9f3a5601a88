import { render } from 'ink';
import { Failure } from '../../model/failure.ts';
import type { Prompt, Reply } from '../../model/question.ts';
import type { Renderer } from '../../model/renderer.ts';
import { createUserActionQueue } from '../user-actions.ts';
import { createPlainRenderer } from '../plain-renderer.ts';
import { App } from './app.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { withInputFilter } from './terminal/input-filter.ts';
import { withResizeFix } from './terminal/resize-fix.ts';
import { createScreenStore, type ScreenStore } from './screen-store.ts';
import { applyEvent, applyReply } from './scrollback.ts';

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
      store.update((state) => applyReply(state, prompt, reply), 'now');
      resolve(reply);
    };
    const onAbort = (): void => settle({ type: 'cancel' });
    signal.addEventListener('abort', onAbort, { once: true });
    onPending(reject);
    store.update((state) => ({ ...state, openPrompt: { id, prompt, settle } }), 'now');
  });
}

/** Renders with Ink below the scrollback, which keeps finished output. */
export function createInkRenderer({ stdin, stdout, stderr, now }: InkRendererOptions): Renderer {
  const store = createScreenStore(now);
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
      <App store={store} hasColor={stdout.hasColors()} onUserAction={userActions.push} />
    </ErrorBoundary>,
    // Ctrl-C is handled as a key, so that the run can stop cleanly and report what was created.
    {
      stdin: withInputFilter(stdin),
      stdout: withResizeFix(stdout),
      stderr,
      exitOnCtrlC: false,
      interactive: true,
      maxFps: 30,
    },
  );
  return {
    canAsk: true,
    show: (event) => {
      if (fallback !== null) fallback.show(event);
      else store.update((state) => applyEvent(state, event, now()), 'soon');
    },
    showOutline: (outline) => store.update((state) => ({ ...state, outline }), 'soon'),
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

import type { Line } from '../../model/display/line.ts';
import type { Prompt, Reply } from '../../model/question.ts';
import { emptyView, type View } from '../../model/display/view.ts';

/** Lines that are written once and stay in the scrollback. */
export type ScrollbackBlock = {
  id: number;
  lines: readonly Line[];
  /** Begins with `REHEARSAL` in a rehearsal. */
  isTagged: boolean;
  /** Has an empty line above. */
  hasGap: boolean;
};

/** A prompt on the screen, and how to answer it. */
export type OpenPrompt = { id: number; prompt: Prompt; settle: (reply: Reply) => void };

/** The state that the screen is a function of, except for what is being typed. */
export type ScreenState = {
  view: View;
  blocks: readonly ScrollbackBlock[];
  openPrompt: OpenPrompt | null;
  /** True after the first prompt: a rejected value is asked for again, so its remedy is shown there. */
  isInteractive: boolean;
  isLogOpen: boolean;
  isClosing: boolean;
};

export type ScreenStore = {
  get(): ScreenState;
  subscribe(listener: () => void): () => void;
  /** `soon` batches changes, so that events redraw at most four times a second. */
  update(change: (state: ScreenState) => ScreenState, when: 'now' | 'soon'): void;
};

const frameMs = 250;

/** A store for `useSyncExternalStore`. */
export function createScreenStore(): ScreenStore {
  let state: ScreenState = {
    view: emptyView,
    blocks: [],
    openPrompt: null,
    isInteractive: false,
    isLogOpen: false,
    isClosing: false,
  };
  let shown = state;
  let publishedAt = 0;
  let timer: NodeJS.Timeout | null = null;
  const listeners = new Set<() => void>();
  const publish = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (shown === state) return;
    shown = state;
    publishedAt = performance.now();
    for (const listener of listeners) listener();
  };
  return {
    // React compares this with what it rendered, so unpublished changes must not be visible.
    get: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    update: (change, when) => {
      state = change(state);
      if (when === 'now') publish();
      // A change after a pause is published at once; only frequent changes are batched.
      else timer ??= setTimeout(publish, Math.max(0, publishedAt + frameMs - performance.now()));
    },
  };
}

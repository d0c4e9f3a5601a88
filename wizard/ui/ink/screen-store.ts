import type { Line } from '../../model/display/line.ts';
import type { Prompt, Reply } from '../../model/question.ts';
import { emptyView, type View } from '../../model/display/view.ts';

/** Lines that are written once and stay in the scrollback. */
export type ScrollbackBlock = {
  id: number;
  lines: readonly Line[];
  /** Begins with `REHEARSAL` when this is one. */
  isTagged: boolean;
  /** Stands apart from what is above it. */
  hasGap: boolean;
};

export type OpenPrompt = { id: number; prompt: Prompt; settle: (reply: Reply) => void };

/** All that the screen is a function of, but for what is being typed. */
export type ScreenState = {
  view: View;
  blocks: readonly ScrollbackBlock[];
  openPrompt: OpenPrompt | null;
  /** A person answers in this run: what is asked again says itself what to do. */
  isInteractive: boolean;
  isLogOpen: boolean;
  isClosing: boolean;
};

export type ScreenStore = {
  get(): ScreenState;
  subscribe(listener: () => void): () => void;
  /** `soon` gathers changes so that events alone draw four frames a second at most. */
  update(change: (state: ScreenState) => ScreenState, when: 'now' | 'soon'): void;
};

const frameMs = 250;

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
    // React compares what it drew with this: unpublished changes must not be seen.
    get: () => shown,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    update: (change, when) => {
      state = change(state);
      if (when === 'now') publish();
      // A change after a pause is seen at once; only a flood is gathered.
      else timer ??= setTimeout(publish, Math.max(0, publishedAt + frameMs - performance.now()));
    },
  };
}

import type { Line } from '../../model/display/line.ts';
import type { Outline } from '../../model/display/outline.ts';
import type { Prompt, Reply } from '../../model/question.ts';
import { frameMs } from './parts/spinner.ts';
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
  outline: Outline | null;
  /** What the last reply led to, a line each. */
  remarks: readonly Line[];
  /** The checklist of keys is in the scrollback already. */
  areChecksWritten: boolean;
  /** The changes of the plan that is in the scrollback already, as JSON. */
  writtenPlan: string;
  isLogOpen: boolean;
  isClosing: boolean;
  /** The time that the screen shows, in milliseconds. */
  time: number;
};

export type ScreenStore = {
  get(): ScreenState;
  subscribe(listener: () => void): () => void;
  /** `soon` batches changes, so that events redraw at most four times a second. */
  update(change: (state: ScreenState) => ScreenState, when: 'now' | 'soon'): void;
  /** Publishes the time, unless something was published just now. */
  tick(): void;
};

/** A timer may come a little early. */
const timerSlackMs = 10;

/** A store for `useSyncExternalStore`. */
export function createScreenStore(now: () => number): ScreenStore {
  let state: ScreenState = {
    view: emptyView,
    blocks: [],
    openPrompt: null,
    outline: null,
    remarks: [],
    areChecksWritten: false,
    writtenPlan: '',
    isLogOpen: false,
    isClosing: false,
    time: now(),
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
    tick: () => {
      if (performance.now() - publishedAt < frameMs - timerSlackMs) return;
      state = { ...state, time: now() };
      publish();
    },
    update: (change, when) => {
      state = { ...change(state), time: now() };
      if (when === 'now') publish();
      // A change after a pause is published at once; only frequent changes are batched.
      else timer ??= setTimeout(publish, Math.max(0, publishedAt + frameMs - performance.now()));
    },
  };
}

import { createContext } from 'react';
import type { Outline } from '../../../model/display/outline.ts';
import { emptyView, type View } from '../../../model/display/view.ts';
import type { Line } from '../../../model/display/line.ts';
import type { UserAction } from '../../../model/renderer.ts';
import type { WindowSize } from './window.ts';

/** What every screen shows beside its own content. */
export type ScreenFacts = {
  view: View;
  outline: Outline | null;
  /** What the last reply led to, a line each; gone with the next. */
  remarks: readonly Line[];
  /** True until the first prompt is answered. */
  isFirstPrompt: boolean;
  size: WindowSize;
  /** In milliseconds; moves while something runs. */
  time: number;
  onUserAction: (action: UserAction) => void;
};

export const ScreenContext = createContext<ScreenFacts>({
  view: emptyView,
  outline: null,
  remarks: [],
  isFirstPrompt: false,
  size: { columns: 80, rows: 24 },
  time: 0,
  onUserAction: () => undefined,
});

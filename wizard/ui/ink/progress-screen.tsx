import { useWindowSize } from 'ink';
import { useEffect, useState, type ReactNode } from 'react';
import { line, type Line } from '../../model/display/line.ts';
import { checkingLine, elapsed, progressLines } from '../../model/display/lines.ts';
import type { UserAction } from '../../model/renderer.ts';
import { runningSteps, type View } from '../../model/display/view.ts';
import { actionOf, endingBindings, progressBindings, waitBindings, type KeyName } from '../keys.ts';
import { LineView } from './line-view.tsx';
import { LiveArea } from './live-area.tsx';
import { useKeys } from './use-keys.ts';

function useClock(now: () => number): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 1000);
    return () => clearInterval(timer);
  }, [now]);
  // An event may have come since the last tick.
  return Math.max(time, now());
}

/** While something runs and nothing is asked: the step, its clock, its log when wanted. */
export function ProgressScreen(props: {
  view: View;
  now: () => number;
  isLogOpen: boolean;
  onToggleLog: () => void;
  onIntent: (intent: UserAction) => void;
}): ReactNode {
  const { view, now, isLogOpen, onToggleLog, onIntent } = props;
  const { columns } = useWindowSize();
  const time = useClock(now);
  const [since] = useState(now);
  const [isEnding, setIsEnding] = useState(false);
  const isStepping = runningSteps(view).length > 0;
  const bindings = isEnding ? endingBindings : isStepping ? progressBindings : waitBindings;
  const end = (type: 'leave' | 'cancel'): void => {
    setIsEnding(true);
    onIntent({ type });
  };
  const actions = {
    log: onToggleLog,
    leave: () => end('leave'),
    cancel: () => end('cancel'),
  };
  useKeys({
    onKey: ({ name, letter }) => {
      const action = actionOf(bindings, { name: name as KeyName, letter });
      if (action !== null) actions[action]();
    },
  });
  const [title, ...rest] = isStepping ? progressLines(view, time) : waitingLines(view, time - since);
  if (isEnding) return <LiveArea lines={[line('Ending in good order…', 'strong')]} bindings={bindings} />;
  if (title === undefined) return null;
  const log = view.log.map(({ source, text }) => line(`${source}: ${text}`, 'dim'));
  const body =
    isLogOpen && isStepping ? (log.length === 0 ? [line('The log is empty so far.', 'dim')] : log) : rest;
  return (
    <LiveArea lines={[title]} bindings={bindings}>
      {body.map((one, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines of a log repeat; their place is what they are.
        <LineView key={index} line={one} columns={columns} isCut />
      ))}
    </LiveArea>
  );
}

/** No wait is without a word and its time; the short ones between two screens need none. */
function waitingLines(view: View, ms: number): Line[] {
  const checking = checkingLine(view);
  if (checking !== null) return [checking];
  return ms < 1000 ? [] : [line(`Working, ${elapsed(ms)}`, 'dim')];
}

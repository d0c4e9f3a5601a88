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
  // An event may be newer than the last tick.
  return Math.max(time, now());
}

/** Shown while no prompt is open: the running step, its clock, and its log if opened. */
export function ProgressScreen(props: {
  view: View;
  now: () => number;
  isLogOpen: boolean;
  onToggleLog: () => void;
  onUserAction: (action: UserAction) => void;
}): ReactNode {
  const { view, now, isLogOpen, onToggleLog, onUserAction } = props;
  const { columns } = useWindowSize();
  const time = useClock(now);
  const [startedAt] = useState(now);
  const [isEnding, setIsEnding] = useState(false);
  const hasRunningStep = runningSteps(view).length > 0;
  const bindings = isEnding ? endingBindings : hasRunningStep ? progressBindings : waitBindings;
  const end = (type: 'leave' | 'cancel'): void => {
    setIsEnding(true);
    onUserAction({ type });
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
  const [title, ...rest] = hasRunningStep ? progressLines(view, time) : waitingLines(view, time - startedAt);
  if (isEnding) return <LiveArea lines={[line('Stopping cleanly…', 'strong')]} bindings={bindings} />;
  if (title === undefined) return null;
  const log = view.log.map(({ source, text }) => line(`${source}: ${text}`, 'dim'));
  const body =
    isLogOpen && hasRunningStep ? (log.length === 0 ? [line('The log is empty so far.', 'dim')] : log) : rest;
  return (
    <LiveArea lines={[title]} bindings={bindings}>
      {body.map((entry, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines of a log repeat, so only their position identifies them.
        <LineView key={index} line={entry} columns={columns} isCut />
      ))}
    </LiveArea>
  );
}

/** A line with the elapsed time while waiting; none for the short waits between two screens. */
function waitingLines(view: View, ms: number): Line[] {
  const checking = checkingLine(view);
  if (checking !== null) return [checking];
  return ms < 1000 ? [] : [line(`Working, ${elapsed(ms)}`, 'dim')];
}

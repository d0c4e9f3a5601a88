import { use, useState, type ReactNode } from 'react';
import { elapsed } from '../../../model/display/elapsed.ts';
import { line, type Line } from '../../../model/display/line.ts';
import { checkingLine } from '../../../model/display/lines.ts';
import { runningSteps, stepsBeganAt, type View } from '../../../model/display/view.ts';
import type { UserAction } from '../../../model/renderer.ts';
import { endingBindings, progressBindings, waitBindings } from '../../keys.ts';
import { InterviewSoFar } from '../parts/interview-so-far.tsx';
import { LineView } from '../parts/line-view.tsx';
import { LiveArea } from '../parts/live-area.tsx';
import { ScreenContext } from '../parts/screen-context.ts';
import { StepList } from '../parts/step-list.tsx';
import { frameRows, liveRows } from '../parts/window.ts';
import { useCommands } from '../terminal/use-commands.ts';

/** Shown while no prompt is open: the steps with their bars, or their log if it is opened; before that, the checks. */
export function ProgressScreen(props: {
  view: View;
  isLogOpen: boolean;
  onToggleLog: () => void;
  onUserAction: (action: UserAction) => void;
}): ReactNode {
  const { view, isLogOpen, onToggleLog, onUserAction } = props;
  const { size, outline, time } = use(ScreenContext);
  const { columns } = size;
  const [startedAt] = useState(time);
  const [isEnding, setIsEnding] = useState(false);
  const hasSteps = runningSteps(view).length > 0;
  const end = (type: 'leave' | 'cancel'): void => {
    setIsEnding(true);
    onUserAction({ type });
  };
  const area = useCommands({
    bindings: isEnding ? endingBindings : hasSteps ? progressBindings : waitBindings,
    actions: { log: onToggleLog, leave: () => end('leave'), cancel: () => end('cancel') },
  });
  if (isEnding) return <LiveArea lines={[line('Stopping cleanly…', 'strong')]} {...area} />;
  if (hasSteps) {
    const log = view.log.map(({ source, text }) => line(`${source}: ${text}`, 'dim'));
    const shown = log.length === 0 ? [line('The log is empty so far.', 'dim')] : log;
    return (
      <LiveArea lines={[]} right={elapsed(time - stepsBeganAt(view))} {...area}>
        <StepList room={liveRows(size) - frameRows(size) - (isLogOpen ? shown.length : 0)} />
        {(isLogOpen ? shown : []).map((entry, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- lines of a log repeat, so only their position identifies them.
          <LineView key={index} line={entry} columns={columns} isCut />
        ))}
      </LiveArea>
    );
  }
  const waiting = waitingLine(view, time - startedAt);
  // A short wait between two screens: nothing to read yet.
  if (waiting === null && outline === null)
    return view.command === '' ? null : <LiveArea lines={[]} {...area} bindings={[]} />;
  return (
    <LiveArea lines={[]} {...area}>
      <InterviewSoFar isWaiting />
      {waiting === null ? null : <LineView line={waiting} columns={columns} isCut />}
    </LiveArea>
  );
}

/** A line with the elapsed time while waiting; none for the short waits between two screens. */
function waitingLine(view: View, ms: number): Line | null {
  const checking = checkingLine(view);
  if (checking !== null) return checking;
  return ms < 1000 ? null : line(`Working, ${elapsed(ms)}`, 'dim');
}

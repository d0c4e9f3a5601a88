import { Text } from 'ink';
import { use, type ReactNode } from 'react';
import { line } from '../../../model/display/line.ts';
import { fractionOf, outcomeSigns, progressText, logExcerpt } from '../../../model/display/step-lines.ts';
import type { StepView } from '../../../model/display/view.ts';
import { longestStepTitle, stepTitle } from '../../../model/run/plan.ts';
import { Spinner } from './key-list.tsx';
import { LineView, useTone } from './line-view.tsx';
import { ScreenContext } from './screen-context.ts';
import { isRoomy } from './window.ts';

const titleColumn = longestStepTitle + 2;
const barCells = { roomy: 20, narrow: 10 };

/** A bar of lines: the part that is done is heavier, so that it can be read without colours. */
export function barOf(fraction: number, cells: number): { done: string; rest: string } {
  const full = Math.max(0, Math.min(cells, Math.round(fraction * cells)));
  return { done: '━'.repeat(full), rest: '─'.repeat(cells - full) };
}

/** The steps of a run: those that ended, those that run with how far they are, those to come. `room` in rows. */
export function StepList({ room }: { room: number }): ReactNode {
  const { view, size } = use(ScreenContext);
  const dim = useTone('dim');
  const good = useTone('good');
  const { steps } = view;
  const ended = steps.filter(({ state }) => state !== 'waiting' && state !== 'running');
  const running = steps.filter(({ state }) => state === 'running');
  const next = steps.filter(({ state }) => state === 'waiting').map(stepTitle);
  const notes = running.filter(({ note }) => note !== '').length;
  const failed = ended.filter(({ state }) => state === 'failed');
  const left = room - running.length - notes - (next.length > 0 ? 1 : 0);
  const latest = ended.length <= left ? ended : ended.slice(ended.length - Math.max(0, left - 1));
  // A failure is all that matters then; a narrow window has no room for what would have come.
  const isStopped = failed.length > 0 && running.length === 0;
  const shown = isStopped ? failed : latest;
  const folded = ended.length - shown.length;
  return (
    <>
      {folded === 0 ? null : (
        <Text>
          {'  '}
          <Text {...good}>✓</Text>
          {` ${folded} ${folded === 1 ? 'step' : 'steps'} done`}
        </Text>
      )}
      {shown.map((step) => (
        <EndedStep key={step.step} step={step} />
      ))}
      {running.map((step) => (
        <RunningStep key={step.step} step={step} />
      ))}
      {next.length === 0 || (isStopped && !isRoomy(size)) ? null : (
        <Text {...dim} wrap="truncate">
          {`  · ${isStopped ? 'Not done: ' : ''}${next.join(isRoomy(size) ? ' · ' : ', ')}`}
        </Text>
      )}
    </>
  );
}

function EndedStep({ step }: { step: StepView }): ReactNode {
  const { view, size } = use(ScreenContext);
  const { sign, tone } = outcomeSigns[step.state as keyof typeof outcomeSigns];
  const [style, dim] = [useTone(tone), useTone('dim')];
  const title = stepTitle(step);
  if (step.state === 'failed') {
    const excerpt = logExcerpt(view.log, step);
    return (
      <>
        <Text {...style}>{`  ${sign} ${title}`}</Text>
        <LineView line={line(`    ${step.reason}`, 'plain', 4)} columns={size.columns} />
        {excerpt.map((text, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- lines of a log repeat, so only their position identifies them.
          <LineView key={index} line={line(`    │ ${text}`, 'dim')} columns={size.columns} isCut />
        ))}
      </>
    );
  }
  return (
    <Text wrap="truncate">
      {'  '}
      <Text {...style}>{sign}</Text>
      {` ${isRoomy(size) ? title.padEnd(titleColumn) : title}`}
      {isRoomy(size) ? <Text {...dim}>{step.reason}</Text> : null}
    </Text>
  );
}

function RunningStep({ step }: { step: StepView }): ReactNode {
  const { size, time } = use(ScreenContext);
  const [strong, dim, link] = [useTone('strong'), useTone('dim'), useTone('good')];
  const isWide = isRoomy(size);
  const fraction = fractionOf(step, time);
  const bar = fraction === null ? null : barOf(fraction, isWide ? barCells.roomy : barCells.narrow);
  const title = stepTitle(step);
  return (
    <>
      <Text wrap="truncate">
        {'  '}
        <Text {...link}>
          <Spinner />
        </Text>
        <Text {...strong}>{` ${isWide ? title.padEnd(titleColumn) : `${title} `}`}</Text>
        {bar === null ? null : (
          <>
            <Text {...link}>{bar.done}</Text>
            <Text {...dim}>{`${bar.rest} `}</Text>
          </>
        )}
        {`${bar === null ? '' : ' '}${progressText(step, time, { isShort: !isWide })}`}
      </Text>
      {step.note === '' ? null : (
        <LineView line={line(`    ${step.note}`, 'dim', 4)} columns={size.columns} />
      )}
    </>
  );
}

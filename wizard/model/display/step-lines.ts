import type { Outcome, RunEvent } from '../run/event.ts';
import { stepTitle } from '../run/plan.ts';
import { elapsed } from './elapsed.ts';
import { line, type Line, type Tone } from './line.ts';
import type { LogLine, StepView, View } from './view.ts';

export const outcomeSigns = {
  changed: { sign: '✓', tone: 'good' },
  unchanged: { sign: '=', tone: 'dim' },
  skipped: { sign: '-', tone: 'dim' },
  unproven: { sign: '?', tone: 'warn' },
  failed: { sign: '✗', tone: 'bad' },
} as const satisfies Record<Outcome, { sign: string; tone: Tone }>;

const outcomeTexts: Record<Outcome, string> = {
  changed: '',
  unchanged: 'unchanged',
  skipped: 'skipped',
  unproven: 'not proved',
  failed: 'failed',
};

/** A step that ended: `✓ Upload the server: 8 files (0:02)`. */
export function stepDoneLines(
  event: Pick<Extract<RunEvent, { type: 'step-done' }>, 'step' | 'service' | 'outcome' | 'reason' | 'ms'>,
): Line[] {
  const { sign, tone } = outcomeSigns[event.outcome];
  const text = outcomeTexts[event.outcome];
  const title = stepTitle(event);
  const head = event.outcome === 'failed' ? `${title} ${text}` : title;
  const parts = event.outcome === 'failed' ? [event.reason] : [text, event.reason];
  const what = parts.filter((part) => part !== '').join(', ');
  const time = event.ms >= 1000 ? ` (${elapsed(event.ms)})` : '';
  return [line(`${sign} ${head}${what === '' ? '' : `: ${what}`}${time}`, tone, 2)];
}

/** Each step that ended, and below one that failed what the log says of it. */
export function endedStepLines({ steps, log }: View): Line[] {
  return steps.flatMap((step) => {
    const { state } = step;
    if (state === 'waiting' || state === 'running') return [];
    const excerpt = state === 'failed' ? logExcerpt(log, step) : [];
    return [
      ...stepDoneLines({ ...step, outcome: state }),
      ...excerpt.map((text) => line(`  ${text}`, 'dim', 2)),
    ];
  });
}

const mostLogLines = 3;

/** The lines of the log that say why a step failed: those that name an error, else the last ones. */
export function logExcerpt(log: readonly LogLine[], { step }: Pick<StepView, 'step'>): string[] {
  const own = log.filter((entry) => entry.step === undefined || entry.step === step);
  const telling = own.filter(({ text }) =>
    /\b(?:error|fail(?:ed|ure)?|cannot|denied|not found)\b/i.test(text),
  );
  return (telling.length > 0 ? telling : own).slice(-mostLogLines).map(({ text }) => text.trim());
}

/** How far a running step is, from 0 to 1: by its count, else by the time it took before; null while unknown. */
export function fractionOf({ done, total, startedAt, lastMs }: StepView, now: number): number | null {
  if (total > 1) return Math.min(1, done / total);
  // It may take longer this time: the bar is full only when the step ends.
  return lastMs === null || lastMs < 1000 ? null : Math.min(0.95, (now - startedAt) / lastMs);
}

/** `160 of 207 · 39/s`, `0:58 of about 1:40`, or the time alone; without the estimate in a narrow window. */
export function progressText(step: StepView, now: number, { isShort }: { isShort: boolean }): string {
  const { done, total, startedAt, movedAt, lastMs } = step;
  const ms = now - startedAt;
  const quiet = Math.floor((now - movedAt) / 1000);
  const still = quiet >= 10 && !isShort ? `last change ${quiet} s ago` : '';
  if (total > 1) {
    // By the last report, so that it stays the same until the next.
    const measured = movedAt - startedAt;
    const rate = measured >= 1000 && done > 0 ? done / (measured / 1000) : 0;
    const speed = rate >= 1 && !isShort ? `${Math.round(rate)}/s` : '';
    return [`${done} of ${total}`, speed, elapsed(ms), still].filter((part) => part !== '').join(' · ');
  }
  const about = lastMs === null || lastMs < 1000 || isShort ? '' : ` of about ${elapsed(lastMs)}`;
  return [`${elapsed(ms)}${about}`, still].filter((part) => part !== '').join(' · ');
}

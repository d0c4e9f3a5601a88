import type { Deployment, RunEvent } from './event.ts';
import { exitCodes, type FailureReport } from '../failure.ts';

/** The result of a run, folded from its events. */
export type Report = {
  /** True once a step began: something may have been changed, even if no step came to its end. */
  hasBegun: boolean;
  failure: FailureReport | null;
  deployment: Deployment | null;
  /** Of a run that did not fail: 0, 10 for a plan with changes, or 11 for an answer that could not be proved. */
  exitCode: number;
  /** Which checks and steps came to an end, and to which. */
  completedSteps: readonly string[];
};

export const emptyReport: Report = {
  hasBegun: false,
  failure: null,
  deployment: null,
  exitCode: exitCodes.done,
  completedSteps: [],
};

/** The report after one more event. */
export function foldReport(report: Report, event: RunEvent): Report {
  const isChange = event.type === 'notice' && ['undone', 'creating'].includes(event.code);
  if (event.type === 'step-started' || isChange) return { ...report, hasBegun: true };
  const line = completionLine(event);
  return line === null ? report : { ...report, completedSteps: [...report.completedSteps, line] };
}

function completionLine(event: RunEvent): string | null {
  if (event.type === 'check-done') {
    const { service, verdict, code } = event;
    return `check ${service}: ${verdict === code ? verdict : `${verdict}, ${code}`}`;
  }
  if (event.type === 'step-done') return `step ${event.step}: ${event.outcome}, ${event.ms} ms`;
  return null;
}

/** The terminal event, which comes exactly once. */
export function finish(report: Report): Extract<RunEvent, { type: 'run-finished' }> {
  const { failure, deployment } = report;
  return {
    type: 'run-finished',
    ok: failure === null && report.exitCode !== exitCodes.unproven,
    exitCode: failure === null ? report.exitCode : exitCodes[failure.kind],
    failure,
    deployment,
  };
}

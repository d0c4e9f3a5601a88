import type { Deployment, RunEvent } from './event.ts';
import { exitCodes, type FailureReport } from './failure.ts';
import type { StepId } from './plan.ts';

/** What stands at the end of a run; folded from its events. */
export type Report = {
  /** Steps that changed something. */
  changed: readonly StepId[];
  failure: FailureReport | null;
  deployment: Deployment | null;
  /** Of a run that did not fail: 0, or 10 for a plan with changes. */
  exitCode: number;
};

export const emptyReport: Report = { changed: [], failure: null, deployment: null, exitCode: exitCodes.done };

/** The report after one more event. */
export function foldReport(report: Report, event: RunEvent): Report {
  if (event.type === 'step-done' && event.outcome === 'changed') {
    return { ...report, changed: [...report.changed, event.step] };
  }
  return report;
}

/** The terminal event, which comes exactly once. */
export function finish(report: Report): Extract<RunEvent, { type: 'run-finished' }> {
  const { failure, deployment } = report;
  return {
    type: 'run-finished',
    ok: failure === null,
    exitCode: failure === null ? report.exitCode : exitCodes[failure.kind],
    failure,
    deployment,
  };
}

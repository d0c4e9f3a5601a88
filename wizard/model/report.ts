import type { Deployment, RunEvent } from './event.ts';
import { exitCodes, type FailureReport } from './failure.ts';

/** What stands at the end of a run; folded from its events, never kept beside them. */
export type Report = {
  failure: FailureReport | null;
  deployment: Deployment | null;
  pendingChanges: boolean;
};

export const emptyReport: Report = { failure: null, deployment: null, pendingChanges: false };

/** The report after one more event. */
export function foldReport(report: Report, event: RunEvent): Report {
  if (event.type === 'plan-ready') {
    return { ...report, pendingChanges: event.changes.some((change) => change.kind !== 'unchanged') };
  }
  return report;
}

/** The terminal event, which comes exactly once. */
export function finish(report: Report): Extract<RunEvent, { type: 'run-finished' }> {
  const { failure, deployment } = report;
  return {
    type: 'run-finished',
    ok: failure === null,
    exitCode: failure === null ? exitCodes.done : exitCodes[failure.kind],
    failure,
    deployment,
  };
}

import type { FailureReport } from '../failure.ts';
import type { InsightsReport } from './insights-report.ts';
import type { Change, StepId, Target } from './plan.ts';
import type { Permissions } from '../display/permissions.ts';
import type { Secret } from '../secret.ts';
import type { Service } from '../service.ts';

export type Verdict = 'accepted' | 'rejected' | 'unreachable';
/** `unproven`: all is deployed, and that readers get answers could be neither shown nor refuted. */
export type Outcome = 'changed' | 'unchanged' | 'skipped' | 'unproven' | 'failed';

export type Deployment = {
  /** `owner/name`; null for a server that is hosted elsewhere. */
  space: string | null;
  /** Origin of the running server, for a Space as the Hub names it; null while none is known. */
  url: string | null;
  health: 'healthy' | 'degraded' | 'unhealthy' | 'starting' | 'unknown';
  frontend: string | null;
};

/** One thing that happened, as data. The NDJSON form adds `v` and `at`; fields are a stable interface. */
export type RunEvent =
  | { type: 'run-started'; command: string; rehearsal: boolean; version: string }
  | { type: 'input-missing'; missing: readonly { name: string; flag: string | null; env: string }[] }
  | { type: 'check-started'; service: Service }
  | {
      type: 'check-done';
      service: Service;
      verdict: Verdict;
      code: string;
      message: string;
      remedy: string;
      /** Of an accepted one. */
      rights?: Permissions;
    }
  | { type: 'plan-ready'; target: Target; changes: readonly Change[] }
  | {
      type: 'step-started';
      step: StepId;
      service: Service;
      /** Milliseconds it took when it last changed something; absent while that is not known. */
      lastMs?: number;
    }
  | { type: 'step-progress'; step: StepId; service: Service; done: number; total: number; note: string }
  | {
      type: 'step-done';
      step: StepId;
      service: Service;
      outcome: Outcome;
      reason: string;
      /** Milliseconds the step took. */
      ms: number;
    }
  /** A line of another program: a build log, a server's output. */
  | {
      type: 'log';
      source: string;
      text: string;
      /** The step that it tells of, where one does. */
      step?: StepId;
    }
  /** Who has the link owns what it leads to: a terminal shows it, and nothing else. */
  | { type: 'private-link'; code: string; message: string; link: Secret }
  | {
      type: 'notice';
      code: string;
      message: string;
      remedy: string;
      /** Where it tells how something is: well, in need of a look, or neither. */
      state?: 'good' | 'problem' | 'neutral';
    }
  | { type: 'insights'; report: InsightsReport }
  | {
      type: 'run-finished';
      ok: boolean;
      exitCode: number;
      failure: FailureReport | null;
      deployment: Deployment | null;
    };

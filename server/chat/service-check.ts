import { ServerFailure } from '../failure.ts';

/** A vendor's service that health reports on. */
export type ExternalService = 'qdrant' | 'postgres' | 'gemini';

/** The result of one check. `facts` are shown in health: names and counts, never addresses or keys. */
export type CheckResult =
  | {
      ok: true;
      status: string;
      facts: Record<string, unknown>;
      /** As for a failure. */
      isTransient?: boolean;
    }
  | {
      ok: false;
      status: string;
      error: string;
      remedy: string;
      facts?: Record<string, unknown>;
      /** True for a state that may end any moment: it is checked again soon, for some minutes. */
      isTransient?: boolean;
    };

/** A read-only check of one service. Never throws; keeps to its signal. */
export interface ServiceCheck {
  readonly service: ExternalService;
  check(request: { signal: AbortSignal }): Promise<CheckResult>;
}

/** The result of a check that threw, in words that may be shown. */
export function failedCheck(error: unknown, facts: Record<string, unknown> = {}): CheckResult {
  if (error instanceof ServerFailure)
    return {
      ok: false,
      status: 'disconnected',
      error: error.message,
      remedy: error.remedy,
      facts: { ...facts, code: error.code },
    };
  return {
    ok: false,
    status: 'disconnected',
    error: 'It did not answer in time.',
    remedy: 'Wait a minute; then look at the service in its console.',
    facts: { ...facts, code: 'no-answer' },
  };
}

import type { CommandName } from '../model/command.ts';
import { exitCodes, type Failure, type FailureKind } from '../model/failure.ts';
import type { Report } from '../model/run/report.ts';
import { saveFailure } from '../run/last-failure.ts';

/** Nothing that went wrong: it was left, mistyped, or not given enough. */
const noFault: readonly FailureKind[] = ['usage', 'cancelled', 'input-missing'];
/** Their failures are what they found. */
const lookers: readonly CommandName[] = ['status', 'doctor', 'logs'];

/** Keeps a failed run for `doctor --report`. */
export async function saveFailedRun(run: {
  command: CommandName;
  failure: Failure;
  report: Report;
  stateDir: string;
  version: string;
}): Promise<void> {
  const { command, failure, report, stateDir, version } = run;
  if (noFault.includes(failure.kind) || lookers.includes(command)) return;
  const { kind, code, message, remedy, service } = failure.report();
  await saveFailure({
    stateDir,
    record: {
      at: new Date().toISOString(),
      version,
      command,
      exitCode: exitCodes[failure.kind],
      failure: { kind, code, message, remedy, service },
      heard: [...report.completedSteps],
      trace: traceOf(failure),
    },
  });
}

/** By which their support finds a request again. */
const traceHeaders = ['x-request-id', 'x-vercel-id', 'x-goog-request-id', 'cf-ray'] as const;

function traceOf(failure: unknown): string | null {
  for (let error = failure; error instanceof Error; error = error.cause) {
    const headers: unknown = Reflect.get(error, 'headers');
    if (!(headers instanceof Headers)) continue;
    for (const name of traceHeaders) {
      const value = headers.get(name);
      if (value !== null) return `${name}: ${value.slice(0, 100)}`;
    }
  }
  return null;
}

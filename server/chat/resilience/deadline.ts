import { Failure } from '../../failure.ts';

/**
 * Runs `work` with a signal of its own that is aborted with `signal` or after `ms` milliseconds. Leaves nothing
 * behind: `AbortSignal.any` and `AbortSignal.timeout` keep memory and timers until long after an answer.
 */
export async function withDeadline<T>(
  { signal, ms, service }: { signal?: AbortSignal; ms: number; service: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const leave = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) leave();
  signal?.addEventListener('abort', leave, { once: true });
  const timer = setTimeout(() => controller.abort(timeoutFailure(service)), ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', leave);
  }
}

/** For work that takes no signal: it goes on, and nobody waits for it. Rejects with the signal's reason. */
export function rejectOnAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(signal.reason as Error);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** What stands for a service that did not answer in time. */
export function timeoutFailure(service: string, cause?: unknown): Failure {
  return new Failure({
    code: `${service}-unanswered`,
    message: `${service} did not answer in time.`,
    remedy: 'Wait a minute and ask again.',
    cause,
  });
}

import { setMaxListeners } from 'node:events';
import { ServerFailure } from '../../failure.ts';

/**
 * Runs `work` with its own signal, which aborts with `signal` or after `ms` milliseconds. Removes its timer and listener
 * afterwards: `AbortSignal.any` and `AbortSignal.timeout` would keep them and their memory long after an answer.
 */
export async function withDeadline<T>(
  { signal, ms, service }: { signal?: AbortSignal; ms: number; service: string },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  if (signal?.aborted === true) abort();
  if (signal !== undefined) listenFor(signal, abort);
  const timer = setTimeout(() => controller.abort(timeoutFailure(service)), ms);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** Settles as `work` does, or resolves to null after `ms` milliseconds; `work` itself continues. */
export function settleWithin<T>({ ms }: { ms: number }, work: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

/** For work that takes no signal: rejects with the signal's reason when it aborts, while `work` continues unobserved. */
export function rejectOnAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) abort();
    listenFor(signal, abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** Calls at the same time share their caller's signal: more listeners than the 10 that Node 20 takes for a leak. */
function listenFor(signal: AbortSignal, abort: () => void): void {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', abort, { once: true });
}

/** The ServerFailure of a service that did not answer in time. */
export function timeoutFailure(service: string, cause?: unknown): ServerFailure {
  return new ServerFailure({
    code: `${service}-unanswered`,
    message: `${service} did not answer in time.`,
    remedy: 'Wait a minute and ask again.',
    cause,
  });
}

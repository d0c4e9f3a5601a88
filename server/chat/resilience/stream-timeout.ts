import { ServerFailure } from '../../failure.ts';

/** Aborts the controller of a stream that is idle for too long or lasts too long. */
export interface StreamTimeout {
  /** Stops the idle timer while a chunk is being consumed: a slow client must not abort the stream. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Starts both timers; times are in milliseconds. The abort's reason is a ServerFailure. */
export function startStreamTimeout({
  controller,
  idleMs,
  totalMs,
}: {
  controller: AbortController;
  idleMs: number;
  totalMs: number;
}): StreamTimeout {
  const abort = (): void => controller.abort(stalledFailure());
  const total = setTimeout(abort, totalMs);
  let idle = setTimeout(abort, idleMs);
  return {
    pause: () => clearTimeout(idle),
    resume: () => {
      idle = setTimeout(abort, idleMs);
    },
    stop: () => {
      clearTimeout(total);
      clearTimeout(idle);
    },
  };
}

function stalledFailure(): ServerFailure {
  return new ServerFailure({
    code: 'gemini-unavailable',
    message: 'Gemini stopped answering.',
    remedy: 'Wait a minute and ask again.',
  });
}

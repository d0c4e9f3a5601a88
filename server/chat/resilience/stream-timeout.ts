import { ServerFailure } from '../../failure.ts';

/** Aborts the controller of a stream that is idle for too long or lasts too long; the reason is a ServerFailure. */
export class StreamTimeout {
  readonly #total: NodeJS.Timeout;
  readonly #idle: NodeJS.Timeout;
  #isPaused = false;

  /** Starts both timers; times are in milliseconds. */
  constructor({
    controller,
    idleMs,
    totalMs,
  }: {
    controller: AbortController;
    idleMs: number;
    totalMs: number;
  }) {
    this.#total = setTimeout(abort, totalMs, controller);
    this.#idle = setTimeout(() => this.#isPaused || abort(controller), idleMs);
  }

  /** No time counts as idle while a chunk is being consumed: a slow client must not abort the stream. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#idle.refresh();
  }

  stop(): void {
    clearTimeout(this.#total);
    clearTimeout(this.#idle);
  }
}

function abort(controller: AbortController): void {
  controller.abort(stalledFailure());
}

function stalledFailure(): ServerFailure {
  return new ServerFailure({
    code: 'gemini-unavailable',
    message: 'Gemini stopped answering.',
    remedy: 'Wait a minute and ask again.',
  });
}

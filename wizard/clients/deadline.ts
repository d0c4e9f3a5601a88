import { setMaxListeners } from 'node:events';

/**
 * A signal that aborts with another one, or with a `TimeoutError` after a time. It has a timer of its own because
 * `AbortSignal.any` does not keep an `AbortSignal.timeout` alive: once that is garbage-collected, it never fires
 * (Node 20).
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal;
  #timer: NodeJS.Timeout | undefined;
  #isPast = false;

  constructor({ signal, ms }: { signal: AbortSignal; ms: number }) {
    this.#parent = signal;
    if (signal.aborted) this.#controller.abort(signal.reason);
    else {
      // One listener per request under way, all on the signal of the run: more than the 10 that Node takes for a leak.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', this.#follow, { once: true });
      this.restart(ms);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** True when the time ran out; false when the other signal was first. */
  get isPast(): boolean {
    return this.#isPast;
  }

  /** Starts the time again, with another length. */
  restart(ms: number): void {
    this.pause();
    if (this.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.#isPast = true;
      this.#end(new DOMException(`no answer within ${ms / 1000} s`, 'TimeoutError'));
    }, ms);
    this.#timer.unref();
  }

  /** Stops the time until it is restarted. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Aborts what still runs, and leaves nothing behind. */
  close(): void {
    this.#end(new DOMException('done', 'AbortError'));
  }

  readonly #follow = (): void => this.#end(this.#parent.reason);

  #end(reason: unknown): void {
    this.pause();
    this.#parent.removeEventListener('abort', this.#follow);
    this.#controller.abort(reason);
  }
}

/** For a call that has no deadline of its own and takes a signal. */
export function deadline(options: { signal: AbortSignal; ms: number }): AbortSignal {
  return new Deadline(options).signal;
}

/** How a shared stream ended. */
export type StreamEnd = { type: 'complete' } | { type: 'failed'; error: unknown };

/**
 * A stream that is produced once and read by any number of readers, each from its beginning. It starts with its first
 * reader; when the last one leaves before its end, it is aborted after `graceMs` milliseconds.
 */
export class SharedStream<T> {
  /** Until it has started: what it needs is not kept in memory longer. */
  #open: ((signal: AbortSignal) => AsyncIterable<T>) | null;
  readonly #graceMs: number;
  readonly #onEnd: (end: StreamEnd, last: T | undefined) => void;
  readonly #onLeave: () => void;
  readonly #items: T[] = [];
  readonly #controller = new AbortController();
  #end: StreamEnd | null = null;
  #readers = 0;
  #wake: (() => void)[] = [];
  #leaving: NodeJS.Timeout | undefined;
  #hasEnded = (): void => undefined;
  readonly #whenEnded = new Promise<void>((resolve) => (this.#hasEnded = resolve));

  constructor(options: {
    open: (signal: AbortSignal) => AsyncIterable<T>;
    graceMs?: number;
    /** Gets the last item too. */
    onEnd?: (end: StreamEnd, last: T | undefined) => void;
    /** A reader has left before the end. */
    onLeave?: () => void;
  }) {
    this.#open = options.open;
    this.#graceMs = options.graceMs ?? 0;
    this.#onEnd = options.onEnd ?? (() => undefined);
    this.#onLeave = options.onLeave ?? (() => undefined);
  }

  /** Resolves at the end; at once when it has not started. */
  get ended(): Promise<void> {
    return this.#open === null ? this.#whenEnded : Promise.resolve();
  }

  /** Stops producing; readers that wait get the reason. */
  abort(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** All items, then the end or the producer's error. Throws the signal's reason when that aborts. */
  async *read(signal: AbortSignal): AsyncGenerator<T> {
    signal.throwIfAborted();
    this.#enter();
    const wake = (): void => this.#wakeAll();
    signal.addEventListener('abort', wake, { once: true });
    try {
      for (let index = 0; ;) {
        const item = this.#items[index];
        if (index < this.#items.length && item !== undefined) {
          index += 1;
          yield item;
        } else if (this.#end === null) {
          await new Promise<void>((resolve) => this.#wake.push(resolve));
          signal.throwIfAborted();
        } else if (this.#end.type === 'failed') throw this.#end.error;
        else return;
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#leave();
    }
  }

  #enter(): void {
    this.#readers += 1;
    clearTimeout(this.#leaving);
    if (this.#open === null) return;
    const items = this.#open(this.#controller.signal);
    this.#open = null;
    void this.#produce(items);
  }

  #leave(): void {
    this.#readers -= 1;
    if (this.#end !== null) return;
    this.#onLeave();
    if (this.#readers > 0) return;
    const abort = (): void => this.#controller.abort(new Error('every reader has left'));
    if (this.#graceMs === 0) return abort();
    this.#leaving = setTimeout(abort, this.#graceMs);
    this.#leaving.unref();
  }

  async #produce(items: AsyncIterable<T>): Promise<void> {
    try {
      for await (const item of items) {
        this.#items.push(item);
        this.#wakeAll();
      }
      this.#finish({ type: 'complete' });
    } catch (error) {
      this.#finish({ type: 'failed', error });
    }
  }

  #finish(end: StreamEnd): void {
    this.#end = end;
    this.#onEnd(end, this.#items.at(-1));
    this.#hasEnded();
    clearTimeout(this.#leaving);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** A log entry as the Hub sends it. */
export type SpaceLogLine = { data: string; timestamp: string };

const MAX_LINES = 5_000;

/** A Space's build or run log: replayed from the start, then followed live. */
export class SpaceLog {
  #lines: SpaceLogLine[] = [];
  readonly #followers = new Set<(line: SpaceLogLine) => void>();

  /** Adds an entry; like the Hub's, it ends with a newline. */
  write(text: string): void {
    const line = { data: text.endsWith('\n') ? text : `${text}\n`, timestamp: new Date().toISOString() };
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    for (const follower of this.#followers) follower(line);
  }

  /** Empties the log, for a new build or start. */
  restart(): void {
    this.#lines = [];
  }

  lines(): readonly SpaceLogLine[] {
    return this.#lines;
  }

  /** Yields the last `tail` entries, or all, then new ones; null after every `keepAliveMs` without an entry. */
  async *follow(options: {
    signal: AbortSignal;
    keepAliveMs: number;
    tail?: number | undefined;
  }): AsyncGenerator<SpaceLogLine | null> {
    const waiting: SpaceLogLine[] =
      options.tail === undefined ? [...this.#lines] : this.#lines.slice(-options.tail);
    let wake: () => void = () => undefined;
    const follower = (line: SpaceLogLine): void => {
      waiting.push(line);
      wake();
    };
    this.#followers.add(follower);
    try {
      while (!options.signal.aborted) {
        const line = waiting.shift();
        if (line !== undefined) {
          yield line;
          continue;
        }
        const isSilent = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(true), options.keepAliveMs);
          wake = () => {
            clearTimeout(timer);
            resolve(false);
          };
          options.signal.addEventListener('abort', wake, { once: true });
        });
        options.signal.removeEventListener('abort', wake);
        if (isSilent) yield null;
      }
    } finally {
      this.#followers.delete(follower);
    }
  }
}

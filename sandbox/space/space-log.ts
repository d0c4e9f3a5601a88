/** A Space's build or run log: kept for replay, followed live. */
export type SpaceLogLine = { data: string; timestamp: string };

const MAX_LINES = 5_000;

export class SpaceLog {
  #lines: SpaceLogLine[] = [];
  readonly #followers = new Set<(line: SpaceLogLine) => void>();

  /** Adds text as one entry; a missing final newline is added, as the Hub's entries carry it. */
  write(text: string): void {
    const line = { data: text.endsWith('\n') ? text : `${text}\n`, timestamp: new Date().toISOString() };
    this.#lines.push(line);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    for (const follower of this.#followers) follower(line);
  }

  /** A new build or a new start begins with an empty log. */
  restart(): void {
    this.#lines = [];
  }

  lines(): readonly SpaceLogLine[] {
    return this.#lines;
  }

  /** Replays the last `tail` entries, or all, then yields what comes; null every `keepAliveMs` of silence. */
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
        const next = waiting.shift();
        if (next !== undefined) {
          yield next;
          continue;
        }
        const silent = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(true), options.keepAliveMs);
          wake = () => {
            clearTimeout(timer);
            resolve(false);
          };
          options.signal.addEventListener('abort', wake, { once: true });
        });
        options.signal.removeEventListener('abort', wake);
        if (silent) yield null;
      }
    } finally {
      this.#followers.delete(follower);
    }
  }
}

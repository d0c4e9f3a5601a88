/**
 * Lets so many pieces of work run at once; the others wait for their turn, in the order in which they came. What
 * a crowd would hold in memory all together, it then holds one after the other.
 */
export class ConcurrencyLimit {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor({ limit }: { limit: number }) {
    this.#free = limit;
  }

  /** Runs `work` when it is its turn; settles as it does. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

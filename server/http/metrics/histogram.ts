/** Upper bounds in seconds. */
const bounds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** A histogram of durations in Prometheus' form: how many were at most each bound. */
export class Histogram {
  readonly #counts = bounds.map(() => 0);
  #count = 0;
  #sum = 0;

  /** Milliseconds. */
  add(ms: number): void {
    const seconds = ms / 1000;
    this.#count += 1;
    this.#sum += seconds;
    for (const [at, bound] of bounds.entries())
      if (seconds <= bound) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  lines(name: string, help: string): string[] {
    return [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} histogram`,
      ...bounds.map((bound, at) => `${name}_bucket{le="${bound}"} ${this.#counts[at] ?? 0}`),
      `${name}_bucket{le="+Inf"} ${this.#count}`,
      `${name}_sum ${this.#sum}`,
      `${name}_count ${this.#count}`,
    ];
  }
}

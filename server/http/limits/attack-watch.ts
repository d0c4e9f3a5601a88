const windowMs = 10_000;
/** Questions in a window; a class of readers that asks at once stays below it. */
const minAttack = 200;
/** A window of an attack has this many times the usual questions. */
const attackFactor = 10;
/** How far one calm window moves what is usual: about the last ten minutes count. */
const weight = 1 / 60;
/** After an attack, this many windows have to be calm. */
const calmWindows = 6;

/** Whether questions come far faster than they usually do. Counts in windows of ten seconds. */
export class AttackWatch {
  readonly #now: () => number;
  #windowStart: number;
  #count = 0;
  /** Questions in a usual window. */
  #usual = 0;
  #windowsLeft = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#windowStart = now();
  }

  /** Counts a question; true while the server is under attack. */
  count(): boolean {
    this.#endWindows();
    this.#count += 1;
    if (this.#count > this.#threshold) this.#windowsLeft = calmWindows;
    return this.#windowsLeft > 0;
  }

  get #threshold(): number {
    return Math.max(minAttack, attackFactor * this.#usual);
  }

  #endWindows(): void {
    // A clock that was set back begins a new window.
    const ended = Math.floor((this.#now() - this.#windowStart) / windowMs);
    if (ended === 0) return;
    if (this.#count <= this.#threshold) this.#usual += (this.#count - this.#usual) * weight;
    this.#usual *= (1 - weight) ** Math.max(0, ended - 1);
    this.#windowsLeft = Math.max(0, this.#windowsLeft - Math.abs(ended));
    this.#windowStart = this.#now();
    this.#count = 0;
  }
}

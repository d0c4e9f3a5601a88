/** A value that can be used but not shown: it prints as `[secret]` in strings, JSON and inspect. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself. Called by `clients/`, `probes/` and `steps/` only. */
  reveal(): string {
    return this.#value;
  }

  /** The last four characters, for a person to recognise a key by; empty for values too short to spare them. */
  get lastFour(): string {
    return this.#value.length >= 16 ? this.#value.slice(-4) : '';
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

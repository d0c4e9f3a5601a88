import type { Embedder } from '../../collection/ports.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { withDeadline } from '../resilience/deadline.ts';

const maxCachedVectors = 200;

/**
 * Vectors of questions: the same text is embedded once, also when many readers ask it at the same moment. A
 * reader who leaves does not take it from the others.
 */
export class QueryVectors {
  readonly #embedder: Pick<Embedder, 'embedQuery'>;
  readonly #breaker: CircuitBreaker;
  readonly #timeoutMs: number;
  readonly #vectors = new Map<string, Promise<number[]>>();

  constructor(options: {
    embedder: Pick<Embedder, 'embedQuery'>;
    breaker: CircuitBreaker;
    timeoutMs: number;
  }) {
    this.#embedder = options.embedder;
    this.#breaker = options.breaker;
    this.#timeoutMs = options.timeoutMs;
  }

  /** Throws the embedder's Failure, or the breaker's while it is open. */
  of(text: string): Promise<number[]> {
    const known = this.#vectors.get(text);
    if (known !== undefined) {
      this.#vectors.delete(text);
      this.#vectors.set(text, known);
      return known;
    }
    const vector = this.#breaker.run(() =>
      withDeadline({ ms: this.#timeoutMs, service: 'gemini' }, (signal) =>
        this.#embedder.embedQuery({ text, signal }),
      ),
    );
    this.#vectors.set(text, vector);
    vector.catch(() => this.#vectors.delete(text));
    const [oldest] = this.#vectors.keys();
    if (this.#vectors.size > maxCachedVectors && oldest !== undefined) this.#vectors.delete(oldest);
    return vector;
  }
}

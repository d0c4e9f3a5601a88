import type { Embedder } from '../../collection/ports.ts';
import type { CircuitBreaker } from '../resilience/circuit-breaker.ts';
import { withDeadline } from '../resilience/deadline.ts';

const maxCachedVectors = 200;

/**
 * Embeds questions, each text only once, also when many users ask it at the same moment. One client's leaving does not
 * cancel the embedding for the others.
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

  /** Throws the embedder's ServerFailure, or the breaker's while it is open. */
  vectorFor(text: string): Promise<number[]> {
    const cached = this.#vectors.get(text);
    if (cached !== undefined) {
      this.#vectors.delete(text);
      this.#vectors.set(text, cached);
      return cached;
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

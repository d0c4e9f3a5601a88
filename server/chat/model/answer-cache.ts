import { SharedStream } from '../resilience/shared-stream.ts';
import type { LadderChunk } from './model-ladder.ts';

const lifetimeMs = 10 * 60_000;
const maxAnswers = 300;

type CachedAnswer = { stream: SharedStream<LadderChunk>; askedAt: number };

/** The model's answers of the last ten minutes, so that the same question costs one call, also when many ask it at once. */
export class AnswerCache {
  readonly #now: () => number;
  readonly #answers = new Map<string, CachedAnswer>();

  /** `now` is a monotonic clock in milliseconds. */
  constructor({ now = () => performance.now() }: { now?: () => number } = {}) {
    this.#now = now;
  }

  /** The answer under this key, from its beginning; `open` asks for it when there is none, or when `isFresh`. */
  read(
    key: string,
    {
      open,
      isFresh,
      signal,
    }: {
      open: (signal: AbortSignal) => AsyncIterable<LadderChunk>;
      isFresh: boolean;
      signal: AbortSignal;
    },
  ): AsyncGenerator<LadderChunk> {
    const cached = this.#answers.get(key);
    if (cached !== undefined && !isFresh && this.#now() - cached.askedAt < lifetimeMs)
      return cached.stream.read(signal);
    const answer: CachedAnswer = {
      askedAt: this.#now(),
      stream: new SharedStream({
        open,
        onEnd: (end, last) => (end.type === 'failed' || !isWhole(last)) && this.#forget(key, answer),
        // A reader who stops may do so because the call hangs: those who ask next get one of their own.
        onLeave: () => this.#forget(key, answer),
      }),
    };
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > maxAnswers && oldest !== undefined) this.#answers.delete(oldest);
    return answer.stream.read(signal);
  }

  #forget(key: string, answer: CachedAnswer): void {
    if (this.#answers.get(key) === answer) this.#answers.delete(key);
  }
}

/** An answer that the model ended itself; another is not kept. */
function isWhole(last: LadderChunk | undefined): boolean {
  return last?.type === 'end' && last.reason === 'complete';
}

/** The question without its case, spacing, and the marks at its end. */
export function normaliseQuestion(message: string): string {
  return message
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[?!.…。？！\s]{1,20}$/u, '');
}

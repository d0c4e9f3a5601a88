import type { ChatEvent } from '../../chat/protocol.ts';
import { Histogram } from './histogram.ts';
import { sample } from './sample.ts';

/** Counts answers by how they came about and ended, and measures how long they took. Knows no text and no address. */
export class AnswerMetrics {
  readonly #ends = new Map<string, number>();
  readonly #strategies = new Map<string, number>();
  readonly #firstToken = new Histogram();
  readonly #whole = new Histogram();

  /** The events as they are. */
  async *observe(events: AsyncIterable<ChatEvent>): AsyncGenerator<ChatEvent> {
    const startedAt = performance.now();
    let end = 'left';
    let hasText = false;
    try {
      for await (const event of events) {
        if (event.type === 'metadata')
          for (const strategy of event.strategies) increment(this.#strategies, strategy);
        if (event.type === 'token' && !hasText) this.#firstToken.add(performance.now() - startedAt);
        hasText ||= event.type === 'token';
        if (event.type === 'error') end = 'failed';
        else if (event.type === 'done' && end !== 'failed') end = 'done';
        yield event;
      }
    } catch (error) {
      end = 'failed';
      throw error;
    } finally {
      increment(this.#ends, end);
      this.#whole.add(performance.now() - startedAt);
    }
  }

  /** In Prometheus' text format. */
  lines(): string[] {
    return [
      ...sample('chat_answers_total', 'counter', 'Answers by how they ended.', labelled('end', this.#ends)),
      ...sample(
        'chat_strategies_total',
        'counter',
        'Answers by the strategies that they used.',
        labelled('strategy', this.#strategies),
      ),
      ...this.#firstToken.lines('chat_first_token_seconds', 'From the question to the first text.'),
      ...this.#whole.lines('chat_answer_seconds', 'From the question to the end.'),
    ];
  }
}

function increment(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function labelled(label: string, counts: ReadonlyMap<string, number>): [string, number][] {
  return [...counts].map(([name, value]) => [`${label}="${name}"`, value]);
}

import { createHash } from 'node:crypto';
import type { ChatEvent } from '../../chat/protocol.ts';
import { SharedStream } from '../../chat/resilience/shared-stream.ts';

const lifetimeMs = 10 * 60_000;
/** How long an answer continues without a reader: a phone that changes its network asks again within seconds. */
const defaultGraceMs = 10_000;
const maxTurns = 1_000;
const maxKeyLength = 255;

type KeyedTurn = { stream: SharedStream<ChatEvent>; startedAt: number; hasFailed: boolean };

/**
 * Turns by their `Idempotency-Key`: a client that sends its question again gets the same turn, what was written so far and
 * then the rest. A turn that failed, or that was stopped because no reader came back, is asked again.
 */
export class KeyedTurns {
  readonly #now: () => number;
  readonly #graceMs: number;
  readonly #turns = new Map<string, KeyedTurn>();

  /** `now` is a monotonic clock in milliseconds. */
  constructor({ now = () => performance.now(), graceMs = defaultGraceMs } = {}) {
    this.#now = now;
    this.#graceMs = graceMs;
  }

  /** The events of the turn, from its beginning; `open` starts it unless it is there. Without a key, always. */
  read(
    key: string | null,
    { open, signal }: { open: (signal: AbortSignal) => AsyncIterable<ChatEvent>; signal: AbortSignal },
  ): AsyncIterable<ChatEvent> {
    if (key === null) return open(signal);
    const existing = this.#turns.get(key);
    if (existing !== undefined && !existing.hasFailed && this.#now() - existing.startedAt < lifetimeMs)
      return existing.stream.read(signal);
    const turn: KeyedTurn = {
      startedAt: this.#now(),
      hasFailed: false,
      stream: new SharedStream({
        open: (shared) => watchFailure(open(shared), turn),
        graceMs: this.#graceMs,
        onEnd: ({ type }) => void (turn.hasFailed ||= type === 'failed'),
      }),
    };
    this.#turns.delete(key);
    this.#turns.set(key, turn);
    const [oldest] = this.#turns.keys();
    if (this.#turns.size > maxTurns && oldest !== undefined) this.#turns.delete(oldest);
    return turn.stream.read(signal);
  }

  /** Resolves when every turn that was begun has ended. */
  async settled(): Promise<void> {
    await Promise.all(Array.from(this.#turns.values(), ({ stream }) => stream.ended));
  }

  /** Ends every turn, also those that no reader follows; resolves when their text is handed over for storing. */
  async interrupt(reason: unknown): Promise<void> {
    const streams = Array.from(this.#turns.values(), ({ stream }) => stream);
    for (const stream of streams) stream.abort(reason);
    await Promise.all(streams.map(({ ended }) => ended));
  }
}

async function* watchFailure(events: AsyncIterable<ChatEvent>, turn: KeyedTurn): AsyncGenerator<ChatEvent> {
  for await (const event of events) {
    if (event.type === 'error') turn.hasFailed = true;
    yield event;
  }
}

/** What makes a request the retry of another: its key, its reader and everything it asks. Null without a key. */
export function turnKey({
  header,
  ...scope
}: {
  header: string | string[] | undefined;
  origin: string | undefined;
  network: string;
  /** The ids and names of its conversation. */
  names: readonly string[];
  body: unknown;
}): string | null {
  const key = String(header ?? '').trim();
  if (key === '' || key.length > maxKeyLength) return null;
  try {
    return createHash('sha256')
      .update(JSON.stringify([key, scope]))
      .digest('base64');
  } catch (error) {
    // A body that is nested too deeply to be written again.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

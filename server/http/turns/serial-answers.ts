import type { Socket } from 'node:net';
import { clientClosed, HttpError } from '../http-error.ts';

/** Requests that wait behind an answer on their connection; no known client sends any. */
const maxWaiting = 8;

/**
 * One answer at a time per connection: a client that sends many questions without waiting (pipelining) opens one stream,
 * not one for each. Later ones begin in their turn, as their answers could not be sent before anyway.
 */
export class SerialAnswers {
  readonly #queues = new WeakMap<Socket, { last: Promise<void>; waiting: number }>();

  /** Runs `answer` when the connection's earlier answers have ended. Throws HttpError 429 when too many wait. */
  async run<T>(socket: Socket, answer: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(socket) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= maxWaiting) throw tooManyWaiting();
    this.#queues.set(socket, queue);
    queue.waiting += 1;
    const result = queue.last.then(() => {
      if (socket.destroyed) throw clientClosed;
      return answer();
    });
    queue.last = result.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await result;
    } finally {
      queue.waiting -= 1;
    }
  }
}

function tooManyWaiting(): HttpError {
  return new HttpError({
    status: 429,
    code: 'pipelined',
    message: 'Too many questions wait on this connection. Please ask one after the other.',
    retryAfter: 5,
  });
}

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

  /** Runs `answer` when the connection's earlier answers have ended. Rejects with HttpError 429 when too many wait. */
  run<T>(socket: Socket, answer: () => Promise<T>): Promise<T> {
    const queue = this.#queues.get(socket) ?? { last: Promise.resolve(), waiting: 0 };
    if (queue.waiting >= maxWaiting) return Promise.reject(tooManyWaiting());
    this.#queues.set(socket, queue);
    const result =
      queue.waiting === 0
        ? answerUnlessLeft(socket, answer)
        : queue.last.then(() => answerUnlessLeft(socket, answer));
    queue.waiting += 1;
    const end = (): void => void (queue.waiting -= 1);
    queue.last = result.then(end, end);
    return result;
  }
}

function answerUnlessLeft<T>(socket: Socket, answer: () => Promise<T>): Promise<T> {
  return socket.destroyed ? Promise.reject(clientClosed) : answer();
}

function tooManyWaiting(): HttpError {
  return new HttpError({
    status: 429,
    code: 'pipelined',
    message: 'Too many questions wait on this connection. Please ask one after the other.',
    retryAfter: 5,
  });
}

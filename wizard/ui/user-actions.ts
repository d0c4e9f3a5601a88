import type { UserAction } from '../model/renderer.ts';

export type UserActionQueue = {
  push(action: UserAction): void;
  /** Ends all iterations, including waiting ones. */
  end(): void;
  iterate(): AsyncIterable<UserAction>;
};

/** A queue of the user's actions; they are kept while no one iterates over it. */
export function createUserActionQueue(): UserActionQueue {
  const queue: UserAction[] = [];
  const waiting: ((result: IteratorResult<UserAction>) => void)[] = [];
  let isEnded = false;
  const finish = (): void => {
    for (const resolve of waiting.splice(0)) resolve({ done: true, value: undefined });
  };
  return {
    push: (action) => {
      const resolve = waiting.shift();
      if (resolve === undefined) queue.push(action);
      else resolve({ done: false, value: action });
    },
    end: () => {
      isEnded = true;
      finish();
    },
    iterate: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const action = queue.shift();
          if (action !== undefined) return Promise.resolve({ done: false, value: action });
          if (isEnded) return Promise.resolve({ done: true, value: undefined });
          return new Promise((resolve) => waiting.push(resolve));
        },
        // A consumer that stops must not receive the next action.
        return: () => {
          finish();
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    }),
  };
}

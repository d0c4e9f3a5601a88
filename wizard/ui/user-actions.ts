import type { UserAction } from '../model/renderer.ts';

export type UserActionQueue = {
  push(intent: UserAction): void;
  /** Ends every iteration, the waiting ones too. */
  end(): void;
  iterate(): AsyncIterable<UserAction>;
};

/** A queue of what a person wants. What comes while nobody listens is kept for the next listener. */
export function createUserActionQueue(): UserActionQueue {
  const queue: UserAction[] = [];
  const waiting: ((result: IteratorResult<UserAction>) => void)[] = [];
  let isEnded = false;
  const finish = (): void => {
    for (const resolve of waiting.splice(0)) resolve({ done: true, value: undefined });
  };
  return {
    push: (intent) => {
      const resolve = waiting.shift();
      if (resolve === undefined) queue.push(intent);
      else resolve({ done: false, value: intent });
    },
    end: () => {
      isEnded = true;
      finish();
    },
    iterate: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          const intent = queue.shift();
          if (intent !== undefined) return Promise.resolve({ done: false, value: intent });
          if (isEnded) return Promise.resolve({ done: true, value: undefined });
          return new Promise((resolve) => waiting.push(resolve));
        },
        // A listener that stops must not keep the next one's intent.
        return: () => {
          finish();
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    }),
  };
}

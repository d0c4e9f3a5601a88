/** Long work that may be interrupted at each `yield`; its steps are short. */
export type Steps<Result> = Generator<void, Result, void>;

/** A reader waits 20 ms at most: this leaves room for a long step and the garbage collector. In milliseconds. */
const sliceMs = 5;

/** Does long work in slices of about 5 ms; `turn` lets whatever else is waiting have a turn in between. */
export async function runInSlices<Result>(steps: Steps<Result>, turn: () => Promise<void>): Promise<Result> {
  for (;;) {
    const end = performance.now() + sliceMs;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (performance.now() < end);
    await turn();
  }
}

/** Does long work in one go, where nothing else is waiting. */
export function runAtOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

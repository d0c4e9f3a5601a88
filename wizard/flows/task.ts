import type { Answers } from '../model/answers.ts';

/** What a deployment is for: a first one, or something at a Space that stands. */
export type Task = {
  /** What was said before the person went back, to be offered when the task is chosen again. */
  said: Answers;
} & (
  | {
      type: 'first';
      /** True when Esc on its first screen leads somewhere. */
      canLeave: boolean;
    }
  | {
      type: 'again';
      /** `owner/name`. */
      space: string;
      /** Id of the Vercel project that was wired last from this machine. */
      projectId: string | null;
      /** Another one is to be chosen. */
      isOtherProject: boolean;
    }
);

export function firstTime(said: Answers = {}, canLeave = false): Task {
  return { type: 'first', canLeave, said };
}

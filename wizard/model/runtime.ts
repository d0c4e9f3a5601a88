import type { Renderer } from './renderer.ts';
import type { Deployment, RunEvent } from './run/event.ts';
import type { Flags } from './run/flags.ts';

/** Everything outside that a command may touch; `main.ts` fills it from the process, tests from their own. */
export type Runtime = {
  env: Readonly<Record<string, string | undefined>>;
  /** Names of the variables that `rag-space.json` gave. */
  fromProjectFile?: readonly string[];
  cwd: string;
  /** The person’s home folder, absolute. */
  home: string;
  /** As `process.platform` says it. */
  platform: string;
  /** Folder of the journals, one file per Space. */
  stateDir: string;
  /** Folder with the files a Space is given: the server bundle, Dockerfile, README.md template, LICENSE. */
  payloadDir: string;
  version: string;
  rehearsal: boolean;
  fetch: typeof fetch;
  now: () => number;
  sleep: (ms: number, options: { signal: AbortSignal }) => Promise<void>;
  signal: AbortSignal;
};

/** What a command is given: its runtime, what was typed, a renderer to ask and to report to. */
export type Session = {
  runtime: Runtime;
  flags: Flags;
  operands: readonly string[];
  renderer: Renderer;
  emit: (event: RunEvent) => void;
  /** Reports what is deployed, for the end of a run that fails. */
  setDeployment: (deployment: Deployment) => void;
};

/** Passes a generator's events on and gives back what it returns. */
export async function relay<T>(
  events: AsyncGenerator<RunEvent, T>,
  emit: (event: RunEvent) => void,
): Promise<T> {
  for (;;) {
    const step = await events.next();
    if (step.done === true) return step.value;
    emit(step.value);
  }
}

import { fileURLToPath } from 'node:url';
import { parseArguments } from '../../wizard/cli.ts';
import { runCommand } from '../../wizard/commands/run-command.ts';
import type { RunEvent } from '../../wizard/model/run/event.ts';
import { Failure } from '../../wizard/model/failure.ts';
import type { RunnableCommand } from '../../wizard/model/command.ts';
import type { Renderer } from '../../wizard/model/renderer.ts';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { nonInteractiveFailure } from '../../wizard/ui/non-interactive.ts';

/** Speed of the command's clock: a wait of 20 s takes 1.7 s. */
const speed = 12;

const nonInteractiveUser: Renderer = {
  canAsk: false,
  show: () => undefined,
  ask: async (prompt) => Promise.reject(nonInteractiveFailure(prompt)),
  userActions: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
  close: async () => undefined,
};

/** Runs a command in this process with a fast clock, against vendors with a normal one. */
export async function runFastSession(options: {
  args: string[];
  env: Record<string, string>;
  stateDir: string;
  /** Called when the first step starts. */
  onFirstStep: () => unknown;
  /** Replies to the prompts, in order; without them the run is not interactive. */
  replies?: Reply[];
}): Promise<{ events: RunEvent[]; failure: Failure | null; prompts: Prompt[] }> {
  const { name, operands, flags } = parseArguments(options.args) as RunnableCommand;
  const events: RunEvent[] = [];
  const prompts: Prompt[] = [];
  const { replies } = options;
  const user: Renderer = {
    ...nonInteractiveUser,
    canAsk: true,
    ask: async (prompt) => {
      prompts.push(prompt);
      return replies?.shift() ?? { type: 'cancel' };
    },
  };
  const startedAt = Date.now();
  let firstStep: unknown;
  const emit = (event: RunEvent): void => {
    events.push(event);
    if (event.type === 'step-started') firstStep ??= options.onFirstStep() ?? true;
  };
  const folder = fileURLToPath(new URL('../../dist/space', import.meta.url));
  try {
    await runCommand(name, {
      runtime: {
        env: options.env,
        cwd: options.stateDir,
        home: options.stateDir,
        platform: 'linux',
        stateDir: options.stateDir,
        payloadDir: folder,
        version: '0',
        rehearsal: false,
        fetch,
        now: () => startedAt + (Date.now() - startedAt) * speed,
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / speed)),
        signal: new AbortController().signal,
      },
      flags,
      operands,
      renderer: replies === undefined ? nonInteractiveUser : user,
      emit,
      setDeployment: () => undefined,
    });
    return { events, failure: null, prompts };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { events, failure: error, prompts };
  } finally {
    await firstStep;
  }
}

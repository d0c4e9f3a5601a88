import { fileURLToPath } from 'node:url';
import { parseArguments } from '../../wizard/cli.ts';
import { runCommand } from '../../wizard/commands/commands.ts';
import type { RunEvent } from '../../wizard/model/event.ts';
import { Failure } from '../../wizard/model/failure.ts';
import type { WorkCommand } from '../../wizard/model/command.ts';
import type { Renderer } from '../../wizard/model/renderer.ts';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { nobodyToAsk } from '../../wizard/ui/nobody.ts';

/** How much faster its clock goes: a wait of 20 s takes one and a half. */
const haste = 12;

const nobody: Renderer = {
  canAsk: false,
  show: () => undefined,
  ask: async (prompt) => Promise.reject(nobodyToAsk(prompt)),
  intents: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
  close: async () => undefined,
};

/** Runs a command in this process by a clock that hurries, against vendors that do not. */
export async function hurriedSession(options: {
  args: string[];
  env: Record<string, string>;
  stateDir: string;
  /** Called when the first step starts. */
  onFirstStep: () => unknown;
  /** What a person answers, one after the other; unsaid, nobody is there. */
  replies?: Reply[];
}): Promise<{ events: RunEvent[]; failure: Failure | null; asked: Prompt[] }> {
  const { name, operands, flags } = parseArguments(options.args) as WorkCommand;
  const events: RunEvent[] = [];
  const asked: Prompt[] = [];
  const { replies } = options;
  const person: Renderer = {
    ...nobody,
    canAsk: true,
    ask: async (prompt) => {
      asked.push(prompt);
      return replies?.shift() ?? { type: 'cancel' };
    },
  };
  const begun = Date.now();
  let spoiled: unknown;
  const emit = (event: RunEvent): void => {
    events.push(event);
    if (event.type === 'step-started') spoiled ??= options.onFirstStep() ?? true;
  };
  const folder = fileURLToPath(new URL('../../dist/space', import.meta.url));
  try {
    await runCommand(name, {
      world: {
        env: options.env,
        cwd: options.stateDir,
        home: options.stateDir,
        platform: 'linux',
        stateDir: options.stateDir,
        payloadDir: folder,
        version: '0',
        rehearsal: false,
        fetch,
        now: () => begun + (Date.now() - begun) * haste,
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / haste)),
        signal: new AbortController().signal,
      },
      flags,
      operands,
      renderer: replies === undefined ? nobody : person,
      emit,
      leave: () => undefined,
    });
    return { events, failure: null, asked };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { events, failure: error, asked };
  } finally {
    await spoiled;
  }
}

/** An update as a person does it, in a pseudo-terminal. */
import { expect } from 'vitest';
import type { SandboxProcess } from '../e2e/sandbox-process.ts';
import { keys, openTerminal, type Terminal } from '../terminal.ts';
import { presentBuild, wizardOf } from './lane.ts';

const addressNames = ['HF_ENDPOINT', 'VERCEL_API_URL', 'GOOGLE_GEMINI_BASE_URL'];

/**
 * The owner opens a terminal in the site's folder, chooses to bring the Space up to date, pastes the two tokens that
 * are asked for, and accepts the plan. The other keys stay in the Space.
 */
export async function updateByHand(options: {
  sandbox: SandboxProcess;
  project: string;
  /** The site's source. */
  folder: string;
  env: Record<string, string>;
}): Promise<void> {
  const { sandbox, project } = options;
  const { HF_TOKEN = '', VERCEL_TOKEN = '' } = sandbox.env;
  const terminal = openWizard(options);
  try {
    await answerScreens(terminal, [
      [/Bring it up to date|Update the server/, enter],
      [/Hugging Face +paste the access token/, paste(HF_TOKEN)],
      [/Vercel +paste the token/, paste(VERCEL_TOKEN)],
      // Asked only behind a rewrite: no variable was set, so the journal does not name the project.
      [/Which Vercel project/, choose(project)],
      // An earlier version forwarded all of /api: a narrower rule is offered, and the site works without it.
      [/Make this change/, choose('Leave my files as they are')],
      [/Enter\s+apply/, enter],
    ]);
    expect(await terminal.exited, terminal.scrollback()).toEqual({ code: 0 });
  } finally {
    await terminal.close();
  }
}

/** Knows where the vendors are, and no key. */
function openWizard(
  options: Pick<Parameters<typeof updateByHand>[0], 'sandbox' | 'folder' | 'env'>,
): Terminal {
  const { sandbox, folder, env } = options;
  const addresses = Object.entries(sandbox.env).map(
    ([name, value]) => [name, addressNames.includes(name) ? value : undefined] as const,
  );
  return openTerminal({
    command: process.execPath,
    args: [wizardOf(presentBuild), '--frontend', '.'],
    env: { ...Object.fromEntries(addresses), ...env },
    cwd: folder,
    columns: 100,
    rows: 40,
  });
}

/** What a person does at a screen, which is known by what it says. */
type ScreenAnswer = readonly [says: RegExp, act: (terminal: Terminal) => Promise<void>];

/** Answers each screen once, in this order; one that is not shown is passed over. Ends with the last one. */
async function answerScreens(terminal: Terminal, answers: readonly ScreenAnswer[]): Promise<void> {
  for (let next = 0; next < answers.length; next += 1) {
    const left = answers.slice(next);
    const screen = await terminal.waitFor(new RegExp(left.map(([{ source }]) => source).join('|')));
    next += left.findIndex(([says]) => says.test(screen));
    await answers[next]?.[1](terminal);
  }
}

/** Takes what is offered. */
async function enter(terminal: Terminal): Promise<void> {
  terminal.write(keys.enter);
}

/** Pastes a value where one is asked for. */
const paste =
  (value: string) =>
  async (terminal: Terminal): Promise<void> => {
    terminal.paste(value);
    await terminal.waitFor(value.slice(-4));
    await enter(terminal);
  };

/** Takes an entry of a numbered list. */
const choose =
  (label: string) =>
  async (terminal: Terminal): Promise<void> => {
    const number = new RegExp(`(\\d+) ${label}\\b`).exec(terminal.screen())?.[1] ?? '';
    terminal.write(number);
    await terminal.waitFor(`> ${number}`);
    await enter(terminal);
  };

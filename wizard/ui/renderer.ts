import { Failure } from '../model/failure.ts';
import type { Renderer } from '../model/renderer.ts';
import { createNdjsonRenderer } from './ndjson-renderer.ts';
import { createPlainRenderer } from './plain-renderer.ts';

export type RendererKind = 'ink' | 'plain' | 'ndjson';
type Environment = Record<string, string | undefined>;

export type RendererOptions = {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Only `CI` is read: a run in CI is not interactive, even in a terminal. */
  env?: Environment;
};

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

/** Chooses the renderer: JSON if requested, Ink only in an interactive terminal. */
export function chooseRenderer(options: {
  json: boolean;
  plain: boolean;
  stdinIsTTY: boolean;
  stdoutIsTTY: boolean;
  env: Environment;
}): RendererKind {
  const { json, plain, stdinIsTTY, stdoutIsTTY, env } = options;
  if (json) return 'ndjson';
  const wantsLines = plain || isSet(env['CI']) || env['TERM'] === 'dumb';
  const usesScreenReader = isSet(env['ACCESSIBLE']) || isSet(env['INK_SCREEN_READER']);
  return wantsLines || usesScreenReader || !stdinIsTTY || !stdoutIsTTY ? 'plain' : 'ink';
}

/**
 * Creates the renderer of a run. React is loaded for `ink` only.
 * Throws Failure `no-terminal` when `ink` is requested without a terminal.
 */
export async function createRenderer(options: RendererOptions & { kind: RendererKind }): Promise<Renderer> {
  const { kind, stdin, stdout, env = {} } = options;
  if (kind === 'ndjson') return createNdjsonRenderer(options);
  if (kind === 'plain') {
    return createPlainRenderer({ ...options, canAsk: stdin.isTTY && !isSet(env['CI']) });
  }
  if (!stdin.isTTY || !stdout.isTTY || typeof stdin.setRawMode !== 'function') {
    throw new Failure({
      kind: 'input-missing',
      code: 'no-terminal',
      message: 'There is no terminal to draw on.',
      remedy:
        'Run it in a terminal, or with --plain, or with --yes --json and the values in the environment.',
    });
  }
  const { createInkRenderer } = await import('./ink/ink-renderer.tsx');
  return createInkRenderer(options);
}

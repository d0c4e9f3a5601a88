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
  /** Only `CI` is looked at: there nobody can be asked, terminal or not. */
  env?: Environment;
};

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

/** Which face fits: JSON when asked for, the full screen only where a terminal can show and answer it. */
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
  const isRead = isSet(env['ACCESSIBLE']) || isSet(env['INK_SCREEN_READER']);
  return wantsLines || isRead || !stdinIsTTY || !stdoutIsTTY ? 'plain' : 'ink';
}

/**
 * The face of this run. React is loaded for `ink` only.
 * Throws Failure `no-terminal` when `ink` is wanted where nothing can be drawn or typed.
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

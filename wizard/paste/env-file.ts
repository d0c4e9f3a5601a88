import { stat } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { Failure } from '../model/failure.ts';
import { cleanText } from './clean.ts';
import { readText } from './read-text.ts';
import { splitAssignments } from './split-assignments.ts';

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  // Node looks for `--env-file` anywhere on its command line, and a pipe can be read once.
  EPIPE: 'it is a pipe, and Node itself has emptied it before this tool began',
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with a file's values wherever it says nothing itself. Throws Failure `env-file` (usage).
 */
export async function withEnvFile(env: Environment, path: string | null): Promise<Environment> {
  if (path === null) return env;
  const own = Object.entries(env).filter(([, value]) => (value ?? '').trim() !== '');
  return { ...(await readEnvFile({ path })), ...Object.fromEntries(own) };
}

/** A file in dotenv's syntax, as names and values. Throws Failure `env-file` (usage) when it cannot be read. */
export async function readEnvFile({ path }: { path: string }): Promise<Record<string, string>> {
  try {
    const text = await readText(path);
    if (text === '' && (await stat(path)).isFIFO()) throw Object.assign(new Error(), { code: 'EPIPE' });
    const entries = Object.entries(parseEnv(splitAssignments(cleanText(text).value)));
    return Object.fromEntries(
      entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  } catch (cause) {
    const code = cause instanceof Error ? String(Reflect.get(cause, 'code') ?? '') : '';
    throw new Failure({
      kind: 'usage',
      code: 'env-file',
      message: `The file ${path} could not be read: ${reasons[code] ?? (code || 'unknown reason')}.`,
      remedy: 'Give the path of a file with lines NAME=value after --env-file.',
      cause,
    });
  }
}

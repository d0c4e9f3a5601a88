import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the browser that the lanes open pages with: `CHROMIUM`, else where systems keep it; null without one. */
export function findChromium() {
  return [process.env.CHROMIUM, ...usual].find((path) => path && existsSync(path)) ?? null;
}

/** Debian's own, as root, where none is there. Throws when apt-get fails. */
export function installChromium() {
  if (findChromium() !== null) return;
  const options = { stdio: ['ignore', 'ignore', 'inherit'] };
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-q'], options);
  execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'chromium'], {
    ...options,
    env,
  });
}

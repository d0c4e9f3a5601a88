import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Builds dist/ from the current sources, for tests of the built programs. */
export default function buildFirst(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../build.mjs', import.meta.url)), '--quiet'], {
    stdio: 'inherit',
  });
}

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Tests of the built programs run what the sources say now, never yesterday's dist/. */
export default function buildFirst(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../build.mjs', import.meta.url)), '--quiet'], {
    stdio: 'inherit',
  });
}

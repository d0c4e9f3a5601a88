/**
 * Draws docs/page.png: the Space's page with an answer, as `npm run test:page` sees it in Chromium.
 * `node docs/make-page-picture.mjs`
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const largest = 150_000;
const folder = mkdtempSync(join(tmpdir(), 'page-picture-'));
try {
  const lane = join(root, 'test/page/run-page.mjs');
  execFileSync(process.execPath, [lane, '--require', '--stills', folder], { cwd: root, stdio: 'inherit' });
  const { size } = statSync(join(folder, 'picture.png'));
  if (size > largest) throw new Error(`The picture has ${size} bytes; ${largest} are allowed.`);
  copyFileSync(join(folder, 'picture.png'), join(root, 'docs/page.png'));
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * Draws docs/run.svg from a real rehearsal: builds, runs it in a pseudo-terminal, presses Enter for the
 * user, and turns the recorded output into an animated SVG. `node docs/make-picture.mjs [--stills FOLDER]`;
 * with `--stills` it also writes every frame as PNG.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { build } from 'esbuild';
import { drawFrames, framesOf } from './draw-cast.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const size = { columns: 80, rows: 30 };
const pressesMs = 1200;
const longMs = 180_000;

async function loadTerminal() {
  // Inside the project, so that its packages are found.
  const outfile = join(root, 'node_modules/.cache/make-picture/terminal.mjs');
  const entryPoints = [join(root, 'test/terminal.ts')];
  await build({ entryPoints, outfile, bundle: true, packages: 'external', platform: 'node', format: 'esm' });
  return import(pathToFileURL(outfile).href);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs the rehearsal and answers every screen with Enter, slowly enough to be read. */
async function record({ openTerminal, keys }) {
  const args = [join(root, 'dist/wizard/main.js'), '--rehearse'];
  const terminal = openTerminal({ command: process.execPath, args, cwd: root, ...size });
  try {
    for (;;) {
      const before = await terminal.waitFor(/Enter (?:select|use|apply)|Any key/, { timeoutMs: longMs });
      await pause(pressesMs);
      if (before.includes('Any key')) break;
      if (before.includes('✗')) throw new Error(`The rehearsal failed; no picture of that:\n${before}`);
      terminal.write(keys.enter);
      // Wait until the answered screen is gone, or the next Enter would answer it again.
      for (let waited = 0; terminal.screen() === before && waited < longMs; waited += 50) await pause(50);
    }
    const events = [...terminal.recording()];
    terminal.write(keys.enter);
    await terminal.exited;
    return events;
  } finally {
    await terminal.close();
  }
}

execFileSync(process.execPath, [join(root, 'build.mjs'), '--quiet'], { stdio: 'inherit' });
const events = await record(await loadTerminal());
const command = { at: 0, text: '$ npx rag-space-setup --rehearse\r\n' };
const frames = await framesOf({ events: [command, ...events], ...size, idle: 2 });
await writeFile(join(root, 'docs/run.svg'), drawFrames({ frames, ...size, rest: 8 }));

const flag = process.argv.indexOf('--stills');
if (flag > 0) {
  const folder = process.argv[flag + 1];
  await mkdir(folder, { recursive: true });
  for (const [index, frame] of frames.entries()) {
    const svg = drawFrames({ frames: [{ ...frame, at: 0 }], ...size });
    const options = {
      fitTo: { mode: 'width', value: 1100 },
      font: { defaultFontFamily: 'DejaVu Sans Mono' },
    };
    await writeFile(join(folder, `still-${index + 1}.png`), new Resvg(svg, options).render().asPng());
  }
}

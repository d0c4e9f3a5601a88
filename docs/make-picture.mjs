/**
 * Draws docs/run.svg from a real rehearsal: builds, runs it in a pseudo-terminal, presses Enter for the
 * user, and turns the recorded output into an animated SVG. Draws docs/screens/ from the real screens at the moments
 * of their tests. `node docs/make-picture.mjs [--stills FOLDER]`; with `--stills` it also writes every frame of the
 * rehearsal as PNG; with `--screens` it draws the screens only.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { build } from 'esbuild';
import { drawFrames, framesOf, rowsOf } from './draw-cast.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const size = { columns: 80, rows: 30 };
const pressesMs = 1200;
const longMs = 180_000;

/** A module of the tests, bundled inside the project, so that its packages are found. */
async function load(path) {
  const outfile = join(root, 'node_modules/.cache/make-picture', path.replace(/\.ts$/, '.mjs'));
  const entryPoints = [join(root, path)];
  await build({
    entryPoints,
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    jsx: 'automatic',
  });
  return import(pathToFileURL(outfile).href);
}

/** Draws each moment's screen as `docs/screens/NAME.svg`. */
async function drawScreens() {
  const folder = join(root, 'docs/screens');
  const { openWindow, show } = await load('test/wizard/ui/ink/frame.ts');
  const { moments } = await load('test/wizard/ui/ink/moments.ts');
  await mkdir(folder, { recursive: true });
  for (const [name, moment] of Object.entries(moments)) {
    const [columns, rows] = [80, name === 'receipt' ? 34 : 24];
    let time = 0;
    const window = openWindow({ columns, rows, now: () => (time += 500) });
    await show(window, moment);
    await window.frame();
    const frames = [{ at: 0, rows: rowsOf(window.emulator) }];
    await writeFile(join(folder, `${name}.svg`), drawFrames({ frames, columns, rows }));
    await window.close();
  }
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

/** Draws docs/run.svg, and as PNGs into a folder each of its frames. */
async function drawRun(stills) {
  execFileSync(process.execPath, [join(root, 'build.mjs'), '--quiet'], { stdio: 'inherit' });
  const events = await record(await load('test/terminal.ts'));
  const command = { at: 0, text: '$ npx rag-space-setup --rehearse\r\n' };
  const frames = await framesOf({ events: [command, ...events], ...size, idle: 2 });
  const svg = drawFrames({ frames, ...size, rest: 8 });
  if (svg.includes(root)) throw new Error(`The picture would show a path of this machine: ${root}`);
  await writeFile(join(root, 'docs/run.svg'), svg);
  if (stills === null) return;
  await mkdir(stills, { recursive: true });
  for (const [index, frame] of frames.entries()) {
    const still = drawFrames({ frames: [{ ...frame, at: 0 }], ...size });
    await writeFile(join(stills, `still-${index + 1}.png`), toPng(still));
  }
}

function toPng(svg) {
  const font = { defaultFontFamily: 'DejaVu Sans Mono' };
  return new Resvg(svg, { fitTo: { mode: 'width', value: 1100 }, font }).render().asPng();
}

// Ink chooses its colours when it is loaded, and this script may have no terminal.
process.env.FORCE_COLOR = '1';
await drawScreens();
const flag = process.argv.indexOf('--stills');
if (!process.argv.includes('--screens')) await drawRun(flag > 0 ? process.argv[flag + 1] : null);
process.exit();

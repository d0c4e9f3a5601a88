/**
 * What a user waits for: `--version`, the first frame, a cold `npx` of the packed tarball, and a deployment with slower
 * vendors. Prints one JSON figure per line, for `bench/run.mjs`.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn as spawnInTerminal } from '@lydell/node-pty';
import { chainLength } from './critical-path.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const wizard = join(root, 'dist/wizard/main.js');
const folder = mkdtempSync(join(tmpdir(), 'rag-space-setup-bench-'));
// npx resolves `./name.tgz` from the folder of the nearest package.json.
writeFileSync(join(folder, 'package.json'), '{}');
const { CI: _, ...environment } = process.env;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

function figure({ name, values, unit, floor, target, holds }) {
  const value = median(values);
  const least = Math.min(...values);
  const most = Math.max(...values);
  const line = { name, value, least, most, unit, runs: values.length, floor, target, holds: holds?.(value) };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function timed(runs, work) {
  const values = [];
  for (let run = 0; run < runs; run += 1) {
    const start = performance.now();
    await work(run);
    values.push(performance.now() - start);
  }
  return values;
}

const run = (args, options = {}) => {
  const { status, stderr } = spawnSync(process.execPath, args, { env: environment, ...options });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
};

/** Milliseconds until the first text appears in a real terminal. */
function firstFrame() {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const terminal = spawnInTerminal(process.execPath, [wizard], {
      cols: 80,
      rows: 24,
      env: environment,
      cwd: folder,
    });
    let seen = '';
    terminal.onData((data) => {
      seen += data;
      if (!seen.includes('rag-space-setup')) return;
      resolve(performance.now() - start);
      terminal.kill('SIGKILL');
    });
    terminal.onExit(() => reject(new Error(`no frame: ${seen}`)));
  });
}

/** Runs a cold `npx`, with an empty cache each time. */
function npx(name, args) {
  const cache = mkdtempSync(join(folder, 'cache-'));
  const child = spawnSync('npx', ['--yes', '--cache', cache, name, ...args], {
    env: environment,
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(cache, { recursive: true, force: true });
  if (child.status !== 0) throw new Error(`npx ${name} ended with ${child.status}: ${child.stderr}`);
}

async function rehearse(latencyMs) {
  const sandbox = spawn(process.execPath, [join(root, 'dist/sandbox/main.js')], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  try {
    const line = await new Promise((resolve) => sandbox.stdout.once('data', (data) => resolve(String(data))));
    const { env } = JSON.parse(line);
    for (const vendor of ['hub', 'vercel', 'gemini', 'qdrant']) {
      await fetch(`${env.SANDBOX_ADMIN_URL}/latency`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ vendor, ms: latencyMs }),
      });
    }
    const start = performance.now();
    const child = spawn(process.execPath, [wizard, '--yes', '--json'], {
      stdio: 'ignore',
      env: { ...environment, ...env, XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) },
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    const ms = performance.now() - start;
    if (code !== 0) throw new Error(`a rehearsal with ${latencyMs} ms of latency ended with ${code}`);
    const { byName } = await (await fetch(`${env.SANDBOX_ADMIN_URL}/writes`)).json();
    // The last upsert is the stamp.
    return { ms, batches: byName['qdrant.upsert'] - 1 };
  } finally {
    sandbox.stdin.end();
    await new Promise((resolve) => sandbox.once('exit', resolve));
  }
}

try {
  execFileSync(process.execPath, [join(root, 'build.mjs'), '--quiet'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });

  const bare = median(await timed(9, () => run(['-e', '0'])));
  const version = await timed(9, () => run([wizard, '--version']));
  const atMost = (times, floor) => (value) => value <= times * floor;
  figure({
    name: 'wizard --version',
    values: version,
    unit: 'ms',
    floor: bare,
    target: '<= 2.5 x node -e 0',
    holds: atMost(2.5, bare),
  });

  const frames = [];
  for (let n = 0; n < 7; n += 1) frames.push(await firstFrame());
  figure({ name: 'wizard first frame', values: frames, unit: 'ms', floor: bare, target: 'aim <= 400 ms' });

  const packed = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .at(-1);
  const megabytes = statSync(join(folder, packed)).size / 1e6;
  figure({
    name: 'tarball',
    values: [megabytes],
    unit: 'MB',
    target: '<= 3 MB',
    holds: (value) => value <= 3,
  });

  const peer = median(await timed(5, () => npx('create-vite@latest', ['--help'])));
  const cold = await timed(5, () => npx(`./${packed}`, ['--version']));
  figure({
    name: 'npx, cold',
    values: cold,
    unit: 'ms',
    floor: peer,
    target: '<= 3 x create-vite',
    holds: atMost(3, peer),
  });

  const plain = [await rehearse(0), await rehearse(0), await rehearse(0)];
  const slow = [await rehearse(200), await rehearse(200), await rehearse(200)];
  // The duration without latency, and 200 ms for each call of the critical path.
  const critical = median(plain.map(({ ms }) => ms)) + 200 * chainLength(plain[0].batches);
  figure({
    name: 'deployment, 200 ms more a vendor call',
    values: slow.map(({ ms }) => ms),
    unit: 'ms',
    floor: critical,
    target: '<= 1.2 x its critical path',
    holds: atMost(1.2, critical),
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Checks one container of the Space's image against a Space's requirements. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { podman } from './machine.mjs';

const origin = 'http://127.0.0.1:7860';
/** Less than a second, so that a restart of the Space does not wait for the server. */
const exitLimitMs = 1000;

/** Throws at the first failed check; `report` gets a line for each one that passes. */
export async function checkContainer({ imageName, memoryMb, space, report }) {
  const started = Date.now();
  const id = startContainer({ imageName, memoryMb, env: space.env });
  try {
    const pid = Number(podman(['inspect', '--format', '{{.State.Pid}}', id]));
    const health = await untilHealthy(id);
    assert(health.deployment_id === space.env.DEPLOYMENT_ID, 'health names another deployment');
    report(`200 from /api/health on 7860, healthy, ${Date.now() - started} ms after podman run`);
    report(confinement(id, pid));
    report(await answer());
    report(healthcheck(id));
    const { peak, limit } = memoryOf(pid);
    assert(limit === memoryMb, `the limit of memory is ${limit} MB, not ${memoryMb}`);
    report(`at most ${peak} MB of ${limit} MB used`);
    report(await exitOnTerm({ id, pid, space }));
  } finally {
    podman(['rm', '--force', '--ignore', '--time', '0', id]);
  }
}

/** Starts it as a Space does, but stricter: nothing is writable, and there are no capabilities. */
function startContainer({ imageName, memoryMb, env }) {
  const confined = ['--read-only', '--read-only-tmpfs=false', '--cap-drop', 'ALL', '--network', 'host'];
  const memory = ['--memory', `${memoryMb}m`, '--memory-swap', `${memoryMb}m`];
  const limited = [
    '--cpus',
    '2',
    ...memory,
    '--ulimit',
    'nofile=20000:20000',
    '--ulimit',
    'nproc=30000:30000',
  ];
  // Only names: the values come from podman's environment, not from its command line.
  const settings = Object.keys(env).flatMap((name) => ['--env', name]);
  return podman(['run', '--detach', ...confined, ...limited, ...settings, imageName], env);
}

async function untilHealthy(id) {
  let last = 'no answer';
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    const response = await fetch(`${origin}/api/health`).catch(() => null);
    if (response === null) continue;
    const body = await response.json();
    if (response.status === 200 && body.status === 'healthy') return body;
    last = JSON.stringify(body);
  }
  throw new Error(`not healthy in 30 s: ${last}\n${podman(['logs', id])}`);
}

function confinement(id, pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name) => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1];
  assert(field('Uid') === '1000', `runs as ${field('Uid')}`);
  assert(/^0+$/.test(field('CapEff') ?? ''), `has capabilities ${field('CapEff')}`);
  assert(/^0+$/.test(field('CapBnd') ?? ''), `may gain capabilities ${field('CapBnd')}`);
  const attempt = "require('fs').writeFileSync('/app/x','')";
  let error = '';
  try {
    podman(['exec', id, 'node', '-e', attempt]);
  } catch (caught) {
    error = caught.message;
  }
  assert(/EROFS/.test(error), `a write into the image did not end in EROFS: ${error}`);
  return 'UID 1000, no capability, read-only';
}

/** The image's HEALTHCHECK, run as a container daemon would; it must check liveness, not the health of services. */
function healthcheck(id) {
  const command = podman(['inspect', '--format', '{{.Config.Healthcheck.Test}}', id]);
  assert(command.includes('/api/live'), `HEALTHCHECK requests another path: ${command}`);
  podman(['healthcheck', 'run', id]);
  const status = podman(['inspect', '--format', '{{.State.Healthcheck.Status}}', id]);
  assert(status === 'healthy', `HEALTHCHECK says ${status}`);
  return 'HEALTHCHECK requests /api/live and reports healthy';
}

/** A question that the sample book answers, sent like by a browser. */
async function answer() {
  const body = await ask('At what height should the thermometer hang, and over what ground?');
  const raw = await body.text();
  const events = readEvents(raw);
  const text = events.map(({ type, content }) => (type === 'token' ? content : '')).join('');
  const sources = events.find(({ type }) => type === 'done')?.sources ?? [];
  assert(sources.length > 0 && text.includes('[Source 1]'), `no cited answer: ${raw.slice(0, 600)}`);
  return `a cited answer (${text.length} characters, ${sources.length} sources)`;
}

function ask(message) {
  return fetch(`${origin}/api/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message, mode: 'general' }),
  });
}

function readEvents(text) {
  const lines = text.split('\n').filter((line) => line.startsWith('data: '));
  return lines.map((line) => JSON.parse(line.slice(6)));
}

/** SIGTERM in the middle of an answer, as when a Space is restarted. */
async function exitOnTerm({ id, pid, space }) {
  const script = { pieces: Array.from({ length: 200 }, () => 'slowly '), delayMs: 100 };
  await scriptGemini(space, { script });
  const response = await ask('Why is a LiFePO4 cell used instead of an ordinary lithium-ion one?');
  const reader = response.body.getReader();
  await reader.read();
  const killedAt = performance.now();
  process.kill(pid, 'SIGTERM');
  while (existsSync(`/proc/${pid}`) && performance.now() - killedAt < 10_000) await sleep(5);
  const ms = Math.round(performance.now() - killedAt);
  await reader.cancel().catch(() => undefined);
  await scriptGemini(space, { script: null });
  const code = podman(['wait', id]);
  assert(ms < exitLimitMs, `SIGTERM to exit took ${ms} ms`);
  assert(code === '0', `ended with code ${code}`);
  return `SIGTERM to exit in ${ms} ms with an open answer, exit code 0`;
}

function scriptGemini({ admin }, gemini) {
  return fetch(`${admin}/world`, { method: 'POST', body: JSON.stringify({ gemini }) });
}

/** The process's peak memory, and the limit of its control group. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const peak = Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  const paths = groups.flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === '') return [`/sys/fs/cgroup${path}/memory.max`];
    return controllers === 'memory' ? [`/sys/fs/cgroup/memory${path}/memory.limit_in_bytes`] : [];
  });
  const file = paths.find((path) => existsSync(path));
  assert(file !== undefined, 'no limit of memory is set');
  return { peak: Math.round(peak), limit: Math.round(Number(readFileSync(file, 'utf8')) / 1024 / 1024) };
}

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

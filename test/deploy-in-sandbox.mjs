/** The built sandbox in a process of its own, and deployments there by the built wizard: for lanes that are scripts. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Resolves with the environment that leads a wizard to it, other keys, and `close`, once it is up. */
export async function startSandboxProcess(root) {
  const sandbox = spawn(process.execPath, [join(root, 'dist/sandbox/main.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => sandbox.once('exit', resolve));
  const { env, tokens } = JSON.parse(await firstLine(sandbox.stdout));
  const close = async () => {
    sandbox.stdin.end();
    await ended;
  };
  return { env, tokens, close };
}

/** The last event of `rag-space-setup --yes --json …`. */
export async function deployInSandbox({ root, env, state, args = [] }) {
  const wizard = spawn(process.execPath, [join(root, 'dist/wizard/main.js'), '--yes', '--json', ...args], {
    cwd: state,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, ...env, XDG_STATE_HOME: state },
  });
  let last;
  for await (const line of createInterface({ input: wizard.stdout })) last = JSON.parse(line);
  return last;
}

function firstLine(stream) {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stream });
    lines.once('line', resolve);
    lines.once('close', () => reject(new Error('the sandbox ended before it was up')));
  });
}

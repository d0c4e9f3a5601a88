/** A real deployment on the stand-ins, and the files that it uploaded. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const secrets = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY', 'DATABASE_URL'];

/**
 * Starts the sandbox, runs the wizard against it and downloads what the Hub then holds. `folder` has the Space's
 * files, `env` its secrets and variables. Throws when the deployment does not end healthy.
 */
export async function deploySpace(root) {
  const work = mkdtempSync(join(tmpdir(), 'image-lane-'));
  const sandbox = spawn(process.execPath, [join(root, 'dist/sandbox/main.js')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => sandbox.once('exit', resolve));
  const close = async () => {
    sandbox.stdin.end();
    await ended;
    rmSync(work, { recursive: true, force: true });
  };
  try {
    const { env } = JSON.parse(await firstLine(sandbox.stdout));
    const events = await deploy(root, { ...env, XDG_STATE_HOME: join(work, 'state') });
    const last = events.at(-1);
    if (last?.ok !== true) throw new Error(`the deployment failed: ${JSON.stringify(last)}`);
    const space = last.deployment.space;
    const folder = join(work, 'space');
    const files = await download({ env, space, folder });
    const variables = await (await askHub(env, `/api/spaces/${space}/variables`)).json();
    const settings = Object.entries(variables).map(([name, { value }]) => [name, value]);
    const own = secrets.map((name) => [name, env[name]]);
    return {
      folder,
      files,
      env: Object.fromEntries([...own, ...settings]),
      admin: env.SANDBOX_ADMIN_URL,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function deploy(root, env) {
  const wizard = spawn(process.execPath, [join(root, 'dist/wizard/main.js'), '--yes', '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, ...env },
  });
  const events = [];
  for await (const line of createInterface({ input: wizard.stdout })) events.push(JSON.parse(line));
  return events;
}

/** Every file of the Space's main branch except git's own. */
async function download({ env, space, folder }) {
  const tree = await (await askHub(env, `/api/spaces/${space}/tree/main?recursive=true`)).json();
  const paths = tree.filter(({ type }) => type === 'file').map(({ path }) => path);
  for (const path of paths) {
    const response = await askHub(env, `/spaces/${space}/resolve/main/${path}`);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), Buffer.from(await response.arrayBuffer()));
  }
  return paths;
}

async function askHub(env, path) {
  const response = await fetch(`${env.HF_ENDPOINT}${path}`, {
    headers: { authorization: `Bearer ${env.HF_TOKEN}` },
  });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
  return response;
}

function firstLine(stream) {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stream });
    lines.once('line', resolve);
    lines.once('close', () => reject(new Error('the sandbox ended before it was up')));
  });
}

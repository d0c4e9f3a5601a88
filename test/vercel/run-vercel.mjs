#!/usr/bin/env node
/**
 * The Vercel lane: a deployment's files in the vendor's own programs, unmodified. Its development launcher runs the
 * function; `vercel build` has to take the output as it is. They are installed beside the project, never as its
 * dependencies: https://vercel.com/docs/cli/build
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployInSandbox, startSandboxProcess } from '../deploy-in-sandbox.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const tools = join(root, '.tools', 'vercel');
/** The newest one that installs without a package that its maker did not publish. */
const cli = 'vercel@59';
const projectName = 'book-function';
const secrets = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY', 'DATABASE_URL'];
const functionFolder = '.vercel/output/functions/index.func';
const question = 'What does a LiDAR measure?';

let [passed, failed] = [0, 0];
const work = mkdtempSync(join(tmpdir(), 'vercel-lane-'));
installTools();
const sandbox = await startSandboxProcess(root);
try {
  const args = ['--hosting', 'vercel', '--hosting-project', projectName, '--vercel-project', 'sample-book'];
  const last = await deployInSandbox({
    root,
    env: sandbox.env,
    state: work,
    args: [...args, '--no-frontend'],
  });
  assert.equal(last.ok, true, JSON.stringify(last));
  const output = join(work, 'deployment');
  const environment = await download(sandbox.env, output);
  await checkLauncher(output, environment);
  await check('vercel build takes the output as it is, without a token', () => buildOffline(output));
} catch (error) {
  note(error, 'deploys the book to the sandbox and reads its files');
} finally {
  await sandbox.close();
  rmSync(work, { recursive: true, force: true });
}
process.stdout.write(`vercel: ${passed} passed, ${failed} failed, 0 skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;

function installTools() {
  if (existsSync(join(tools, 'node_modules/vercel/package.json'))) return;
  const options = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', '--prefix', tools, ...options, cli], { stdio: 'inherit' });
}

/** Writes the newest deployment's files below `folder`; returns what its process is given. */
async function download(env, folder) {
  const read = async (path) => {
    const response = await fetch(`${env.VERCEL_API_URL}${path}`, {
      headers: { authorization: `Bearer ${env.VERCEL_TOKEN}` },
    });
    assert.equal(response.status, 200, path);
    return response.json();
  };
  const { deployments } = await read(`/v6/deployments?projectId=${projectName}&target=production`);
  const { uid } = deployments[0];
  const write = async ({ name, type, children = [], uid: file }, parent) => {
    const path = join(parent, name);
    if (type === 'directory') for (const child of children) await write(child, path);
    else {
      const { data } = await read(`/v8/deployments/${uid}/files/${file}`);
      mkdirSync(parent, { recursive: true });
      writeFileSync(path, Buffer.from(data, 'base64'));
    }
  };
  for (const entry of await read(`/v6/deployments/${uid}/files`)) await write(entry, folder);
  const { envs } = await read(`/v10/projects/${projectName}/env`);
  const plain = envs.filter(({ type }) => type === 'plain').map(({ key, value }) => [key, value]);
  const config = JSON.parse(readFileSync(join(folder, functionFolder, '.vc-config.json'), 'utf8'));
  const own = secrets.map((name) => [name, env[name]]);
  return { ...config.environment, ...Object.fromEntries([...own, ...plain]) };
}

/**
 * The development launcher reads nothing of `.vc-config.json`: it lets an answer go out in pieces where the module names
 * its exports, so a module of one line hands ours on.
 */
async function checkLauncher(output, environment) {
  const entry = 'entry.mjs';
  writeFileSync(join(output, functionFolder, entry), "export { default } from './server.js';\n");
  const launcher = spawn(process.execPath, [join(tools, 'node_modules/@vercel/node/dist/dev-server.mjs')], {
    cwd: join(output, functionFolder),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: {
      PATH: process.env.PATH,
      ...environment,
      VERCEL_DEV_ENTRYPOINT: entry,
      VERCEL_DEV_CONFIG: JSON.stringify({ helpers: false }),
    },
  });
  const ended = new Promise((resolve) => launcher.once('exit', resolve));
  const { port } = await new Promise((resolve, reject) => {
    launcher.once('message', resolve);
    launcher.once('exit', () => reject(new Error('the launcher ended before it listened')));
  });
  const url = `http://127.0.0.1:${port}`;
  const ask = (body) =>
    fetch(`${url}/api/chat`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  await check('launcher: health is ready on the first request', async () => {
    const health = await (await fetch(`${url}/api/health`)).json();
    assert.equal(health.status, 'healthy', JSON.stringify(health));
  });
  await check('launcher: a question gets an answer with a source', async () => {
    const response = await ask({ message: question });
    const reply = await response.json();
    assert.equal(response.status, 200, JSON.stringify(reply));
    assert.ok(reply.sources.length > 0, JSON.stringify(reply));
  });
  await check('launcher: a stream comes in more than one piece', async () => {
    const pieces = [];
    for await (const piece of (await ask({ message: `${question} Say it in short.`, stream: true })).body)
      pieces.push(Buffer.from(piece).toString());
    assert.ok(pieces.length > 1, `${pieces.length} piece`);
    assert.match(pieces.join(''), /"type":"done"/);
  });
  await check('launcher: a preflight is allowed for the book and no other page', async () => {
    const preflight = (origin) =>
      fetch(`${url}/api/chat`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const allowed = environment.ALLOWED_ORIGINS.split(',')[0];
    const own = await preflight(allowed);
    assert.equal(own.headers.get('access-control-allow-origin'), allowed);
    const foreign = await preflight('https://other.example');
    assert.equal(foreign.headers.get('access-control-allow-origin'), null);
  });
  await check('launcher: HEAD of the page has no body', async () => {
    const response = await fetch(url, { method: 'HEAD' });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), '');
  });
  await check('launcher: ends by itself at a shutdown', async () => {
    launcher.send('shutdown');
    assert.equal(await ended, 0);
  });
  launcher.kill('SIGKILL');
  rmSync(join(output, functionFolder, entry));
}

/** A project whose build only puts the files in their place; nothing in it has to be installed or read from Vercel. */
function buildOffline(output) {
  const folder = join(work, 'project');
  mkdirSync(join(folder, '.vercel'), { recursive: true });
  cpSync(join(output, '.vercel/output'), join(folder, 'made'), { recursive: true });
  const settings = {
    framework: null,
    installCommand: 'true',
    buildCommand: 'mkdir -p .vercel/output && cp -R made/. .vercel/output/',
    outputDirectory: null,
  };
  const project = { projectId: 'prj_0', orgId: 'team_0', projectName, settings };
  writeFileSync(join(folder, '.vercel/project.json'), JSON.stringify(project));
  execFileSync(
    process.execPath,
    [join(tools, 'node_modules/vercel/dist/vc.js'), 'build', '--prod', '--yes'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: work, CI: '1', VERCEL_TELEMETRY_DISABLED: '1' },
    },
  );
  const built = join(folder, '.vercel/output');
  assert.deepEqual(filesIn(join(built, 'functions')), filesIn(join(output, '.vercel/output/functions')));
  const { routes } = JSON.parse(readFileSync(join(built, 'config.json'), 'utf8'));
  assert.ok(routes.some(({ dest }) => dest === '/index'));
}

/** Paths with their contents. */
function filesIn(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    paths
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted()
      .map((path) => [relative(folder, path), readFileSync(path, 'base64')]),
  );
}

async function check(title, run) {
  try {
    await run();
    passed += 1;
    process.stdout.write(`ok  ${title}\n`);
  } catch (error) {
    note(error, title);
  }
}

function note(error, title) {
  failed += 1;
  const output = `${error.stdout ?? ''}${error.stderr ?? ''}`.slice(-1500);
  process.stdout.write(`not ok  ${title}: ${String(error.stack ?? error).slice(0, 1500)}\n${output}\n`);
}

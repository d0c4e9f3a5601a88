#!/usr/bin/env node
/**
 * Runs two of the vendors' own clients, unmodified and not used by this project, against the sandbox. They check answers
 * against the vendors' types, so the stand-ins are held to what others wrote.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { geminiChecks } from './gemini.mjs';
import { vercelChecks } from './vercel.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const prefix = join(root, '.tools', 'strangers');
const clients = { '@google/genai': '2.32.0', '@vercel/sdk': '1.28.35' };

install();
const sandbox = spawn(process.execPath, [join(root, 'dist/sandbox/main.js')], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => sandbox.once('exit', resolve));
const line = await new Promise((resolve) => createInterface({ input: sandbox.stdout }).once('line', resolve));
const { env } = JSON.parse(line);
const admin = (path, body) =>
  fetch(`${env.SANDBOX_ADMIN_URL}${path}`, { method: 'POST', body: JSON.stringify(body) });
const tools = {
  env,
  world: (controls) => admin('/world', controls),
  fault: (fault) => admin('/faults', fault),
};

let passed = 0;
let failed = 0;
for (const [name, check] of [
  ...geminiChecks(await load('@google/genai'), tools),
  ...vercelChecks(await load('@vercel/sdk'), tools),
]) {
  try {
    await check();
    passed += 1;
    process.stdout.write(`ok  ${name}\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`not ok  ${name}: ${String(error.stack ?? error).slice(0, 1500)}\n`);
  }
}
sandbox.stdin.end();
await ended;
process.stdout.write(`strangers: ${passed} passed, ${failed} failed, 0 skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Installs them next to the project, never as its dependencies. */
function install() {
  const isThere = ([name]) => existsSync(join(prefix, 'node_modules', name, 'package.json'));
  if (Object.entries(clients).every(isThere)) return;
  const wanted = Object.entries(clients).map(([name, version]) => `${name}@${version}`);
  const quietly = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', '--prefix', prefix, ...quietly, ...wanted], { stdio: 'inherit' });
}

async function load(name) {
  const resolve = createRequire(join(prefix, 'package.json')).resolve;
  return import(pathToFileURL(resolve(name)).href);
}

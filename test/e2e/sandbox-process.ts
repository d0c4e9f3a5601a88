import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Fault } from '../../sandbox/exchange/faults.ts';
import type { RecordedExchange } from '../../sandbox/exchange/recorded-exchange.ts';

export const wizardEntry = fileURLToPath(new URL('../../dist/wizard/main.js', import.meta.url));
export const sandboxEntry = fileURLToPath(new URL('../../dist/sandbox/main.js', import.meta.url));
export const spaceFiles = fileURLToPath(new URL('../../dist/space/', import.meta.url));

export type SandboxProcess = {
  env: Record<string, string>;
  tokens: Record<string, string>;
  addFault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  setControls(controls: unknown): Promise<void>;
  writes(): Promise<{ total: number; byName: Record<string, number> }>;
  exchanges(): Promise<RecordedExchange[]>;
  stop(): Promise<void>;
};

/** Starts the built sandbox as a child process, as the wizard does. */
export async function startSandbox(): Promise<SandboxProcess> {
  const child = spawn(process.execPath, [sandboxEntry], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exited.then((code) => Promise.reject(new Error(`the sandbox ended with code ${code}`))),
  ]);
  const { env, tokens = {} } = JSON.parse(line) as Pick<SandboxProcess, 'env'> &
    Partial<Pick<SandboxProcess, 'tokens'>>;
  const admin = env['SANDBOX_ADMIN_URL'];
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${admin}${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
  return {
    env,
    tokens,
    addFault: async (fault) => void (await call('POST', '/faults', fault)),
    clearFaults: async () => void (await call('DELETE', '/faults')),
    setControls: async (controls) => void (await call('POST', '/world', controls)),
    writes: async () => (await call('GET', '/writes')) as Awaited<ReturnType<SandboxProcess['writes']>>,
    exchanges: async () => (await call('GET', '/exchanges')) as RecordedExchange[],
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

export type WizardEvent = { v: number; type: string; at: string } & Record<string, unknown>;
export type WizardRun = {
  code: number | null;
  stdout: string;
  stderr: string;
  events: WizardEvent[];
  /** Milliseconds since the epoch. */
  endedAt: number;
};

/** Runs the built wizard to its end; `onStart` receives the running process. */
export function runWizard(options: {
  args: string[];
  env: Record<string, string>;
  cwd?: string;
  onStart?: (child: ChildProcess) => void;
}): Promise<WizardRun> {
  const child = spawn(process.execPath, [wizardEntry, ...options.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '',
      SANDBOX_RECORD_DIR: process.env['SANDBOX_RECORD_DIR'] ?? '',
      ...options.env,
    },
    ...(options.cwd !== undefined && { cwd: options.cwd }),
  });
  options.onStart?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const events = stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as WizardEvent);
      resolve({ code, stdout, stderr, events, endedAt: Date.now() });
    });
  });
}

export function eventsOf(run: WizardRun, type: string): WizardEvent[] {
  return run.events.filter((event) => event.type === type);
}

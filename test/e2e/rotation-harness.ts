import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { Faults } from '../../sandbox/exchange/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import type { SecretName } from '../../server/contract.ts';
import { runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';
import { hosting } from './tested-hosting.ts';

export type SecretValues = Partial<Record<SecretName, string>>;
const addresses = ['HF_ENDPOINT', 'VERCEL_API_URL', 'GOOGLE_GEMINI_BASE_URL', hosting.token];

/** A deployment for rotation tests, and a second Qdrant cluster to rotate to. */
export class RotationHarness {
  readonly sandbox: SandboxProcess;
  readonly second: QdrantStandIn;
  readonly folder: string;
  /** The Space's current secrets. */
  readonly current: SecretValues;
  #origin = '';

  private constructor(parts: Pick<RotationHarness, 'sandbox' | 'second' | 'folder'>) {
    this.sandbox = parts.sandbox;
    this.second = parts.second;
    this.folder = parts.folder;
    const {
      GEMINI_API_KEY = '',
      QDRANT_URL = '',
      QDRANT_API_KEY = '',
      DATABASE_URL = '',
    } = parts.sandbox.env;
    this.current = { GEMINI_API_KEY, QDRANT_URL, QDRANT_API_KEY, DATABASE_URL };
  }

  static async start(): Promise<RotationHarness> {
    const sandbox = await startSandbox();
    const options = { faults: new Faults(), record: new ExchangeRecord(), apiKey: 'second-cluster' };
    const folder = await mkdtemp(join(tmpdir(), 'rotate-test-'));
    const harness = new RotationHarness({ sandbox, second: await startQdrant(options), folder });
    const deployed = await harness.deploy(sandbox.env);
    expect(deployed.events.at(-1), deployed.stderr).toMatchObject({ ok: true });
    harness.#origin = (deployed.events.at(-1)!['deployment'] as { url: string }).url;
    return harness;
  }

  async close(): Promise<void> {
    await this.second.close();
    await this.sandbox.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  run(args: string[], env: Record<string, string>): Promise<WizardRun> {
    const { folder } = this;
    return runWizard({
      args: [...args, '--json'],
      env: { XDG_STATE_HOME: folder, ...hosting.env(env) },
      cwd: folder,
    });
  }

  deploy(env: Record<string, string>): Promise<WizardRun> {
    return this.run(['deploy', '--yes', ...hosting.flags()], env);
  }

  /** Only the host’s token and the vendors' URLs: a rotation needs nothing else besides the new value. */
  get bare(): Record<string, string> {
    const all = Object.entries(this.sandbox.env).filter(([name]) => addresses.includes(name));
    return Object.fromEntries(all);
  }

  rotate(
    name: string,
    values: SecretValues & { XDG_STATE_HOME?: string },
    args: string[] = [],
  ): Promise<WizardRun> {
    return this.run(['rotate', name, '--yes', ...args], {
      ...this.bare,
      ...(values as Record<string, string>),
    });
  }

  /** Indexes the book into the second cluster; its URL and key. */
  async indexSecond(): Promise<SecretValues> {
    const next = { QDRANT_URL: this.second.url, QDRANT_API_KEY: this.second.apiKey };
    const indexed = await this.run(['index', '--yes'], { ...this.sandbox.env, ...next });
    expect(indexed.code, indexed.stdout).toBe(0);
    return next;
  }

  databaseWith(change: (url: URL) => void): string {
    const url = new URL(this.current.DATABASE_URL ?? '');
    change(url);
    return url.href;
  }

  async sql(text: string): Promise<void> {
    const client = new pg.Client({ connectionString: this.sandbox.env['DATABASE_URL'] });
    await client.connect();
    await client.query(text);
    await client.end();
  }

  async health(): Promise<Record<string, unknown>> {
    return (await (await fetch(`${this.#origin}/api/health`)).json()) as Record<string, unknown>;
  }

  async expectNothingToDo(): Promise<void> {
    const plan = await this.run(['plan', '--yes', '--detailed-exit-code', ...hosting.flags()], {
      ...this.sandbox.env,
      ...this.current,
    });
    expect(plan.code, plan.stdout).toBe(0);
  }
}

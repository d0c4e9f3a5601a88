import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proxyLogin, startCompanyNetwork, type CompanyNetwork } from './company-network.ts';
import { runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

const names = {
  HF_ENDPOINT: 'hub.vendors.example',
  VERCEL_API_URL: 'vercel.vendors.example',
  GOOGLE_GEMINI_BASE_URL: 'gemini.vendors.example',
  QDRANT_URL: 'qdrant.vendors.example',
} as const;

function hasOpenssl(): boolean {
  try {
    return execFileSync('openssl', ['version']).length > 0;
  } catch {
    return false;
  }
}

// The company's certificate is made with it.
describe.skipIf(!hasOpenssl())('behind a company’s proxy, whose names and certificate only it knows', () => {
  let sandbox: SandboxProcess;
  let network: CompanyNetwork;
  let stateHome: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    stateHome = await mkdtemp(join(tmpdir(), 'proxy-test-'));
    const ports = Object.entries(names).map(([variable, name]) => [
      name,
      Number(new URL(sandbox.env[variable] ?? '').port),
    ]);
    network = await startCompanyNetwork(Object.fromEntries(ports) as Record<string, number>);
    env = { ...sandbox.env, XDG_STATE_HOME: stateHome };
    for (const [variable, name] of Object.entries(names)) env[variable] = `https://${name}:443`;
  });
  afterAll(async () => {
    await network?.close();
    await sandbox?.stop();
    await rm(stateHome, { recursive: true, force: true });
  });

  const leaks = (run: WizardRun): boolean =>
    [
      proxyLogin.password,
      encodeURIComponent(proxyLogin.password),
      btoa(`${proxyLogin.user}:${proxyLogin.password}`),
    ].some((secret) => `${run.stdout}${run.stderr}`.includes(secret));

  it('a whole deployment goes through it, the server’s own calls too', async () => {
    const proxied = { HTTPS_PROXY: network.proxyUrl, NODE_EXTRA_CA_CERTS: network.caFile };
    // The Space is in the same network, so it needs the same variables.
    const [owner, name] = ['ana', 'behind-a-proxy'];
    const response = await fetch(`${sandbox.env['HF_ENDPOINT']}/api/repos/create`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.env['HF_TOKEN']}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'space',
        name,
        organization: owner,
        sdk: 'docker',
        variables: Object.entries(proxied).map(([key, value]) => ({ key, value })),
      }),
    });
    expect(await response.text()).toContain(name);
    const run = await runWizard({
      args: ['--yes', '--json', '--space', `${owner}/${name}`],
      env: { ...env, ...proxied },
    });
    expect(run.events.at(-1)).toMatchObject({ type: 'run-finished', ok: true, failure: null });
    const hosts = new Set(network.tunnels.map((target) => target.split(':')[0]));
    expect([...hosts].toSorted()).toEqual(Object.values(names).toSorted());
    expect(leaks(run)).toBe(false);
  });

  it('a certificate that Node does not know is explained, and blamed on no key', async () => {
    const run = await runWizard({
      args: ['--yes', '--json'],
      env: { ...env, https_proxy: network.proxyUrl },
    });
    expect(run.code).toBe(4);
    expect(run.events.at(-1)).toHaveProperty(
      'failure.remedy',
      expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    );
  });

  it('a wrong login is the proxy’s refusal, and named as such', async () => {
    const wrong = network.proxyUrl.replace(/:[^:@]+@/, ':wrong-p%40ss-canary@');
    const run = await runWizard({ args: ['--yes', '--json'], env: { ...env, HTTPS_PROXY: wrong } });
    expect(run.code).toBe(4);
    expect(run.events.at(-1)).toHaveProperty(
      'failure.message',
      expect.stringMatching(/proxy 127\.0\.0\.1:\d+ wants a login/),
    );
    expect(run.stdout).not.toContain('canary');
  });

  it('a rehearsal stays on this machine, whatever the variables say', async () => {
    const none = 'http://127.0.0.1:9';
    const run = await runWizard({
      args: ['--rehearse', '--yes', '--json'],
      env: { HTTPS_PROXY: none, HTTP_PROXY: none, ALL_PROXY: none, NO_PROXY: 'nothing.example' },
    });
    expect(run.events.at(-1)).toMatchObject({ type: 'run-finished', ok: true });
  });
});

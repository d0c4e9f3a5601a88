/** The hosts that a run announces, in four places, and the hosts that it contacts. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helpText } from '../../wizard/help.ts';
import { commands, type CommandName } from '../../wizard/model/command.ts';
import {
  hostLine,
  contactedHosts,
  hosts,
  hostsOnDemand,
  type ContactedHost,
} from '../../wizard/model/hosts.ts';
import { openTerminal } from '../terminal.ts';
import {
  eventsOf,
  runWizard,
  startSandbox,
  wizardEntry,
  type SandboxProcess,
  type WizardRun,
} from './sandbox-process.ts';

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));
const recorder = fileURLToPath(new URL('record-connections.cjs', import.meta.url));
const documentedHosts = contactedHosts.map((name) => [hosts[name].host, hosts[name].sends]);

describe('the table of contacted hosts', () => {
  it('is in --help, word for word', () => {
    const section = helpText().split('Hosts contacted, and what each is sent\n')[1] ?? '';
    const rows = [...section.matchAll(/^ {2}(\S.*?) {2,}(\S.*)$/gm)].map(([, host, sends]) => [host, sends]);
    expect(rows).toEqual(documentedHosts);
  });

  it('is in the README, word for word', async () => {
    const section = (await readFile(readme, 'utf8')).split('## Who is contacted')[1]?.split('\n## ')[0] ?? '';
    const rows = [...section.matchAll(/^\| (.+?) \| (.+?) \|$/gm)].map(([, host, sends]) => [host, sends]);
    expect(rows.slice(1)).toEqual(documentedHosts.map((row) => row.map((text) => text.replaceAll('’', "'"))));
  });
});

describe('a run', () => {
  let sandbox: SandboxProcess;
  let folder: string;
  let serviceByHost: ReadonlyMap<string, ContactedHost>;
  beforeAll(async () => {
    sandbox = await startSandbox();
    folder = await mkdtemp(join(tmpdir(), 'announced-hosts-test-'));
  });
  afterAll(async () => {
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  let runs = 0;
  async function run(args: string[], env: Record<string, string> = sandbox.env) {
    const log = join(folder, `connections-${runs++}`);
    const result = await runWizard({
      args: [...args, '--json'],
      env: {
        ...env,
        XDG_STATE_HOME: folder,
        NODE_OPTIONS: `--require=${recorder}`,
        CONNECTIONS_LOG: log,
      },
      cwd: folder,
    });
    const text = await readFile(log, 'utf8').catch(() => '');
    return { one: result, reached: [...new Set(text.split('\n').filter((line) => line !== ''))] };
  }

  const hostOf = (name: string): string => new URL(sandbox.env[name] ?? '').host;
  const announcedBy = (result: WizardRun): string[] =>
    eventsOf(result, 'notice')
      .filter(({ code }) => code === 'contacts')
      .map(({ message }) => String(message));
  /** The services of the contacted hosts; an unknown host stays itself. */
  const namesOf = (reached: readonly string[]): string[] =>
    [...new Set(reached.map((host) => serviceByHost.get(host) ?? host))].toSorted();

  it('of deploy announces all hosts before the first check, and contacts only these', async () => {
    const { one: result, reached } = await run(['deploy', '--yes']);
    const last = result.events.at(-1) as unknown as {
      ok: boolean;
      deployment: { url: string; frontend: string };
    };
    expect(last.ok, result.stderr + result.stdout.slice(-500)).toBe(true);
    serviceByHost = new Map<string, ContactedHost>([
      [hostOf('HF_ENDPOINT'), 'huggingface'],
      [hostOf('VERCEL_API_URL'), 'vercel'],
      [hostOf('GOOGLE_GEMINI_BASE_URL'), 'gemini'],
      [hostOf('QDRANT_URL'), 'qdrant'],
      [hostOf('DATABASE_URL'), 'postgres'],
      [hostOf('QDRANT_CLOUD_API_URL'), 'qdrant-cloud'],
      [new URL(last.deployment.url).host, 'space'],
      [new URL(last.deployment.frontend).host, 'site'],
    ]);
    // Named once something is wanted there.
    expect(namesOf(reached)).toEqual(contactedHosts.filter((name) => !hostsOnDemand.has(name)).toSorted());
    const first = result.events.findIndex(({ type }) => type !== 'run-started' && type !== 'notice');
    expect(result.events[first]).toMatchObject({ type: 'check-started' });
    const before = result.events.slice(0, first).map((event) => event['message']);
    expect(before.filter((message) => message !== undefined)).toEqual(announcedBy(result));
    expect(announcedBy(result)).toEqual([
      hostLine('huggingface', hostOf('HF_ENDPOINT')),
      hostLine('space'),
      hostLine('vercel', hostOf('VERCEL_API_URL')),
      hostLine('site'),
      hostLine('gemini', hostOf('GOOGLE_GEMINI_BASE_URL')),
      hostLine('qdrant', hostOf('QDRANT_URL')),
      hostLine('postgres', hostOf('DATABASE_URL')),
    ]);
  }, 60_000);

  /** With `--yes`, which commands that write nothing accept too. */
  const lines: [CommandName, string[]][] = [
    ['plan', []],
    ['plan', ['--no-frontend']],
    ['index', []],
    ['status', []],
    ['doctor', []],
    ['rotate', ['gemini']],
    ['export', ['out']],
    ['undo', []],
  ];
  it.each(lines)('of %s %j contacts only announced hosts, which its --help lists', async (name, args) => {
    const { one: result, reached } = await run([name, ...args, '--yes']);
    expect([0, 12], result.stdout).toContain(result.code);
    const announced = announcedBy(result);
    const names = contactedHosts.filter((service) =>
      announced.some((text) => text.endsWith(`: ${hosts[service].sends}`)),
    );
    expect(announced).toHaveLength(names.length);
    expect(commands[name].contacts).toEqual(expect.arrayContaining(names));
    for (const service of namesOf(reached)) expect(names).toContain(service);
    for (const service of names) expect(helpText(name)).toContain(hosts[service].host);
  });

  const f1 = '\u001BOP';

  it('in a terminal announces them before the first prompt, without having contacted any', async () => {
    const log = join(folder, 'connections-terminal');
    const terminal = openTerminal({
      command: process.execPath,
      args: [wizardEntry],
      env: {
        ...sandbox.env,
        XDG_STATE_HOME: join(folder, 'fresh'),
        HOME: folder,
        NODE_OPTIONS: `--require=${recorder}`,
        CONNECTIONS_LOG: log,
      },
      cwd: folder,
      columns: 120,
      rows: 40,
    });
    try {
      const screen = await terminal.waitFor('Nothing changes before');
      expect(screen).toMatch(/Talks to .*\. No telemetry\./s);
      terminal.write(f1);
      const help = await terminal.waitFor('what each host is sent');
      // Announced by the question that leads to them.
      const onDemand = [...hostsOnDemand].map((name) => hosts[name].host);
      const first = documentedHosts.filter(([host = '']) => !onDemand.includes(host));
      for (const [, sends] of first) expect(help).toContain(`  ${sends}\n`);
      await expect(readFile(log, 'utf8')).rejects.toThrow('ENOENT');
    } finally {
      await terminal.close();
    }
  });

  it('of status without a key contacts only Hugging Face and the Space', async () => {
    const { HF_ENDPOINT = '' } = sandbox.env;
    const { one: result, reached } = await run(['status'], { HF_ENDPOINT });
    expect(announcedBy(result)).toHaveLength(2);
    expect(namesOf(reached)).toEqual(['huggingface', 'space']);
  });
});

/** Whom a run says that it contacts, in four places, and whom it contacts. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { helpText } from '../../wizard/help.ts';
import { commands, type CommandName } from '../../wizard/model/command.ts';
import { hostLine, contactedHosts, hosts, type ContactedHost } from '../../wizard/model/hosts.ts';
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
const table = contactedHosts.map((name) => [hosts[name].host, hosts[name].sends]);

describe('the table of contacts', () => {
  it('stands in --help, word for word', () => {
    const section = helpText().split('Hosts contacted, and what each is sent\n')[1] ?? '';
    const rows = [...section.matchAll(/^ {2}(\S.*?) {2,}(\S.*)$/gm)].map(([, host, sends]) => [host, sends]);
    expect(rows).toEqual(table);
  });

  it('stands in the README, word for word', async () => {
    const section = (await readFile(readme, 'utf8')).split('## Who is contacted')[1]?.split('\n## ')[0] ?? '';
    const rows = [...section.matchAll(/^\| (.+?) \| (.+?) \|$/gm)].map(([, host, sends]) => [host, sends]);
    expect(rows.slice(1)).toEqual(table.map((row) => row.map((text) => text.replaceAll('’', "'"))));
  });
});

describe('a run', () => {
  let sandbox: SandboxProcess;
  let folder: string;
  let where: ReadonlyMap<string, ContactedHost>;
  beforeAll(async () => {
    sandbox = await startSandbox();
    folder = await mkdtemp(join(tmpdir(), 'contacts-test-'));
  });
  afterAll(async () => {
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  let runs = 0;
  async function run(args: string[], env: Record<string, string> = sandbox.env) {
    const log = join(folder, `connections-${runs++}`);
    const one = await runWizard({
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
    return { one, reached: [...new Set(text.split('\n').filter((line) => line !== ''))] };
  }

  const hostOf = (name: string): string => new URL(sandbox.env[name] ?? '').host;
  const saidBy = (one: WizardRun): string[] =>
    eventsOf(one, 'notice')
      .filter(({ code }) => code === 'contacts')
      .map(({ message }) => String(message));
  /** Whom those hosts belong to; a host that is nobody's stays itself. */
  const namesOf = (reached: readonly string[]): string[] =>
    [...new Set(reached.map((host) => where.get(host) ?? host))].toSorted();

  it('of deploy says all of them before the first check, with their hosts, and contacts just these', async () => {
    const { one, reached } = await run(['deploy', '--yes']);
    const last = one.events.at(-1) as unknown as {
      ok: boolean;
      deployment: { url: string; frontend: string };
    };
    expect(last.ok, one.stderr + one.stdout.slice(-500)).toBe(true);
    where = new Map<string, ContactedHost>([
      [hostOf('HF_ENDPOINT'), 'huggingface'],
      [hostOf('VERCEL_API_URL'), 'vercel'],
      [hostOf('GOOGLE_GEMINI_BASE_URL'), 'gemini'],
      [hostOf('QDRANT_URL'), 'qdrant'],
      [hostOf('DATABASE_URL'), 'postgres'],
      [new URL(last.deployment.url).host, 'space'],
      [new URL(last.deployment.frontend).host, 'site'],
    ]);
    expect(namesOf(reached)).toEqual([...contactedHosts].toSorted());
    const first = one.events.findIndex(({ type }) => type !== 'run-started' && type !== 'notice');
    expect(one.events[first]).toMatchObject({ type: 'check-started' });
    const before = one.events.slice(0, first).map((event) => event['message']);
    expect(before.filter((message) => message !== undefined)).toEqual(saidBy(one));
    expect(saidBy(one)).toEqual([
      hostLine('huggingface', hostOf('HF_ENDPOINT')),
      hostLine('space'),
      hostLine('vercel', hostOf('VERCEL_API_URL')),
      hostLine('site'),
      hostLine('gemini', hostOf('GOOGLE_GEMINI_BASE_URL')),
      hostLine('qdrant', hostOf('QDRANT_URL')),
      hostLine('postgres', hostOf('DATABASE_URL')),
    ]);
  }, 60_000);

  /** `--yes` throughout: a command that writes nothing takes it as well. */
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
  it.each(lines)('of %s %j contacts only whom it named, and its --help names them', async (name, args) => {
    const { one, reached } = await run([name, ...args, '--yes']);
    expect([0, 12], one.stdout).toContain(one.code);
    const said = saidBy(one);
    const names = contactedHosts.filter((who) => said.some((text) => text.endsWith(`: ${hosts[who].sends}`)));
    expect(said).toHaveLength(names.length);
    expect(commands[name].contacts).toEqual(expect.arrayContaining(names));
    for (const who of namesOf(reached)) expect(names).toContain(who);
    for (const who of names) expect(helpText(name)).toContain(hosts[who].host);
  });

  it('in a terminal says them before the first screen asks anything, and has contacted nobody by then', async () => {
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
      const said = [...screen.matchAll(/^Contacts .+?: ((?:your|a|nothing).+)$/gm)].map(([, sends]) => sends);
      expect(said).toEqual(table.map(([, sends]) => sends));
      await expect(readFile(log, 'utf8')).rejects.toThrow('ENOENT');
    } finally {
      await terminal.close();
    }
  });

  it('of status without a key contacts Hugging Face and the Space alone', async () => {
    const { HF_ENDPOINT = '' } = sandbox.env;
    const { one, reached } = await run(['status'], { HF_ENDPOINT });
    expect(saidBy(one)).toHaveLength(2);
    expect(namesOf(reached)).toEqual(['huggingface', 'space']);
  });
});

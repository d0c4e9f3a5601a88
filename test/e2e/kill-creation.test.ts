/** A run that creates cluster and database, killed after each note of what it makes: nothing is made twice. */
import { mkdirSync, mkdtempSync, rmSync, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

let sandbox: SandboxProcess;
const root = mkdtempSync(join(tmpdir(), 'kill-creation-'));

beforeAll(async () => {
  sandbox = await startSandbox();
  await sandbox.setControls({ 'qdrant-cloud': { mostFreeClusters: 99 }, neon: { mostProjects: 99 } });
});
afterAll(async () => {
  await sandbox?.stop();
  rmSync(root, { recursive: true, force: true });
});

/** Runs in a folder of this name; killed with SIGKILL once `created.json` was written `killAt` times. */
async function run(name: string, killAt = Number.POSITIVE_INFINITY): Promise<WizardRun & { notes: number }> {
  const cwd = join(root, name);
  const state = join(cwd, 'state', 'rag-space-setup');
  mkdirSync(state, { recursive: true });
  let notes = 0;
  let kill = (): void => undefined;
  // It is replaced by renaming, which is one event for each note.
  const watcher = watch(state, (type, file) => {
    if (type !== 'rename' || file !== 'created.json') return;
    notes += 1;
    if (notes === killAt) kill();
  });
  const without = { QDRANT_URL: '', QDRANT_API_KEY: '', DATABASE_URL: '' };
  const own = {
    HF_SPACE: `ana/${name}`,
    QDRANT_COLLECTION: name,
    NEON_API_KEY: sandbox.tokens['neon'] ?? '',
  };
  const result = await runWizard({
    args: ['deploy', '--yes', '--json', '--create', 'neon,qdrant'],
    env: { ...sandbox.env, ...without, ...own, XDG_STATE_HOME: join(cwd, 'state') },
    cwd,
    onStart: (child) => void (kill = () => void child.kill('SIGKILL')),
  });
  watcher.close();
  return { ...result, notes };
}

type SandboxState = {
  neon: { projects: { name: string }[] };
  'qdrant-cloud': { clusters: { name: string }[]; keys: { cluster: string; name: string }[] };
};

async function created(name: string) {
  const world = (await (await fetch(`${sandbox.env['SANDBOX_ADMIN_URL']}/world`)).json()) as SandboxState;
  const isOwn = (entry: string): boolean => entry.startsWith(`${name}-chat`);
  const { clusters, keys } = world['qdrant-cloud'];
  return {
    projects: world.neon.projects.filter((project) => isOwn(project.name)).length,
    clusters: clusters.filter((cluster) => isOwn(cluster.name)).length,
    keys: keys.filter(({ cluster }) => isOwn(cluster)).map((key) => key.name.split(' ')[1]),
  };
}

/** A cluster, a project, and the server's key; the run's own key is gone. */
const once = { projects: 1, clusters: 1, keys: ['server'] };

/** How many notes a whole run writes; a test checks that it is all of them. */
const notesOfRun = 10;

it('a whole run writes as many notes as are tried below', async () => {
  const { notes, events, stdout } = await run('whole');
  expect(events.at(-1), stdout.slice(-800)).toMatchObject({ ok: true });
  expect(await created('whole')).toEqual(once);
  expect(notes).toBe(notesOfRun);
});

it.each(Array.from({ length: notesOfRun }, (_, index) => index + 1))(
  'a kill at note %i leaves nothing that the next run makes again',
  async (killAt) => {
    const name = `cut-${killAt}`;
    const first = await run(name, killAt);
    expect(first.code).toBeNull();
    const second = await run(name);
    expect(second.events.at(-1), second.stdout.slice(-800)).toMatchObject({ ok: true });
    expect(await created(name)).toEqual(once);
    const file = await readFile(join(root, name, 'state', 'rag-space-setup', 'created.json'), 'utf8');
    expect(file).not.toContain('indexing');
  },
  180_000,
);

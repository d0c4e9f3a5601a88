/** Every command that the README and the pages of docs/ show is run as it stands there, or is listed with the reason. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const space = 'ana/sample-book-chat';

/** Of its own kind are: the wizard by either name, and what npm runs. */
const isCommand = /^(?:[A-Z_]+=\S+ )*(?:npx |node dist\/|npm )/;

/** Indented lines and inline code, without their comments; `a && b` is two. */
function commandsIn(text: string): string[] {
  const lines = [...text.matchAll(/^ {4}(\S.*)$/gm)].map(([, line = '']) => line);
  const inline = [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code = '']) => code);
  return [...lines, ...inline]
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .filter((line) => isCommand.test(line))
    .flatMap((line) => line.split(' && '));
}

async function documented(): Promise<string[]> {
  const pages = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', 'CONTRIBUTING.md', ...pages.map((name) => join('docs', name))];
  const texts = await Promise.all(paths.map((path) => readFile(join(root, path), 'utf8')));
  return [...new Set(texts.flatMap(commandsIn))].toSorted();
}

/** What cannot be run here, and why. */
const elsewhere: Readonly<Record<string, string>> = {
  'npx rag-space-setup --rehearse': 'asks a person: rehearsal.test.ts answers in a terminal',
  'npx rag-space-setup --frontend DIR': 'needs a project of that folder at Vercel: frontend.test.ts',
  'npx rag-space-setup index --verify build': 'needs a built site: the tests of server/book',
  'npx vitest run test/server': 'a test run within a test run',
  'FUZZ_RUNS=20000 FUZZ_SEED=7 npx vitest run test/server/bad-input': 'a test run within a test run',
  'npm ci': 'this very checkout was installed by it',
  'npm cit': 'this very run',
  'npm test': 'this very run',
};

type Row = {
  /** Added, because nobody is asked here. */
  also?: string[];
  code?: number;
  env?: Record<string, string>;
  /** Ends it once it has said this. */
  until?: string;
};

/** In this order: undo comes last. */
const runs: Readonly<Record<string, Row>> = {
  'npx rag-space-setup': { also: ['--yes'] },
  'npx rag-space-setup --yes --json': {},
  'npx rag-space-setup plan': { also: ['--yes'] },
  'npx rag-space-setup index [DIR]': {},
  'npx rag-space-setup status': {},
  'npx rag-space-setup doctor': {},
  'npx rag-space-setup doctor --report': {},
  'npx rag-space-setup logs': { until: '"type":"log"', code: 130 },
  'npx rag-space-setup export DIR': {},
  'npx rag-space-setup export server': {},
  'npx rag-space-setup --api-url ADDRESS': { also: ['--yes'] },
  'npx rag-space-setup rotate gemini': {
    also: ['--yes'],
    env: { GEMINI_API_KEY: 'AQ.documented-second-key' },
  },
  'GEMINI_API_KEY=… PREVIOUS_GEMINI_API_KEY=… npx rag-space-setup rotate gemini --yes --json': {
    env: { GEMINI_API_KEY: 'AQ.documented-third-key', PREVIOUS_GEMINI_API_KEY: 'AQ.documented-second-key' },
  },
  'node dist/wizard/main.js': { also: ['plan', '--yes'] },
  'node dist/wizard/main.js --env-file F': { also: ['status'] },
  'npx rag-space-setup undo': { also: ['--yes', '--space', space] },
};

describe('the documented commands', () => {
  it('are all run here, or listed with the reason why not, or scripts of package.json', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const script = /^npm (?:run (?:--silent )?([\w:]+)|(start))/;
    const found = await documented();
    for (const one of found.filter((line) => script.test(line))) {
      const [, name = 'start'] = script.exec(one) ?? [];
      expect(Object.keys(scripts), one).toContain(name);
    }
    const known = [...Object.keys(runs), ...Object.keys(elsewhere)].toSorted();
    expect(found.filter((one) => !script.test(one))).toEqual(known);
  });
});

describe('run against the stand-ins', () => {
  let sandbox: SandboxProcess;
  let folder: string;
  let values: Record<string, string>;
  beforeAll(async () => {
    sandbox = await startSandbox();
    folder = await mkdtemp(join(tmpdir(), 'documented-test-'));
    const keys = { 'AQ.documented-second-key': 'valid', 'AQ.documented-third-key': 'valid' };
    await sandbox.setControls({ gemini: { keys } });
    const lines = Object.entries(sandbox.env).map(([name, value]) => `${name}='${value}'\n`);
    await writeFile(join(folder, 'F'), lines.join(''));
    values = { '[DIR]': sandbox.env['DOCS_DIR'] ?? '' };
  });
  afterAll(async () => {
    await sandbox?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  function run(command: string, { also = [], env = {}, until }: Row): Promise<WizardRun> {
    const words = command.replace(/^.*?(?:npx rag-space-setup|node dist\/wizard\/main\.js) ?/, '').split(' ');
    const args = words.filter((word) => word !== '').map((word) => values[word] ?? word);
    let said = '';
    return runWizard({
      args: [...args, ...also, ...(args.includes('--json') ? [] : ['--json'])],
      env: { ...sandbox.env, XDG_STATE_HOME: join(folder, 'state'), ...env },
      cwd: folder,
      onStart: (child) => {
        if (until === undefined) return;
        child.stdout?.on('data', (piece: Buffer) => {
          said += piece.toString();
          if (said.includes(until)) child.kill('SIGINT');
        });
      },
    });
  }

  it.each(Object.entries(runs))(
    '%s',
    async (command, row) => {
      const one = await run(command, row);
      const last = one.events.at(-1) as unknown as { deployment: { url: string } | null };
      expect(one.code, one.stdout.slice(-800) + one.stderr).toBe(row.code ?? 0);
      if (command === 'npx rag-space-setup') values['ADDRESS'] = last.deployment?.url ?? '';
    },
    60_000,
  );
});

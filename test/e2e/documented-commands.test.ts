/** Runs every command in the README and the pages of docs/ as documented, or lists it with the reason why not. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWizard, startSandbox, type SandboxProcess, type WizardRun } from './sandbox-process.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const space = 'ana/sample-book-chat';

/** Commands of this project: the wizard by either name, and npm scripts. */
const isCommand = /^(?:[A-Z_]+=\S+ )*(?:npx |node dist\/|npm )/;

/** Commands in indented lines and inline code, without comments; `a && b` counts as two. */
function commandsIn(text: string): string[] {
  const lines = [...text.matchAll(/^ {4}(\S.*)$/gm)].map(([, line = '']) => line);
  const inline = [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, code = '']) => code);
  return [...lines, ...inline]
    .map((line) => line.replace(/ +#.*$/, '').trim())
    .filter((line) => isCommand.test(line))
    .flatMap((line) => line.split(' && '));
}

async function documentedCommands(): Promise<string[]> {
  const pages = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const paths = ['README.md', 'CONTRIBUTING.md', ...pages.map((name) => join('docs', name))];
  const texts = await Promise.all(paths.map((path) => readFile(join(root, path), 'utf8')));
  return [...new Set(texts.flatMap(commandsIn))].toSorted();
}

/** Commands that cannot run here, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'npx rag-space-setup --rehearse': 'interactive: tested in rehearsal.test.ts',
  'npx rag-space-setup --frontend DIR': 'needs a project of that folder at Vercel: frontend.test.ts',
  'npx rag-space-setup index --verify build': 'needs a built site: the tests of server/book',
  'npx rag-space-setup ci': 'needs the book’s repository: the tests of wizard/workflow and test/owner',
  'npx rag-space-setup index --llms-txt': 'writes into the book: llms-file.test.ts',
  'npx vitest run test/server': 'a test run within a test run',
  'TEST_HOSTING=vercel npx vitest run test/e2e/deploy': 'a test run within a test run',
  'FUNCTION_SCALE=20 npx vitest run test/server/function-cost.test.ts': 'a test run within a test run',
  'FUZZ_RUNS=20000 FUZZ_SEED=7 npx vitest run test/server/bad-input': 'a test run within a test run',
  'npx rag-space-setup forget CONVERSATION': 'needs the id of a conversation: insights.test.ts',
  'npm ci': 'this very checkout was installed by it',
  'npm cit': 'this very run',
  'npm test': 'this very run',
};

type Row = {
  /** Added, because this run is not interactive. */
  also?: string[];
  code?: number;
  env?: Record<string, string>;
  /** Sends Ctrl-C once the output contains this. */
  until?: string;
};

/** In this order, with undo at the end. */
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
  'npx rag-space-setup insights': {},
  'npx rag-space-setup forget': { also: ['--older-than', '30d', '--yes'] },
  'npx rag-space-setup forget --older-than 30d': { also: ['--yes'] },
  'npx rag-space-setup undo': { also: ['--yes', '--space', space] },
};

describe('the documented commands', () => {
  it('are run here, listed as exceptions, or scripts of package.json', async () => {
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const script = /^npm (?:run (?:--silent )?([\w:-]+)|(start))/;
    const commands = await documentedCommands();
    for (const command of commands.filter((line) => script.test(line))) {
      const [, name = 'start'] = script.exec(command) ?? [];
      expect(Object.keys(scripts), command).toContain(name);
    }
    const expected = [...Object.keys(runs), ...Object.keys(exceptions)].toSorted();
    expect(commands.filter((command) => !script.test(command))).toEqual(expected);
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
    let output = '';
    return runWizard({
      args: [...args, ...also, ...(args.includes('--json') ? [] : ['--json'])],
      env: { ...sandbox.env, XDG_STATE_HOME: join(folder, 'state'), ...env },
      cwd: folder,
      onStart: (child) => {
        if (until === undefined) return;
        child.stdout?.on('data', (piece: Buffer) => {
          output += piece.toString();
          if (output.includes(until)) child.kill('SIGINT');
        });
      },
    });
  }

  it.each(Object.entries(runs))(
    '%s',
    async (command, row) => {
      const result = await run(command, row);
      const last = result.events.at(-1) as unknown as { deployment: { url: string } | null };
      expect(result.code, result.stdout.slice(-800) + result.stderr).toBe(row.code ?? 0);
      if (command === 'npx rag-space-setup') values['ADDRESS'] = last.deployment?.url ?? '';
    },
    60_000,
  );
});

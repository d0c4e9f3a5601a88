/** Rehearses every flag of `--help` once. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flagTable } from '../../wizard/model/run/flags.ts';
import { runWizard } from './sandbox-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'every-flag-'));
const at = (path: string): string => join(folder, path);
const sampleBook = fileURLToPath(new URL('../../dist/sandbox/book', import.meta.url));

/** A frontend that needs no change, a book of one page and its build, and a file of values. */
const files = {
  'front/package.json': '{"dependencies":{"react-scripts":"5.0.1"}}',
  'front/src/index.js': `fetch(process.env.REACT_APP_API_BASE_URL + '/api/chat', {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ question: document.querySelector('input').value, mode: 'general' }),
  });`,
  'book/docusaurus.config.js': `module.exports = { url: 'https://book.example', baseUrl: '/', presets: ['classic'] };`,
  'book/docs/mast.md': '# The mast\n\nMount the mast upright.\n',
  'build/docs/mast/index.html':
    '<main><article><h1>The mast</h1><p>Mount the mast upright.</p></article></main>',
  'versions/docusaurus.config.js': `module.exports = { url: 'https://book.example', baseUrl: '/', presets: ['classic'] };`,
  'versions/versions.json': '["2.0", "1.0"]',
  'versions/docs/mast.md': '# The mast\n\nMount the mast on a drone.\n',
  'versions/versioned_docs/version-2.0/mast.md': '# The mast\n\nMount the mast upright.\n',
  'versions/versioned_docs/version-1.0/mast.md': '# The mast\n\nMount the mast on a tripod.\n',
  values: 'LOG_LEVEL=info\n',
};
beforeAll(() => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(at(path)), { recursive: true });
    writeFileSync(at(path), text);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = { args: string; code?: number; output: RegExp };

const rows: readonly Row[] = [
  {
    args: '--rehearse --yes --json --no-index --create neon,qdrant',
    output: /"code":"book-not-indexed".*"exitCode":0/s,
  },
  {
    args: '--rehearse --yes --json --hosting vercel --hosting-project rehearsed --hosting-team textbook-lab --no-frontend',
    output: /"space":"vercel\/textbook-lab\/rehearsed".*"health":"healthy"/s,
  },
  {
    args: `--rehearse --yes --json --space ana/named --docs ${sampleBook} --env-file ${at('values')} --browser
      --frontend ${at('front')} --frontend-variable REACT_APP_API_BASE_URL --frontend-targets production,preview
      --write-frontend --wait-for-push`,
    output: /"code":"answer".*"space":"ana\/named".*"health":"healthy"/s,
  },
  {
    args: `plan --rehearse --yes --plain --vercel-project plain-book --vercel-team textbook-lab --detailed-exit-code`,
    code: 10,
    output: /Vercel textbook-lab\/plain-book/,
  },
  {
    args: 'plan --rehearse --yes --json --api-url https://chat.example.org --frontend-value https://chat.example.org/api',
    output:
      /"space":null,"project":"sample-book".*REACT_APP_API_BASE_URL = https:\/\/chat\.example\.org\/api/s,
  },
  {
    args: `index ${at('book')} --rehearse --yes --json --verify ${at('build')} --threshold 1`,
    output: /"code":"words-compared".*"ok":true/s,
  },
  {
    args: `index ${at('book')} --rehearse --json --changes-from ${at('build')} --markdown sections.md`,
    output: /"code":"sections-compared".*"ok":true/s,
  },
  {
    args: `index ${sampleBook} --rehearse --yes --json --llms-txt`,
    output: /static\/llms\.txt.*"code":"llms-rehearsed".*"ok":true/s,
  },
  {
    args: `index ${at('versions')} --rehearse --yes --plain --versions 1.0 --locales en --enrich`,
    output:
      /2\.0, en: 1 section, 1 embedding call.*\n.*1\.0, en: 1 section.*Not chosen.*Next, en \(1 page\).*up to 2 calls of/s,
  },
  { args: 'ci --rehearse --provider github', code: 2, output: /leaves nothing that ci/ },
  {
    args: 'insights --rehearse --since 7d --html questions.html --embed',
    code: 2,
    output: /leaves nothing that insights/,
  },
  { args: 'forget --rehearse --older-than 1d', code: 2, output: /leaves nothing that forget/ },
  { args: 'doctor --rehearse --report', code: 2, output: /A rehearsal leaves nothing that doctor could/ },
  { args: '--rehearse --help', output: /--rehearse/ },
  { args: '--rehearse --version', output: /^\d+\.\d+\.\d+/ },
];

describe('a rehearsal', () => {
  it('is done here with every flag', () => {
    const flags = rows.flatMap(({ args }) => [...args.matchAll(/--([\w-]+)/g)].map(([, name]) => name));
    expect([...new Set(flags)].toSorted()).toEqual(Object.keys(flagTable).toSorted());
  });

  it.each(rows)('$args', async ({ args, code = 0, output }) => {
    const run = await runWizard({
      args: args.split(/\s+/),
      env: { XDG_STATE_HOME: at('state') },
      cwd: folder,
    });
    expect(run.code, run.stdout.slice(-1500) + run.stderr.slice(-1500)).toBe(code);
    expect(run.stdout + run.stderr).toMatch(output);
  });
});

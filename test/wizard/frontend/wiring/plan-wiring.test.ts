import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { readProject } from '../../../../wizard/frontend/read-project.ts';
import { planWiring } from '../../../../wizard/frontend/wiring/plan-wiring.ts';
import { findingIn } from '../../../../wizard/interview/frontend/frontend-source.ts';
import { copySite, sampleSites } from '../../../sites/sample-sites.ts';
import { projectWith } from '../detect-api-url/sample-project.ts';

const api = 'https://ana-book.hf.space';
const { signal } = new AbortController();
const root = mkdtempSync(join(tmpdir(), 'wire-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function planFor(name: string) {
  const site = sampleSites.find((sample) => sample.name === name);
  if (site === undefined) throw new Error(name);
  const dir = join(root, name);
  rmSync(dir, { recursive: true, force: true });
  copySite(site, dir);
  const files = await readProject({ dir, signal });
  const detection = detectApiUrl(files);
  const [finding] = detection.findings;
  if (finding === undefined) throw new Error(`no finding in ${name}`);
  return { dir, files, plan: planWiring({ files, detection, finding, api }) };
}

describe('wiring a sample site', () => {
  it.each(sampleSites.filter(({ reaches }) => !reaches))(
    '$name: the diff makes the change, after which the variable reaches the pages',
    async ({ name, mechanism }) => {
      const { dir, files, plan } = await planFor(name);
      if (plan.type !== 'change') throw new Error(plan.reason);
      execFileSync('git', ['apply', '-'], { cwd: dir, input: plan.diff });
      const after = await readProject({ dir, signal });
      expect(Object.fromEntries(after)).toEqual({
        ...Object.fromEntries(files),
        ...Object.fromEntries(plan.files),
      });
      const again = detectApiUrl(after);
      if (mechanism === 'same-origin') {
        const { rewrites } = JSON.parse(after.get('vercel.json') ?? '') as { rewrites: unknown[] };
        const path = detectApiUrl(files).findings[0]?.source.name;
        expect(rewrites[0]).toEqual({ source: path, destination: `${api}${path}` });
      } else {
        expect(again.findings[0]).toMatchObject({ reachesPages: true, variable: plan.variable });
      }
      expect(plan.files).toMatchSnapshot();
    },
  );

  it.each(['docusaurus-env', 'vite-written', 'vite-same-origin'])(
    '%s with other line endings: they are kept, and the diff still applies',
    async (name) => {
      const { dir, files } = await planFor(name);
      for (const ends of ['\r\n', '\n'] as const) {
        for (const [path, text] of files) {
          const converted = text.replaceAll(/\r?\n/g, ends);
          // Also a last line without a line ending.
          writeFileSync(join(dir, path), ends === '\n' ? converted.trimEnd() : converted);
        }
        const before = await readProject({ dir, signal });
        const detection = detectApiUrl(before);
        const finding = detection.findings[0]!;
        const plan = planWiring({ files: before, detection, finding, api });
        if (plan.type !== 'change') throw new Error(plan.reason);
        execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: dir, input: plan.diff });
        for (const [path, text] of plan.files) {
          expect(readFileSync(join(dir, path), 'utf8')).toBe(text);
          const old = before.get(path);
          if (old === undefined) rmSync(join(dir, path));
          else expect(text.endsWith('\n')).toBe(old.endsWith('\n'));
          if (old !== undefined && ends === '\r\n') expect(text).not.toMatch(/(?<!\r)\n/);
        }
      }
    },
  );

  it('changes nothing where the variable already reaches the pages', async () => {
    expect((await planFor('docusaurus-fields')).plan.type).toBe('none');
  });
});

describe('a change is offered only where the variable then reaches the pages', () => {
  const planFor = (project: Record<string, string>, dependencies?: Record<string, string>) => {
    const files = new Map(Object.entries(projectWith(project, dependencies)));
    const detection = detectApiUrl(files);
    return planWiring({ files, detection, finding: detection.findings[0]!, api });
  };
  const changedFiles = (...input: Parameters<typeof planFor>): Record<string, string> => {
    const plan = planFor(...input);
    if (plan.type === 'none') throw new Error(plan.reason);
    return Object.fromEntries(plan.files);
  };
  const reasonFor = (...input: Parameters<typeof planFor>): string => {
    const plan = planFor(...input);
    return plan.type === 'none' ? plan.reason : `change: ${plan.diff}`;
  };

  it('import.meta.env in a Docusaurus site: the plugin defines it', () => {
    const files = changedFiles({ 'src/a.js': "fetch(import.meta.env.VITE_API_URL + '/api/chat');" });
    expect(files['api-url.plugin.cjs']).toContain(
      "'import.meta.env.VITE_API_URL': JSON.stringify(process.env.VITE_API_URL ?? '')",
    );
  });

  it.each([
    'DATABASE_URL',
    'NEON_DB',
    'PG_DSN',
    'MONGODB_URI',
    'OPENAI_API_KEY',
    'SMTP_PASS',
    'REACT_APP_DB_URL',
    'VITE_SUPABASE_ANON_KEY',
    'NEXT_PUBLIC_JWT',
    'ADMIN_EMAIL',
    'HOME',
    'SOME_SETTING',
  ])('keeps %s, which a page reads too, out of the change', (name) => {
    const files = changedFiles({
      'src/a.js': `import './b';\nfetch(process.env.REACT_APP_API_URL + '/api/chat');`,
      'src/b.js': `export const other = process.env.${name};`,
    });
    expect(files['api-url.plugin.cjs']).toContain('process.env.REACT_APP_API_URL ??');
    expect(Object.values(files).join('\n')).not.toContain(name);
  });

  it('another public variable becomes undefined, whatever the environment has', () => {
    const files = changedFiles({
      'src/a.js': `fetch(process.env.REACT_APP_API_URL + '/api/chat', process.env.REACT_APP_FLAG);`,
    });
    const text = files['api-url.plugin.cjs'] ?? '';
    expect(text).toContain("'process.env.REACT_APP_FLAG': 'undefined',");
    expect(text.match(/process\.env\.REACT_APP_FLAG/g)).toHaveLength(1);
  });

  it('refuses the name of a secret where a person gives it', () => {
    const files = new Map(
      Object.entries(projectWith({ 'src/a.js': "fetch('https://old.hf.space/api/chat')" })),
    );
    const detection = detectApiUrl(files);
    const finding = { ...detection.findings[0]!, variable: 'DATABASE_URL' };
    expect(planWiring({ files, detection, finding, api })).toMatchObject({
      type: 'none',
      reason: expect.stringContaining('named like a secret') as string,
    });
  });

  it('every line that reads it, where the build needs another name', () => {
    const text = "fetch(process.env.API_URL + '/api/chat'); console.log(process.env.API_URL);";
    const files = changedFiles(
      { 'src/a.js': text, 'src/b.js': 'export default process.env.API_URL;' },
      { vite: '^7' },
    );
    expect(files).toEqual({
      'src/a.js': text.replaceAll('process.env.API_URL', 'import.meta.env.VITE_API_BASE_URL'),
      'src/b.js': 'export default import.meta.env.VITE_API_BASE_URL;',
    });
  });

  it('a URL in a head script of the configuration', () => {
    const files = changedFiles({
      'src/a.js': "fetch(window.API_URL + '/chat')",
      'docusaurus.config.js': `module.exports = { baseUrl: '/', headTags: [{ tagName: 'script', innerHTML: "window.API_URL='https://old.hf.space/api';" }] };`,
    });
    expect(files['docusaurus.config.js']).toContain(
      `innerHTML: "window.API_URL='" + (process.env.REACT_APP_API_BASE_URL || 'https://old.hf.space') + "/api';"`,
    );
  });

  it('a localhost URL, where there is no other', () => {
    const files = changedFiles({ 'src/a.js': "fetch('http://localhost:8000/api/chat')" }, { vite: '^7' });
    expect(files['src/a.js']).toBe(
      "fetch((import.meta.env.VITE_API_BASE_URL || 'http://localhost:8000') + '/api/chat')",
    );
  });

  it('a variable behind typeof process: in the branch that a browser takes', () => {
    const guard = "typeof process !== 'undefined' && process.env.REACT_APP_API_URL";
    const text = `const API = ${guard} ? process.env.REACT_APP_API_URL : 'http://localhost:8000'; fetch(API + '/api/chat');`;
    const files = changedFiles({ 'src/a.js': text });
    expect(files['src/a.js']).toBe(
      text.replace("'http://localhost:8000'", "(process.env.REACT_APP_API_URL || 'http://localhost:8000')"),
    );
    expect(files['api-url.plugin.cjs']).toContain("'process.env.REACT_APP_API_URL':");
  });

  it('leaves the URLs of other services alone', () => {
    const files = changedFiles({
      'src/a.js': "fetch('https://api.github.com/repos/a/b');\nfetch('https://old.hf.space/api/chat');",
    });
    expect(files['src/a.js']).toContain("fetch('https://api.github.com/repos/a/b');");
    expect(files['src/a.js']).toContain('process.env.REACT_APP_API_BASE_URL || ');
  });

  it.each<[string, Parameters<typeof planFor>, RegExp]>([
    [
      'a URL that is concatenated',
      [{ 'src/a.js': "const HOST = 'old.hf.space'; fetch('https://' + HOST + '/api/chat');" }],
      /builds the address from parts/,
    ],
    [
      'two URLs in one string',
      [
        {
          'src/a.js': "fetch(window.A_API_URL + '/chat'); fetch(window.B_API_URL + '/chat');",
          'docusaurus.config.js': `module.exports = { baseUrl: '/', headTags: [{ tagName: 'script', innerHTML: "window.A_API_URL='https://old.hf.space/a';window.B_API_URL='https://old.hf.space/b';" }] };`,
        },
      ],
      /in one piece/,
    ],
    [
      'a destructured variable',
      [{ 'src/a.js': "const { REACT_APP_API_URL } = process.env; fetch(REACT_APP_API_URL + '/api/chat');" }],
      /write process\.env\.REACT_APP_API_URL in full/,
    ],
    [
      'a static file',
      [{ 'public/a.js': "fetch('https://old.hf.space/api/chat');" }, { vite: '^7' }],
      /copied unchanged/,
    ],
    [
      'an HTML page',
      [{ 'index.html': "<script>fetch('https://old.hf.space/api/chat');</script>" }, { vite: '^7' }],
      /write %VITE_API_BASE_URL% there/,
    ],
    [
      'a function of the project that answers /api',
      [
        { 'src/a.js': "fetch('/api/chat')", 'app/api/chat/route.ts': 'export const POST = 1;' },
        { next: '^15' },
      ],
      /app\/api\/chat\/route\.ts already answers \/api/,
    ],
    [
      'a vercel.ts',
      [{ 'src/a.js': "fetch('/api/chat')", 'vercel.ts': 'export const config = {};' }, { vite: '^7' }],
      /vercel\.ts replaces vercel\.json/,
    ],
    [
      'a global that nothing sets',
      [{ 'src/a.js': "fetch(window.API_URL + '/chat')" }],
      /nothing gives API_URL/,
    ],
  ])('says what to do about %s', (_, input, expected) => {
    expect(reasonFor(...input)).toMatch(expected);
  });
});

it('the address in a page that is copied is replaced when the site is built', () => {
  const files = new Map(
    Object.entries(
      projectWith({
        'docusaurus.config.js': `export default { title: 'A', baseUrl: '/', plugins: [] };`,
        'src/theme/Root.js': `export default ({ children }) => <>{children}<iframe src="/chat.html" /></>;`,
        'static/chat.html': `<script>const ask = (question) => fetch('https://old.hf.space/chat', { method: 'POST', body: JSON.stringify({ question }) });</script>`,
      }),
    ),
  );
  const detection = detectApiUrl(files);
  const plan = planWiring({ files, detection, finding: detection.findings[0]!, api: null });
  expect(plan).toMatchObject({ type: 'change', variable: 'REACT_APP_API_BASE_URL' });
  if (plan.type !== 'change') return;
  expect([...plan.files.keys()]).not.toContain('static/chat.html');
  const [after] = detectApiUrl(new Map([...files, ...plan.files])).findings;
  expect(after).toMatchObject({ variable: 'REACT_APP_API_BASE_URL', reachesPages: true });
});

it('a global that an effect sets, and a constant that was read before: both literals of the server are replaced', () => {
  const files = new Map(
    Object.entries(
      projectWith({
        'src/theme/Root.js': `import React, { useEffect } from 'react';
          import Chat from '../chat';
          export default function Root({ children }) {
            useEffect(() => {
              window.BOOK_ENV = window.BOOK_ENV || {};
              window.BOOK_ENV.API_URL = 'http://localhost:8000';
            }, []);
            return <>{children}<Chat /></>;
          }`,
        'src/config.js': `const baseUrl = () => {
            if (typeof window !== 'undefined') {
              if (window.BOOK_ENV && window.BOOK_ENV.API_URL) return window.BOOK_ENV.API_URL;
            }
            return 'http://localhost:8000';
          };
          export default { baseUrl: baseUrl() };`,
        'src/chat.js': `import React, { useState } from 'react';
          import config from './config';
          export default function Chat() {
            const [text, setText] = useState('');
            const send = () => fetch(\`\${config.baseUrl}/chat\`, { method: 'POST', body: JSON.stringify({ message: text }) })
              .then((response) => response.json()).then((data) => setText(data.answer));
            return <input value={text} onChange={(event) => setText(event.target.value)} onBlur={send} />;
          }`,
      }),
    ),
  );
  const detection = detectApiUrl(files);
  const finding = findingIn(detection, null);
  if (finding === null || finding === 'unclear') throw new Error('no finding');
  const plan = planWiring({ files, detection, finding, api });
  if (plan.type !== 'change') throw new Error(plan.reason);
  for (const path of ['src/theme/Root.js', 'src/config.js'])
    expect(plan.files.get(path)).toContain("process.env.REACT_APP_API_BASE_URL || 'http://localhost:8000'");
});

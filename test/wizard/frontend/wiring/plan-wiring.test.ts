import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { definePluginFile, addPlugin } from '../../../../wizard/frontend/wiring/docusaurus-plugin.ts';
import { readProject } from '../../../../wizard/frontend/read-project.ts';
import { parseSourceFile } from '../../../../javascript/source-file.ts';
import { planWiring } from '../../../../wizard/frontend/wiring/plan-wiring.ts';
import { replaceLiteral } from '../../../../wizard/frontend/wiring/replace-literal.ts';
import { copySite, sampleSites } from '../../../sites/sample-sites.ts';

const { signal } = new AbortController();
const api = 'https://ana-book.hf.space';
const root = mkdtempSync(join(tmpdir(), 'wire-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function wired(name: string) {
  const site = sampleSites.find((one) => one.name === name);
  if (site === undefined) throw new Error(name);
  const dir = join(root, name);
  rmSync(dir, { recursive: true, force: true });
  copySite(site, dir);
  const files = await readProject({ dir, signal });
  const detection = detectApiUrl(files);
  const [finding] = detection.findings;
  if (finding === undefined) throw new Error(`nothing found in ${name}`);
  return { dir, files, wiring: planWiring({ files, detection, finding, api }) };
}

describe('wiring a sample site', () => {
  it.each(sampleSites.filter(({ reaches }) => !reaches))(
    '$name: the diff is the change, and then the address gets there',
    async ({ name, mechanism }) => {
      const { dir, files, wiring } = await wired(name);
      if (wiring.type !== 'change') throw new Error(wiring.why);
      execFileSync('git', ['apply', '-'], { cwd: dir, input: wiring.diff });
      const after = await readProject({ dir, signal });
      expect(Object.fromEntries(after)).toEqual({
        ...Object.fromEntries(files),
        ...Object.fromEntries(wiring.files),
      });
      const again = detectApiUrl(after);
      if (mechanism === 'same-origin') {
        expect(again.rewrite).toEqual({
          source: '/api/:path*',
          destination: `${api}/api/:path*`,
          isShadowed: false,
        });
      } else {
        expect(again.findings[0]).toMatchObject({ reaches: true, variable: wiring.variable });
      }
      expect(wiring.files).toMatchSnapshot();
    },
  );

  it.each(['docusaurus-env', 'vite-written', 'vite-same-origin'])(
    '%s with other line ends: they stay, and the diff is the change all the same',
    async (name) => {
      const { dir, files } = await wired(name);
      for (const ends of ['\r\n', '\n'] as const) {
        for (const [path, text] of files) {
          const bare = text.replaceAll(/\r?\n/g, ends);
          // A last line without its end, too.
          writeFileSync(join(dir, path), ends === '\n' ? bare.trimEnd() : bare);
        }
        const before = await readProject({ dir, signal });
        const detection = detectApiUrl(before);
        const finding = detection.findings[0]!;
        const wiring = planWiring({ files: before, detection, finding, api });
        if (wiring.type !== 'change') throw new Error(wiring.why);
        execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: dir, input: wiring.diff });
        for (const [path, text] of wiring.files) {
          expect(readFileSync(join(dir, path), 'utf8')).toBe(text);
          const old = before.get(path);
          if (old === undefined) rmSync(join(dir, path));
          else expect(text.endsWith('\n')).toBe(old.endsWith('\n'));
          if (old !== undefined && ends === '\r\n') expect(text).not.toMatch(/(?<!\r)\n/);
        }
      }
    },
  );

  it('changes nothing where the variable reaches the pages', async () => {
    expect((await wired('docusaurus-fields')).wiring.type).toBe('none');
  });
});

describe('an address becomes the variable with itself as fallback', () => {
  const read = 'process.env.API';
  it.each([
    [`const a = 'https://x.hf.space';`, `const a = (process.env.API || 'https://x.hf.space');`],
    [
      `fetch("https://x.hf.space/api/chat")`,
      `fetch((process.env.API || "https://x.hf.space") + "/api/chat")`,
    ],
    ['`https://x.hf.space/api/${id}`', "`${process.env.API || 'https://x.hf.space'}/api/${id}`"],
    [`<Chat url="https://x.hf.space" />`, `<Chat url={(process.env.API || "https://x.hf.space")} />`],
    [
      `<Chat url='https://x.hf.space/api' a='b' />`,
      `<Chat url={(process.env.API || 'https://x.hf.space') + '/api'} a='b' />`,
    ],
    [
      `<Chat on={() => go()} url="https://x.hf.space" />`,
      `<Chat on={() => go()} url={(process.env.API || "https://x.hf.space")} />`,
    ],
    [`const a = 'https://x.hf.space/';`, `const a = (process.env.API || 'https://x.hf.space');`],
    [
      `const tag = 'window.A="https://x.hf.space/api";';`,
      `const tag = 'window.A="' + (process.env.API || "https://x.hf.space") + '/api";';`,
    ],
    [
      'const tag = `window.A="https://x.hf.space";window.B=${b}`;',
      `const tag = \`window.A="\${process.env.API || 'https://x.hf.space'}";window.B=\${b}\`;`,
    ],
  ])('%s', (text, expected) => {
    const file = parseSourceFile('a.jsx', text);
    if (file === null) throw new Error(text);
    const start = text.search(/['"`]https/);
    const address = /https:[^'"`$]*/.exec(text)?.[0] ?? '';
    expect(replaceLiteral({ file, text, start, address, read })).toBe(expected);
  });
});

describe('the Docusaurus plugin', () => {
  it.each([
    [
      "export default { baseUrl: '/', plugins: [] };",
      "export default { baseUrl: '/', plugins: ['./p.cjs'] };",
    ],
    [
      "const config = {\n  presets: [['classic', { plugins: [x] }]],\n  baseUrl: '/',\n  plugins: [\n    'a',\n  ],\n};",
      "const config = {\n  presets: [['classic', { plugins: [x] }]],\n  baseUrl: '/',\n  plugins: [\n    './p.cjs',\n    'a',\n  ],\n};",
    ],
    [
      "module.exports = async () => {\n  const x = { a: '{' };\n  return {\n    title: 'plugins: [',\n    baseUrl,\n  };\n};",
      "module.exports = async () => {\n  const x = { a: '{' };\n  return {\n    plugins: ['./p.cjs'],\n    title: 'plugins: [',\n    baseUrl,\n  };\n};",
    ],
  ])('is entered where the configuration keeps its plugins: %#', (text, expected) => {
    expect(addPlugin(text, 'p.cjs')).toBe(expected);
    expect(addPlugin(expected, 'p.cjs')).toBe(expected);
  });

  it.each([
    ['a list of another name', 'plugins: extra,', "plugins: ['./p.cjs', ...(extra)],"],
    [
      'a list that is made',
      'plugins: [a].filter(Boolean),',
      "plugins: ['./p.cjs', ...([a].filter(Boolean))],",
    ],
    ['a short form', 'plugins,', "plugins: ['./p.cjs', ...(plugins)],"],
  ])('is entered before %s', (_, text, expected) => {
    const config = (plugins: string): string => `export default { baseUrl: '/', ${plugins} };`;
    expect(addPlugin(config(text), 'p.cjs')).toBe(config(expected));
  });

  it('takes the bundler that it is handed, and webpack before 3.6', () => {
    const variables = [{ name: 'A', read: 'process.env' }] as const;
    expect(definePluginFile({ variables, version: '3.6.0' }).text).toContain('currentBundler.instance');
    expect(definePluginFile({ variables, version: '3.5.2' }).text).toContain("require('webpack')");
    expect(definePluginFile({ variables, version: '2.4.1' }).text).toContain("require('webpack')");
  });
});

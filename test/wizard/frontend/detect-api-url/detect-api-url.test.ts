import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { readProject } from '../../../../wizard/frontend/read-project.ts';
import { copySite, sampleSites } from '../../../sites/sample-sites.ts';
import { browserBranches } from './projects/browser-branches.ts';
import { buildSettings } from './projects/build-settings.ts';
import { commentsAndStrings } from './projects/comments-and-strings.ts';
import { fieldsAndGlobals } from './projects/fields-and-globals.ts';
import { lateValues } from './projects/late-values.ts';
import { mounted } from './projects/mounted.ts';
import { namesAcrossFiles } from './projects/names-across-files.ts';
import { namesInOneFile } from './projects/names-in-one-file.ts';
import { noChat } from './projects/no-chat.ts';
import { otherUrls } from './projects/other-urls.ts';
import { pageGlobals } from './projects/page-globals.ts';
import { requestKinds } from './projects/request-kinds.ts';
import { tracedValues } from './projects/traced-values.ts';
import { projectWith, type ExpectedFinding } from './sample-project.ts';

const { signal } = new AbortController();
const root = mkdtempSync(join(tmpdir(), 'detect-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function detectInSite(name: string) {
  const site = sampleSites.find((sample) => sample.name === name);
  if (site === undefined) throw new Error(name);
  const dir = join(root, name);
  copySite(site, dir);
  return detectApiUrl(await readProject({ dir, signal }));
}

const detectIn = (files: Record<string, string>) => detectApiUrl(new Map(Object.entries(files)));

describe('a sample site', () => {
  it.each(sampleSites)(
    '$name: $mechanism',
    async ({ name, mechanism, variable, location, path, reaches }) => {
      const { findings } = await detectInSite(name);
      const [first] = findings;
      expect({
        mechanism: first?.mechanism,
        variable: first?.variable,
        location: `${first?.location.file}:${first?.location.line}`,
        path: first?.suffix.path,
        reaches: first?.reachesPages,
      }).toEqual({ mechanism, variable, location, path, reaches });
    },
  );

  it('names its decoys: a variable that no request uses, a field that nothing reads', async () => {
    const { findings, decoys } = await detectInSite('docusaurus-decoys');
    expect(findings.map(({ variable }) => variable)).toEqual(['REACT_APP_BACKEND_URL']);
    expect(decoys.map(({ name, reason }) => `${name}: ${reason}`)).toEqual([
      'REACT_APP_LEGACY_API_URL: no request uses it',
      'apiBaseUrl: no page reads this field',
    ]);
  });

  it('with the host of an old Space in two files has a finding for each', async () => {
    const { findings } = await detectInSite('docusaurus-written');
    expect(findings.map(({ location }) => `${location.file}:${location.line}`)).toEqual([
      'src/chat/address.js:4',
      'src/chat/warm.js:2',
    ]);
  });
});

describe('a project', () => {
  it.each([
    ...commentsAndStrings,
    ...fieldsAndGlobals,
    ...pageGlobals,
    ...namesAcrossFiles,
    ...namesInOneFile,
    ...noChat,
    ...browserBranches,
    ...lateValues,
    ...mounted,
    ...otherUrls,
    ...requestKinds,
    ...tracedValues,
    ...buildSettings,
  ])('with %s', (_, files, { none, only, ...expected }) => {
    const { findings, undefinedVariables } = detectIn(files);
    const [first] = findings;
    if (none === true) expect(findings.map(({ location }) => location)).toEqual([]);
    else expect(first).toBeDefined();
    if (only === true) expect(findings).toHaveLength(1);
    const actual: ExpectedFinding = {
      ...(first !== undefined && {
        mechanism: first.mechanism,
        variable: first.variable ?? '',
        path: first.suffix.path,
        name: first.source.name,
        reaches: first.reachesPages,
      }),
      undefinedVariables,
    };
    expect(actual).toMatchObject(expected);
  });

  it('with a chat that no page loads: says so, and which file it is', () => {
    const { findings, refusal } = detectIn(
      projectWith({
        'src/theme/Root.js': 'export default ({ children }) => children;',
        'src/Chat.js': "fetch('https://old.hf.space/api/chat');",
      }),
    );
    expect(findings).toEqual([]);
    expect(refusal).toMatchObject({
      why: 'src/Chat.js asks a chat, and no page of the site loads it',
      place: { file: 'src/Chat.js', line: 1 },
    });
  });

  it('whose chat explains a selection at another server: has the one that a reader’s question goes to', () => {
    const ask = (host: string, body: string) =>
      `fetch('https://${host}/api/ask', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(${body}) }).then((r) => r.json()).then((d) => setAnswer(d.answer))`;
    const { findings } = detectIn(
      projectWith({
        'src/theme/Root.js': `import React, { useState } from 'react';
        export default function Root({ children }) {
          const [text, setText] = useState('');
          const [answer, setAnswer] = useState('');
          const explain = (selection) => ${ask('old.example.app', "{ question: 'Explain this text.', selection }")};
          const send = () => ${ask('new.example.app', '{ question: text }')};
          return <><p onMouseUp={() => explain(String(getSelection()))}>{answer}</p><input value={text} onChange={(e) => setText(e.target.value)} /><button onClick={send}>Ask</button>{children}</>;
        }`,
      }),
    );
    expect(findings.map(({ source }) => source.name)).toEqual(['https://new.example.app/api/ask']);
  });

  it('with a global that a script sets to a developer’s own machine: readers take it, not the fallback', () => {
    const { findings } = detectIn(
      projectWith({
        'docusaurus.config.js': `export default { baseUrl: '/', scripts: ['/js/chat-config.js'] };`,
        'static/js/chat-config.js': `window.CHAT_URL = 'http://localhost:8000';`,
        'src/theme/Root.js': `const base = () => {
            if (typeof window !== 'undefined' && window.CHAT_URL) return \`\${window.CHAT_URL}/api\`;
            return 'https://old.example.app/api';
          };
          export const ask = (question) => fetch(\`\${base()}/chat\`, { method: 'POST', body: JSON.stringify({ question }) });`,
      }),
    );
    expect(findings.map(({ source }) => source.name)).toEqual(['CHAT_URL', 'https://old.example.app/api']);
  });

  it('with ChatKit: says that it cannot be served', () => {
    const { findings, refusal } = detectIn(
      projectWith({
        'src/a.jsx': `import { useChatKit } from '@openai/chatkit-react';\nuseChatKit({ api: { url: 'http://localhost:8000/chatkit' } });`,
      }),
    );
    expect(findings).toEqual([]);
    expect(refusal).toMatchObject({ why: expect.stringContaining('ChatKit') as string, place: { line: 1 } });
  });

  it('with ChatKit, whose own sessions the site asks for: they are no chat of ours', () => {
    const { findings, refusal } = detectIn(
      projectWith({
        'src/a.jsx': `import { useChatKit } from '@openai/chatkit-react';\nuseChatKit({ api: { url: 'https://old.example.org/chatkit' } });
          const url = (siteConfig) => siteConfig.customFields.chatKitUrl || 'https://old.example.org/chatkit';
          useChatKit({ api: { url: url(useDocusaurusContext().siteConfig), fetch: (address, options) => fetch(address, options) } });
          const merge = (thread_id) => fetch('https://old.example.org/api/chatkit/merge', { method: 'POST', body: JSON.stringify({ thread_id }) });`,
      }),
    );
    expect(findings).toEqual([]);
    expect(refusal?.why).toContain('ChatKit');
  });

  it('with a nested custom field: traces it to its variable', () => {
    const { findings } = detectIn(
      projectWith({
        'docusaurus.config.js': `export default { baseUrl: '/', customFields: { chatbot: { apiUrl: process.env.CHAT_API_URL } } };`,
        'src/a.js': `const { siteConfig } = useDocusaurusContext();\nfetch(siteConfig.customFields.chatbot.apiUrl + '/api/chat');`,
      }),
    );
    expect(findings).toMatchObject([
      { mechanism: 'custom-fields', variable: 'CHAT_API_URL', reachesPages: true },
    ]);
  });

  it('with a link to a developer’s own machine and no chat: has no finding', () => {
    const page = `import Link from '@docusaurus/Link';
      export default () => <Link className="button" to="http://localhost:3000/docs/">Read</Link>;`;
    const { findings, refusal } = detectIn(projectWith({ 'src/pages/index.js': page }));
    expect({ findings, refusal }).toEqual({ findings: [], refusal: null });
  });

  it('with a login and no chat: says so', () => {
    const { findings, refusal } = detectIn(
      projectWith({ 'src/a.js': "fetch(process.env.REACT_APP_API_URL + '/login');" }),
    );
    expect(findings).toEqual([]);
    expect(refusal?.why).toMatch(/no request .* is a chat/);
  });

  it('whose files export each other ends', () => {
    const { findings } = detectIn(
      projectWith({
        'src/a.js': `export * from './b';`,
        'src/b.js': `export * from './a';`,
        'src/c.js': `import { API_URL } from './a';\nfetch(API_URL + '/api/chat');`,
      }),
    );
    expect(findings).toEqual([]);
  });

  it('whose strings multiply ends, and the other requests are found', () => {
    const doubled = Array.from({ length: 40 }, (_, index) => `const a${index + 1} = a${index} + a${index};`);
    const { findings } = detectIn(
      projectWith({
        'src/a.js': `const a0 = '/';\n${doubled.join('\n')}\nfetch(a40);`,
        'src/b.js': `fetch('https://old.hf.space/api/chat');`,
      }),
    );
    expect(findings.map(({ source }) => source.name)).toEqual(['https://old.hf.space/api/chat']);
  });
});

describe('the scripts of a deployed page', () => {
  const page = new URL('https://book.example/docs/intro');
  const addressesIn = (script: string): string[] =>
    detectApiUrl(new Map([['https://book.example/assets/js/plugin.1.js', script]]), { page }).findings.map(
      ({ source }) => source.name,
    );

  it('have no configuration: the variable that the build left is found', () => {
    const script = 'const a=process.env.REACT_APP_API_URL;fetch(a+"/chat",{})';
    const scripts = new Map([['https://book.example/assets/js/plugin.1.js', script]]);
    const { findings } = detectApiUrl(scripts, { page });
    expect(findings).toMatchObject([
      { variable: 'REACT_APP_API_URL', mechanism: 'raw-process-env', suffix: { path: '/api', isSure: true } },
    ]);
  });

  it.each([
    ['the host of the page', 'location.hostname==="book.example"'],
    ['another host', '!("other.example"===window.location.hostname)'],
    ['a part of the host', 'window.location.host.includes("book.")'],
    ['a list of hosts', '["book.example","www.book.example"].includes(location.hostname)'],
    ['the origin', 'location.origin.startsWith("https://book")'],
    ['a variable that the build filled in', '"production"==="production"'],
    ['one that has a value', '"https://ana-book.hf.space"'],
    ['one that is empty', '!""'],
    ['void', 'void 0===void 0||!void 0'],
  ])('ask what a reader’s browser selects by %s', (_, condition) => {
    const script = `const a=${condition}?"https://ana-book.hf.space":"https://old.up.railway.app";fetch(a+"/chat",{})`;
    expect(addressesIn(script)).toEqual(['https://ana-book.hf.space']);
    expect(addressesIn(script.replace(condition, `!(${condition})`))).toEqual(['https://old.up.railway.app']);
  });

  it('never get to what follows an address that the build has filled in', () => {
    const script = 'const a="https://ana-book.hf.space"||"http://localhost:8000";fetch(a+"/chat",{})';
    expect(addressesIn(script)).toEqual(['https://ana-book.hf.space']);
  });

  it.each([
    [
      'async functions',
      'function ask(){return (ask=wrap(r().m(function e(t,n){return fetch(t,{body:n})}))).apply(this,arguments)}',
    ],
    [
      'generators',
      'function ask(t,n){return inner.apply(this,arguments)}function inner(){return (inner=wrap(r().mark(function e(t,n){fetch(t,{body:n})}))).apply(this,arguments)}',
    ],
  ])('may be built for old browsers: %s', (_, code) => {
    expect(addressesIn(`${code};ask("https://ana-book.hf.space/api/chat","q")`)).toEqual([
      'https://ana-book.hf.space/api/chat',
    ]);
  });
});

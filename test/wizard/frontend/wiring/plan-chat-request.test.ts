import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { planWiring } from '../../../../wizard/frontend/wiring/plan-wiring.ts';
import { lostRequests } from '../../../../wizard/interview/frontend/shared-address.ts';
import { projectWith } from '../detect-api-url/sample-project.ts';

const api = 'https://ana-book.hf.space';
const send = `{ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ message: q }) }`;
const read = `.then((r) => r.json()).then((d) => { document.title = d.answer; })`;
const login = (base: string): string =>
  `export const login = (email, password) => fetch(\`\${${base}}/auth/login\`, { method: 'POST', body: JSON.stringify({ email, password }) });\nexport const profile = () => fetch(\`\${${base}}/users/me\`);\n`;

function planFor(files: Record<string, string>, dependencies: Record<string, string> = { vite: '^7' }) {
  const texts = new Map(Object.entries(projectWith(files, dependencies)));
  const detection = detectApiUrl(texts);
  const finding = detection.findings[0]!;
  const plan = planWiring({ files: texts, detection, finding, api, isChatOnly: true });
  return { texts, detection, plan };
}

describe('a base that other requests go to as well', () => {
  it.each<[string, string, string]>([
    [
      'a template',
      `const ask = (q) => fetch(\`\${API}/api/chat\`, ${send})${read};`,
      '`${import.meta.env.VITE_CHAT_API_URL || API}/api/chat`',
    ],
    [
      'a sum',
      `const ask = (q) => fetch(API + '/api/chat', ${send})${read};`,
      `(import.meta.env.VITE_CHAT_API_URL || API) + '/api/chat'`,
    ],
    [
      'a constant of its own',
      `const CHAT = \`\${API}/api/chat\`;\nconst ask = (q) => fetch(CHAT, ${send})${read};`,
      'const CHAT = `${import.meta.env.VITE_CHAT_API_URL || API}/api/chat`',
    ],
  ])('keeps them: the chat’s request alone reads a variable, in %s', (_, chat, expected) => {
    const code = `const API = import.meta.env.VITE_API_URL;\n${login('API')}${chat}\nask(document.title); login(); profile();`;
    const { texts, detection, plan } = planFor({ 'src/main.js': code });
    expect(detection.otherRequests.map(({ path }) => path)).toEqual(['/auth/login', '/users/me']);
    if (plan.type === 'none') throw new Error(plan.reason);
    expect(plan).toMatchObject({ variable: 'VITE_CHAT_API_URL', path: '' });
    const after = plan.files.get('src/main.js') ?? '';
    expect(after).toContain(expected);
    expect(after).toContain(login('API'));
    // The next run has nothing to ask.
    const again = detectApiUrl(new Map([...texts, ...plan.files]));
    expect(again.findings.map(({ variable }) => variable)).toEqual(['VITE_CHAT_API_URL']);
    expect(again.otherRequests).toEqual([]);
    expect(planWiring({ files: texts, detection: again, finding: again.findings[0]!, api }).type).toBe(
      'none',
    );
  });

  it.each<[string, string, string]>([
    [
      'a table of addresses',
      `const API = import.meta.env.VITE_API_URL;\nconst urls = { chat: \`\${API}/api/chat\`, login: \`\${API}/auth/login\` };\nconst login = (email, password) => fetch(urls.login, { method: 'POST', body: JSON.stringify({ email, password }) });\nconst ask = (q) => fetch(urls.chat, ${send})${read};`,
      'chat: `${import.meta.env.VITE_CHAT_API_URL || API}/api/chat`',
    ],
    [
      'a function that gets the path',
      `const API = import.meta.env.VITE_API_URL;\nfunction call(path, options) { return fetch(\`\${API}\${path}\`, options); }\nconst login = (email, password) => call('/auth/login', { method: 'POST', body: JSON.stringify({ email, password }) });\ncall(\`/api/chat/history?id=\${document.title}\`);\nconst ask = (q) => call('/api/chat', ${send})${read};`,
      "`${path === '/api/chat' ? import.meta.env.VITE_CHAT_API_URL || API : API}${path}`",
    ],
  ])('keeps them in %s', (_, code, expected) => {
    const { texts, detection, plan } = planFor({ 'src/main.js': `${code}\nask(document.title); login();` });
    expect(detection.otherRequests.map(({ path }) => path)).toContain('/auth/login');
    if (plan.type === 'none') throw new Error(plan.reason);
    expect(plan.files.get('src/main.js')).toContain(expected);
    const again = detectApiUrl(new Map([...texts, ...plan.files]));
    expect(again.findings.map(({ variable }) => variable)).toEqual(['VITE_CHAT_API_URL']);
    expect(again.otherRequests).toEqual([]);
  });

  it('keeps them where a function makes the address, and moves the session that the chat opens', () => {
    const code = `const API = import.meta.env.VITE_API_URL;\nconst urlOf = (path) => \`\${API}\${path}\`;\nconst login = (email, password) => fetch(urlOf('/auth/login'), { method: 'POST', body: JSON.stringify({ email, password }) });\nconst open = () => fetch(urlOf('/api/session'), { method: 'POST' });\nconst ask = (q) => fetch(urlOf('/api/chat'), ${send})${read};\nask(document.title); login(); open();`;
    const { texts, plan } = planFor({ 'src/main.js': code });
    if (plan.type === 'none') throw new Error(plan.reason);
    const after = plan.files.get('src/main.js') ?? '';
    expect(after).toContain(
      "${path === '/api/chat' || path === '/api/session' ? import.meta.env.VITE_CHAT_API_URL || API : API}${path}",
    );
    const again = detectApiUrl(new Map([...texts, ...plan.files]));
    expect(again.findings.map(({ variable }) => variable)).toEqual(['VITE_CHAT_API_URL']);
  });

  it('is left where the session that the chat opens cannot move with it', () => {
    const code = `const API = import.meta.env.VITE_API_URL;\nconst urlOf = (path) => API.concat(path);\n${login('API')}const open = () => fetch(urlOf('/api/session'), { method: 'POST' });\nconst ask = (q) => fetch(\`\${API}/api/chat\`, ${send})${read};\nask(document.title); login(); open();`;
    expect(planFor({ 'src/main.js': code }).plan.type).toBe('none');
  });

  it('whose variable has the usual name gets another one', () => {
    const code = `const API = import.meta.env.VITE_CHAT_API_URL;\n${login('API')}const ask = (q) => fetch(\`\${API}/chat\`, ${send})${read};\nask(document.title); login(); profile();`;
    const { plan } = planFor({ 'src/main.js': code });
    if (plan.type === 'none') throw new Error(plan.reason);
    expect(plan.variable).toBe('VITE_CHAT_SERVER_URL');
  });

  it('that is written in the code stays there for the others', () => {
    const code = `const API = 'https://old.up.railway.app';\n${login('API')}const ask = (q) => fetch(\`\${API}/chat\`, ${send})${read};\nask(document.title); login(); profile();`;
    const { texts, plan } = planFor(
      { 'src/theme/Root.js': code, 'docusaurus.config.js': `export default { title: 'A', baseUrl: '/' };` },
      { '@docusaurus/core': '^3.6' },
    );
    if (plan.type === 'none') throw new Error(plan.reason);
    const after = plan.files.get('src/theme/Root.js') ?? '';
    expect(after).toContain(`const API = 'https://old.up.railway.app';`);
    expect(after).toContain('fetch(`${process.env.REACT_APP_CHAT_API_URL || API}/chat`');
    expect(plan.files.get('api-url.plugin.cjs')).toContain('process.env.REACT_APP_CHAT_API_URL ??');
    const again = detectApiUrl(new Map([...texts, ...plan.files]));
    expect(again.findings.map(({ variable }) => variable)).toEqual(['REACT_APP_CHAT_API_URL']);
  });

  it('that a function chooses stays there for the others', () => {
    const base = `const baseUrl = () => { if (window.location.hostname === 'localhost') { return 'http://localhost:8000'; } return 'https://old.hf.space'; };\n`;
    const code = `${base}export default function Chat() { const API = baseUrl(); const load = (id) => fetch(\`\${API}/api/chat/history/\${id}\`); const ask = (q) => fetch(\`\${API}/api/chat\`, ${send})${read};\nask(document.title); load(1); }`;
    const { texts, plan } = planFor(
      { 'src/theme/Root.js': code, 'docusaurus.config.js': `export default { title: 'A', baseUrl: '/' };` },
      { '@docusaurus/core': '^3.6' },
    );
    if (plan.type === 'none') throw new Error(plan.reason);
    const again = detectApiUrl(new Map([...texts, ...plan.files]));
    const [finding] = again.findings;
    expect(finding).toMatchObject({ variable: 'REACT_APP_CHAT_API_URL', reachesPages: true });
    // They ask the old address, to which the chat would only fall back.
    expect(lostRequests(again, finding!)).toEqual([]);
  });

  it('of an axios client is replaced by an absolute address', () => {
    const code = `import axios from 'axios';\nconst client = axios.create({ baseURL: import.meta.env.VITE_API_URL });\nexport const login = (email, password) => client.post('/auth/login', { email, password });\nconst ask = (q) => client.post('/chat', { message: q }).then(({ data }) => { document.title = data.answer; });\nask(document.title); login();`;
    const { plan } = planFor({ 'src/main.js': code });
    if (plan.type === 'none') throw new Error(plan.reason);
    expect(plan.files.get('src/main.js')).toContain(
      "client.post(`${import.meta.env.VITE_CHAT_API_URL || ''}/chat`, { message: q })",
    );
  });

  it('that one function puts before every path, with a text between, cannot be changed for the chat alone', () => {
    const code = `const API = import.meta.env.VITE_API_URL;\nconst post = (path, body) => fetch(\`\${API}/v1\${path}\`, { method: 'POST', body: JSON.stringify(body) }).then((r) => r.json());\nexport const login = (email, password) => post('/auth/login', { email, password });\nconst ask = (q) => post('/chat', { message: q }).then((d) => { document.title = d.answer; });\nask(document.title); login();`;
    const { plan } = planFor({ 'src/main.js': code });
    expect(plan.type).toBe('none');
  });
});

it('two hosts are two servers: only the chat’s address is replaced', () => {
  const code = `export const login = (email, password) => fetch('https://login.example.org/auth/login', { method: 'POST', body: JSON.stringify({ email, password }) });\nconst ask = (q) => fetch('http://localhost:8000/chat', ${send})${read};\nask(document.title); login();`;
  const texts = new Map(Object.entries(projectWith({ 'src/main.js': code }, { vite: '^7' })));
  const detection = detectApiUrl(texts);
  const plan = planWiring({ files: texts, detection, finding: detection.findings[0]!, api });
  if (plan.type === 'none') throw new Error(plan.reason);
  expect(plan.files.get('src/main.js')).toContain("fetch('https://login.example.org/auth/login'");
  expect(plan.files.get('src/main.js')).toContain(
    "(import.meta.env.VITE_API_BASE_URL || 'http://localhost:8000') + '/chat'",
  );
});

import { projectWith, type SampleProject } from '../sample-project.ts';

const vite = { vite: '^7' };

export const namesInOneFile: readonly SampleProject[] = [
  [
    'scope: shadowed name',
    projectWith({
      'src/a.js': `const BASE = process.env.REACT_APP_API_URL;\nfunction other(BASE){ return fetch(BASE + '/query'); }\nexport const ask=()=>fetch(BASE+'/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'two functions same local name',
    projectWith({
      'src/a.js': `export function chat(){ const url = process.env.REACT_APP_CHAT_URL; return fetch(url + '/chat'); }\nexport function stats(){ const url = process.env.REACT_APP_BACKEND_URL; return log(url); }`,
    }),
    { only: true, variable: 'REACT_APP_CHAT_URL', path: '/api' },
  ],
  [
    'import.meta.env alias',
    projectWith(
      {
        'src/a.ts': `const env = import.meta.env;\nexport const ask = () => fetch(env.VITE_API_URL + '/api/chat');`,
      },
      vite,
    ),
    { variable: 'VITE_API_URL', path: '', reaches: true },
  ],
  [
    'import.meta.env ?? with cast',
    projectWith(
      {
        'src/a.ts': `const u = (import.meta.env.VITE_API_URL as string | undefined) ?? 'http://localhost:8000/api';\nexport const ask = () => fetch(\`\${u}/chat\`);`,
      },
      vite,
    ),
    { variable: 'VITE_API_URL', path: '/api', reaches: true },
  ],
  [
    'import.meta.env destructuring in function',
    projectWith(
      {
        'src/a.ts': `export async function ask(q:string){ const { VITE_BACKEND_URL: b = '' } = import.meta.env; const r = await fetch(b + '/api/chat', {method:'POST'}); return r; }`,
      },
      vite,
    ),
    { variable: 'VITE_BACKEND_URL', path: '', reaches: true },
  ],
  [
    'class with constructor',
    projectWith({
      'src/api.js': `class Api { constructor(base = process.env.REACT_APP_API_URL) { this.base = base; } ask(q){ return fetch(this.base + '/api/chat'); } }\nexport default new Api();`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'path constant var',
    projectWith({
      'src/c.js': `const BASE = process.env.REACT_APP_API_URL;\nconst CHAT_PATH = '/api/chat';\nexport const ask = () => fetch(BASE + CHAT_PATH);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'helper request(path)',
    projectWith({
      'src/c.ts': `const BASE = process.env.REACT_APP_API_URL ?? '';\nasync function request<T>(path: string, init?: RequestInit): Promise<T> { const r = await fetch(\`\${BASE}\${path}\`, init); return r.json(); }\nexport const ask = (q: string) => request('/api/chat', { method: 'POST' });\nexport const health = () => request('/health');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'helper request(path) -> /chat',
    projectWith({
      'src/c.ts': `const BASE = process.env.REACT_APP_API_URL ?? '';\nasync function request<T>(path: string, init?: RequestInit): Promise<T> { const r = await fetch(\`\${BASE}\${path}\`, init); return r.json(); }\nexport const ask = (q: string) => request('/chat', { method: 'POST' });`,
    }),
    { variable: 'REACT_APP_API_URL', path: '/api' },
  ],
  [
    'let assigned later',
    projectWith({
      'src/a.js': `let base = 'http://localhost:8000';\nif (process.env.REACT_APP_API_URL) { base = process.env.REACT_APP_API_URL; }\nexport const ask = () => fetch(base + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'multi-line ternary',
    projectWith({
      'src/a.ts': `const API_BASE_URL =\n  typeof window !== 'undefined' && window.location.hostname !== 'localhost'\n    ? process.env.REACT_APP_API_URL\n    : 'http://localhost:8000';\nexport async function ask() {\n  return await fetch(\n    \`\${API_BASE_URL}/api/chat\`,\n    { method: 'POST' },\n  );\n}`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'typed const object satisfies',
    projectWith({
      'src/a.ts': `export const settings = { api: { url: process.env.REACT_APP_API_URL! } } as const satisfies Record<string, unknown>;\nfetch(settings.api.url + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'ts with decorators/enum/namespace',
    projectWith({
      'src/a.ts': `namespace Api { export const base = process.env.REACT_APP_API_URL; export const ask = () => fetch(base + '/api/chat'); }\nexport default Api;`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'computed key',
    projectWith({ 'src/a.js': `const k = 'REACT_APP_API_URL'; fetch(process.env[k] + '/api/chat');` }),
    { variable: 'REACT_APP_API_URL' },
  ],
  [
    'computed const obj path',
    projectWith({
      'src/a.js': `const API = { base: process.env.REACT_APP_API_URL, chat() { return this.base + '/api/chat'; } }; fetch(API.chat());`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'useRef / useState state',
    projectWith({
      'src/a.jsx':
        'export default function C(){ const [cfg, setCfg] = React.useState({ apiUrl: process.env.REACT_APP_API_URL }); const go = () => fetch(`${cfg.apiUrl}/api/chat`); return <b onClick={go}/>; }',
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'function arg',
    projectWith({
      'src/a.js': `async function ask(base, q) { return fetch(base + '/api/chat'); }\nask(process.env.REACT_APP_API_URL, 'x');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'options arg',
    projectWith({
      'src/a.js': `async function ask({ baseUrl, q }) { return fetch(\`\${baseUrl}/api/chat\`); }\nask({ baseUrl: process.env.REACT_APP_API_URL, q: 'x' });`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'swizzled theme',
    projectWith({
      'src/theme/Root.tsx': `import React, {type ReactNode} from 'react';\nconst API: string = process.env.REACT_APP_API_URL || 'http://localhost:8000';\nexport default function Root({children}: {children: ReactNode}): JSX.Element { const ask = async (q: string) => { const res = await fetch(\`\${API}/api/chat\`, {method:'POST'}); }; return <>{children}</>; }`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'minified-ish one-line',
    projectWith({
      'src/a.js': 'var e=process.env.REACT_APP_API_URL,t=function(n){return fetch(e+"/api/chat",{body:n})};',
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'api service class singleton',
    projectWith({
      'src/services/api.ts': `class ApiService {\n private baseUrl: string;\n constructor() { this.baseUrl = this.resolve(); }\n private resolve(): string { if (typeof window !== 'undefined' && (window as any).__API_URL__) return (window as any).__API_URL__; return 'https://old-book.hf.space'; }\n async chat(q: string) { return this.request('/api/chat', { q }); }\n private async request(path: string, body: unknown) { return fetch(\`\${this.baseUrl}\${path}\`, { method: 'POST', body: JSON.stringify(body) }); }\n}\nexport const api = new ApiService();`,
    }),
    { mechanism: 'written-in', name: 'https://old-book.hf.space' },
  ],
  [
    'array literal endpoints try each',
    projectWith({
      'src/a.js': `const ENDPOINTS = [process.env.REACT_APP_API_URL, 'http://localhost:8000'].filter(Boolean);\nexport async function ask(){ for (const e of ENDPOINTS) { try { return await fetch(e + '/api/chat'); } catch {} } }`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'map callback',
    projectWith({
      'src/a.js': `const ENDPOINTS = [process.env.REACT_APP_API_URL];\nENDPOINTS.map((e) => fetch(e + '/api/chat'));`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'object lookup by env',
    projectWith({
      'src/a.js': `const URLS = { development: 'http://localhost:8000', production: 'https://old-book.hf.space' };\nconst BASE = URLS[process.env.NODE_ENV];\nfetch(BASE + '/api/chat');`,
    }),
    { mechanism: 'written-in', name: 'https://old-book.hf.space' },
  ],
  [
    'object lookup default',
    projectWith({
      'src/a.js': `const URLS = { dev: 'http://localhost:8000', prod: process.env.REACT_APP_API_URL };\nconst BASE = URLS[mode()] || URLS.prod;\nfetch(BASE + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'class static',
    projectWith({
      'src/a.ts': `export class Cfg { static readonly API_URL = process.env.REACT_APP_API_URL; static chat() { return \`\${Cfg.API_URL}/api/chat\`; } }\nfetch(Cfg.chat());`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'getter',
    projectWith({
      'src/a.ts': `export const cfg = { get apiUrl() { return process.env.REACT_APP_API_URL; } };\nfetch(cfg.apiUrl + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'static js widget',
    projectWith({
      'docusaurus.config.js': `export default { baseUrl: '/', scripts: ['/chat.js'] };`,
      'static/chat.js': `(function(){ var API='https://old.hf.space'; document.getElementById('b').onclick=function(){ fetch(API+'/api/chat'); }; })();`,
    }),
    { mechanism: 'written-in', name: 'https://old.hf.space' },
  ],
  [
    'enum ns',
    projectWith({
      'src/a.ts': `const enum Api { Base = 'https://old.hf.space', Chat = '/api/chat' }\nfetch(Api.Base + Api.Chat);`,
    }),
    { mechanism: 'written-in', name: 'https://old.hf.space' },
  ],
];

import { projectWith, type SampleProject } from '../sample-project.ts';

const next = { next: '^15' };
const vite = { vite: '^7' };

export const requestKinds: readonly SampleProject[] = [
  [
    'path constant in template',
    projectWith({
      'src/c.js': `const BASE = process.env.REACT_APP_API_URL;\nconst P = '/chat';\nexport const ask = () => fetch(\`\${BASE}\${P}\`);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '/api' },
  ],
  [
    'axios instance across file',
    projectWith({
      'src/client.ts': `import axios from 'axios';\nconst client = axios.create({ baseURL: process.env.REACT_APP_API_URL, timeout: 3 });\nexport default client;`,
      'src/a.ts': `import client from './client';\nexport const ask = (q) => client.post('/chat', { q });`,
    }),
    { variable: 'REACT_APP_API_URL', path: '/api' },
  ],
  [
    'two axios instances',
    projectWith({
      'src/a.ts': `import axios from 'axios';\nconst a = axios.create({ baseURL: process.env.REACT_APP_API_URL });\nconst b = axios.create({ baseURL: process.env.REACT_APP_STATS_API_URL });\nexport const ask = (q) => a.post('/chat', { q });\nexport const stat = () => b.get('/stats');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '/api' },
  ],
  [
    'XHR',
    projectWith({
      'src/a.js': `const x = new XMLHttpRequest();\nx.open('POST', process.env.REACT_APP_API_URL + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'EventSource',
    projectWith({
      'src/a.js': `const base=process.env.REACT_APP_API_URL;\nnew EventSource(\`\${base}/api/chat?q=\${encodeURIComponent(q)}\`);`,
    }),
    { none: true },
  ],
  [
    'WebSocket replace',
    projectWith({
      'src/a.js': `const base=process.env.REACT_APP_API_URL;\nnew WebSocket(base.replace(/^http/, 'ws') + '/chat');`,
    }),
    { none: true },
  ],
  [
    'Request obj',
    projectWith({
      'src/a.js': `const base=process.env.REACT_APP_API_URL;\nconst r = new Request(base + '/api/chat', {});\nfetch(r);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'url string with trailing slash handling',
    projectWith({
      'src/a.js': `const base=(process.env.REACT_APP_API_URL || 'http://localhost:8000').replace(/\\/+$/, '');\nexport const ask=()=>fetch(base+'/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'next page router api proxied',
    projectWith({ 'src/a.js': `fetch('/api/chat', {method:'POST'});` }, next),
    { mechanism: 'same-origin' },
  ],
  [
    'tagged template sample',
    projectWith({ 'src/a.js': `const s = html\`<code>fetch('https://x.hf.space/api/chat')</code>\`;` }),
    { none: true },
  ],
  [
    'gradio client',
    projectWith({
      'src/a.js': `import { Client } from '@gradio/client';\nconst c = await Client.connect('https://old.hf.space');`,
    }),
    { mechanism: 'written-in' },
  ],
  [
    'chat sdk props',
    projectWith({ 'src/a.jsx': '<ChatWidget endpoint="https://old-book.hf.space/api/chat" />' }),
    { mechanism: 'written-in' },
  ],
  [
    'api dir under src',
    projectWith({
      'src/api/chat.ts': `const API_URL = process.env.REACT_APP_API_URL;\nexport const ask = () => fetch(API_URL + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'next route handler is not client',
    projectWith(
      {
        'app/api/chat/route.ts': `export async function POST(){ return fetch(process.env.BACKEND_URL + '/api/chat'); }`,
        'app/page.tsx': `'use client'; export default function P(){ const go=()=>fetch('/api/chat',{method:'POST'}); return <b onClick={go}/>; }`,
      },
      next,
    ),
    { mechanism: 'same-origin' },
  ],
  [
    'promise chain',
    projectWith({
      'src/a.js': `const BASE = process.env.REACT_APP_API_URL;\nfetch(BASE + '/api/chat').then(r => r.json()).then(d => set(d)).catch(() => fetch('https://backup.example.com/log'));`,
    }),
    { only: true, variable: 'REACT_APP_API_URL' },
  ],
  [
    'async iife + query string',
    projectWith({
      'src/a.js': `(async () => { const u = new URL('/api/query', process.env.REACT_APP_API_URL); u.searchParams.set('q', 'x'); await fetch(u.toString()); })();`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'url object href',
    projectWith({
      'src/a.js': `const u = new URL('/api/query', process.env.REACT_APP_API_URL); fetch(u.href);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'fetchEventSource',
    projectWith({
      'src/a.js': `import { fetchEventSource } from '@microsoft/fetch-event-source';\nawait fetchEventSource(\`\${process.env.REACT_APP_API_URL}/api/chat/stream\`, {});`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'axios defaults',
    projectWith({
      'src/a.js': `import axios from 'axios';\naxios.defaults.baseURL = process.env.REACT_APP_API_URL;\naxios.post('/chat', {});`,
    }),
    { variable: 'REACT_APP_API_URL', path: '/api' },
  ],
  [
    'ky prefixUrl',
    projectWith(
      {
        'src/a.js': `import ky from 'ky';\nconst api = ky.create({ prefixUrl: import.meta.env.VITE_API_URL });\napi.post('api/chat', {});`,
      },
      vite,
    ),
    { mechanism: 'vite', variable: 'VITE_API_URL', path: '' },
  ],
  [
    'useSWR with fetcher',
    projectWith({
      'src/a.jsx': `const fetcher = (u) => fetch(u).then(r => r.json());\nexport function C(){ const { data } = useSWR(process.env.REACT_APP_API_URL + '/api/chat/history', fetcher); return null; }`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'wrapper fetchWithRetry',
    projectWith({
      'src/a.js': `async function fetchWithRetry(url, opts, n = 3) { try { return await fetch(url, opts); } catch (e) { if (n) return fetchWithRetry(url, opts, n - 1); throw e; } }\nexport const ask = () => fetchWithRetry(\`\${process.env.REACT_APP_API_URL}/chat\`, {});`,
    }),
    { variable: 'REACT_APP_API_URL', path: '/api' },
  ],
  [
    'joinUrl helper for two',
    projectWith({
      'src/a.js': `const join = (a, b) => a.replace(/\\/$/, '') + '/' + b.replace(/^\\//, '');\nfetch(join(process.env.REACT_APP_API_URL, 'api/chat'));\nfetch(join('https://cdn.example.com', 'fonts/chat.json'));`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'template with trailing path var',
    projectWith({
      'src/a.js': 'export const ask = (id) => fetch(`${process.env.REACT_APP_API_URL}/api/chat/${id}?x=1`);',
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'double-slash fallback literal with path',
    projectWith({
      'src/a.js': `const API = process.env.REACT_APP_API_URL || 'http://localhost:8000/api/v1';\nfetch(\`\${API}/chat\`);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '/api' },
  ],
  [
    'redux thunk',
    projectWith({
      'src/s.js': `export const ask = createAsyncThunk('chat/ask', async (q) => { const r = await fetch(process.env.REACT_APP_API_URL + '/api/chat'); return r.json(); });`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'rtk query',
    projectWith({
      'src/s.js': `export const api = createApi({ baseQuery: fetchBaseQuery({ baseUrl: process.env.REACT_APP_API_URL }), endpoints: (b) => ({ ask: b.mutation({ query: (q) => ({ url: '/api/chat', method: 'POST' }) }) }) });`,
    }),
    { variable: 'REACT_APP_API_URL' },
  ],
  [
    'ai sdk useChat',
    projectWith(
      {
        'src/s.jsx': `export function C(){ const { messages } = useChat({ api: process.env.NEXT_PUBLIC_API_URL + '/api/chat' }); return null; }`,
      },
      next,
    ),
    { mechanism: 'next', variable: 'NEXT_PUBLIC_API_URL', path: '' },
  ],
  [
    'ai sdk transport',
    projectWith(
      {
        'src/s.jsx': `export function C(){ const { messages } = useChat({ transport: new DefaultChatTransport({ api: process.env.NEXT_PUBLIC_API_URL + '/chat' }) }); return null; }`,
      },
      next,
    ),
    { variable: 'NEXT_PUBLIC_API_URL', path: '/api' },
  ],
  [
    'inline html fetch',
    projectWith(
      {
        'index.html': `<html><body><!-- fetch('https://older.hf.space/api/chat') --><script>const B='https://old.hf.space';\nfetch(B+'/api/chat')</script></body></html>`,
      },
      vite,
    ),
    { only: true, mechanism: 'written-in', name: 'https://old.hf.space' },
  ],
];

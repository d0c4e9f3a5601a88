import { projectWith, type SampleProject } from '../sample-project.ts';

export const commentsAndStrings: readonly SampleProject[] = [
  [
    'address in line comment only',
    projectWith({ 'src/a.js': `// const API_URL = 'https://old.hf.space';\nfetch('/x');` }),
    { none: true },
  ],
  [
    'address in block comment after regex',
    projectWith({
      'src/a.js': `const r = /['"]/g; /* fetch('https://old.hf.space/api/chat') */ const x = 1;`,
    }),
    { none: true },
  ],
  [
    'address in JSX text/comment',
    projectWith({
      'src/a.jsx': `export const A = () => <div>{/* fetch('https://old.hf.space/api/chat') */}Don't use it</div>;`,
    }),
    { none: true },
  ],
  [
    'apostrophe in JSX text',
    projectWith({
      'src/a.jsx': `const BASE = process.env.REACT_APP_API_URL;\nexport const A = () => <p>Don't panic</p>;\nexport const ask = () => fetch(\`\${BASE}/api/chat\`);\n`,
    }),
    { mechanism: 'raw-process-env', variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    '// inside string',
    projectWith({
      'src/a.js': `const link = "see // not a comment"; const U = process.env.BACKEND_URL; fetch(U + '/chat');`,
    }),
    { mechanism: 'raw-process-env', variable: 'BACKEND_URL', path: '/api' },
  ],
  [
    'process.env in string',
    projectWith({ 'src/a.js': `throw new Error("Set process.env.REACT_APP_API_URL first"); ` }),
    { none: true, undefinedVariables: [] },
  ],
  [
    'process.env in template text',
    projectWith({ 'src/a.js': 'console.log(`process.env.REACT_APP_API_URL is ${1}`);' }),
    { none: true, undefinedVariables: [] },
  ],
  [
    'destructured process.env',
    projectWith({
      'src/a.js': `const { REACT_APP_API_URL } = process.env;\nexport const ask = () => fetch(\`\${REACT_APP_API_URL}/api/chat\`);`,
    }),
    { mechanism: 'raw-process-env', variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'destructured with rename and default',
    projectWith({
      'src/a.js': `const { REACT_APP_API_URL: base = 'http://localhost:8000' } = process.env;\nexport const ask = () => fetch(base + '/chat');`,
    }),
    { mechanism: 'raw-process-env', variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'destructured import.meta.env',
    projectWith(
      { 'src/a.js': `const { VITE_API_URL } = import.meta.env;\nfetch(\`\${VITE_API_URL}/api/chat\`);` },
      { vite: '^7' },
    ),
    { mechanism: 'vite', variable: 'VITE_API_URL', path: '' },
  ],
  [
    'optional chaining process?.env?.X',
    projectWith({
      'src/a.js': `const U = process?.env?.REACT_APP_API_URL ?? 'http://localhost:8000';\nfetch(U + '/api/chat');`,
    }),
    { mechanism: 'raw-process-env', variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'typeof process guard',
    projectWith({
      'src/a.ts': `const U = typeof process !== 'undefined' && process.env.REACT_APP_API_URL ? process.env.REACT_APP_API_URL : 'https://old.hf.space';\nfetch(\`\${U}/api/chat\`);`,
    }),
    { mechanism: 'written-in', name: 'https://old.hf.space', reaches: false },
  ],
  [
    'ternary on NODE_ENV',
    projectWith({
      'src/a.js': `const BASE = process.env.NODE_ENV === 'production' ? 'https://old.hf.space' : 'http://localhost:8000';\nfetch(BASE + '/api/chat');`,
    }),
    { mechanism: 'written-in', name: 'https://old.hf.space' },
  ],
  [
    'template literal whole',
    projectWith({ 'src/a.js': 'const id = 1; fetch(`https://old.hf.space/api/chat?id=${id}`);' }),
    { mechanism: 'written-in' },
  ],
  [
    'link to a space in a doc page is no address',
    projectWith({
      'src/a.jsx': `export const A = () => <a href="https://huggingface.co/spaces/x/y">Space</a>;\nexport const B = () => <a href="https://x.hf.space">see</a>;`,
    }),
    { none: true },
  ],
  [
    'string concatenation in class field',
    projectWith({
      'src/api.ts': `export class Api {\n  private base: string = process.env.REACT_APP_API_URL || 'http://localhost:8000';\n  async ask(q: string) { return fetch(\`\${this.base}/api/chat\`, { method: 'POST' }); }\n}`,
    }),
    { mechanism: 'raw-process-env', variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'config object',
    projectWith({
      'src/config.ts': `export const config = {\n  api: { baseUrl: process.env.REACT_APP_API_URL || 'http://localhost:8000', timeout: 3 },\n};`,
      'src/ask.ts': `import { config } from './config';\nexport const ask = () => fetch(\`\${config.api.baseUrl}/api/chat\`);`,
    }),
    { mechanism: 'raw-process-env', variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'axios.create',
    projectWith({
      'src/api.js': `import axios from 'axios';\nconst client = axios.create({ baseURL: process.env.REACT_APP_API_URL });\nexport const ask = (m) => client.post('/api/chat', { m });`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'param default',
    projectWith({
      'src/api.js': `export async function ask(q, base = process.env.REACT_APP_API_URL) {\n  return fetch(base + '/api/chat');\n}`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'new URL',
    projectWith({
      'src/api.js': `const url = new URL('/api/chat', process.env.REACT_APP_API_URL);\nfetch(url);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'scripts that only run when built',
    projectWith({ 'scripts/x.js': `fetch(process.env.REACT_APP_API_URL + '/api/chat');` }),
    { none: true },
  ],
  [
    'code sample in MDX',
    projectWith({
      'docs/intro.mdx':
        '# Intro\n\n```js\nconst BASE = process.env.REACT_APP_API_URL;\nfetch(`${BASE}/api/chat`);\n```\n',
    }),
    { none: true, undefinedVariables: [] },
  ],
  [
    'code sample as string in component',
    projectWith({
      'src/a.js': "const sample = `fetch('https://old.hf.space/api/chat')`;\nexport default sample;",
    }),
    { none: true },
  ],
  [
    'test file',
    projectWith({ 'src/__tests__/a.test.js': `fetch('https://old.hf.space/api/chat')` }),
    { none: true },
  ],
  [
    'generic arrow in tsx',
    projectWith({
      'src/a.tsx': `const id = <T,>(x: T): T => x;\nconst U: string = id(process.env.REACT_APP_API_URL!);\nexport const ask = async (q: string): Promise<Response> => fetch(\`\${U}/api/chat\`, { body: q });`,
    }),
    { variable: 'REACT_APP_API_URL' },
  ],
  [
    'broken file does not kill all',
    projectWith({
      'src/broken.js': `const x = {{{ `,
      'src/a.js': `const BASE = process.env.REACT_APP_API_URL;\nfetch(BASE + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL' },
  ],
  [
    'env alias',
    projectWith({ 'src/a.js': `const env = process.env;\nfetch(env.REACT_APP_API_URL + '/api/chat');` }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'flow: regex with quotes then read',
    projectWith({
      'src/a.js': `const clean = (s) => s.replace(/"/g, '').replace(/'/g, '');\nconst BASE = process.env.REACT_APP_API_URL;\nexport const ask = () => fetch(\`\${BASE}/api/chat\`);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'two vars, one used (comment mentions the other)',
    projectWith({
      'src/a.js': `const A = process.env.REACT_APP_API_URL;\nconst B = process.env.REACT_APP_BACKEND_URL;\n// fetch(A + '/api/chat')\nfetch(B + '/chat');`,
    }),
    { variable: 'REACT_APP_BACKEND_URL', path: '/api', only: true },
  ],
];

import { projectWith as F, type SampleProject, type ExpectedFinding } from '../sample-project.ts';

const V: ExpectedFinding = { variable: 'REACT_APP_API_URL' };
const R = `process.env.REACT_APP_API_URL`;

export const tracedValues: readonly SampleProject[] = [
  [
    'Flow types fall back',
    F({
      'src/a.js': `// @flow\ntype A = {| x: number |};\nconst BASE: string = ${R};\nfetch(BASE + '/api/chat');`,
    }),
    V,
  ],
  [
    'object constant in another file',
    F({
      'src/c.js': `export const API = { BASE: 'https://old.hf.space' };`,
      'src/a.js': `import { API } from './c';\nfetch(API.BASE + '/api/chat');`,
    }),
    { mechanism: 'written-in', name: 'https://old.hf.space' },
  ],
  [
    'comment end in string',
    F({ 'src/a.js': `const s = "*/"; /* ${R} */ const B = process.env.BACKEND_URL; fetch(B + '/chat');` }),
    { variable: 'BACKEND_URL', only: true },
  ],
  ['brackets', F({ 'src/a.js': `fetch(process.env['REACT_APP_API_URL'] + '/api/chat')` }), V],
  [
    'regex with slashes',
    F({
      'src/a.js': `const t = (u) => u.replace(/\\/\\/+$/, ''); const B = ${R}; fetch(t(B) + '/api/chat');`,
    }),
    V,
  ],
  [
    'escaped quote',
    F({ 'src/a.js': `const s = 'it\\'s // here'; const B = ${R}; fetch(B + '/api/chat');` }),
    V,
  ],
  [
    'nested template',
    F({
      'src/a.js': 'const B = process.env.REACT_APP_API_URL;\nconst api = `${B}/api`;\nfetch(`${api}/chat`);',
    }),
    V,
  ],
  [
    'helper that appends',
    F({
      'src/a.js': `const B = ${R};\nconst url = (path) => \`\${B}\${path}\`;\nexport const ask = () => fetch(url('/api/chat'));`,
    }),
    V,
  ],
  ['concat', F({ 'src/a.js': `const B = ${R};\nfetch(B.concat('/api/chat'));` }), { ...V, path: '' }],
  ['join', F({ 'src/a.js': `const B = ${R};\nfetch([B, 'api', 'chat'].join('/'));` }), { ...V, path: '' }],
  [
    'renamed twice',
    F({ 'src/a.js': `const B = ${R};\nconst url = B;\nconst full = url + '/chat';\nfetch(full);` }),
    { ...V, path: '/api' },
  ],
  [
    'default export',
    F({
      'src/c.js': `const B = ${R};\nexport default B;`,
      'src/a.js': `import API from './c';\nfetch(API + '/api/chat');`,
    }),
    V,
  ],
  [
    'import alias',
    F({
      'src/c.js': `export const B = ${R};`,
      'src/a.js': `import { B as API } from './c';\nfetch(API + '/api/chat');`,
    }),
    V,
  ],
  [
    'import.meta.env in Docusaurus is dead',
    F({ 'src/a.js': `const B = import.meta.env.VITE_API_URL;\nfetch(B + '/api/chat');` }),
    { mechanism: 'raw-process-env', reaches: false },
  ],
  [
    'react state',
    F({
      'src/a.jsx': `import { useState } from 'react';\nexport default function C() { const [api] = useState(${R}); const go = () => fetch(api + '/api/chat'); return <b onClick={go}/>; }`,
    }),
    V,
  ],
  [
    'props',
    F({
      'src/a.jsx': `export const P = () => <Chat apiUrl={${R}} />;`,
      'src/Chat.jsx': `export function Chat({ apiUrl }) { return fetch(\`\${apiUrl}/api/chat\`); }`,
    }),
    { ...V, path: '' },
  ],
  [
    'useMemo',
    F({
      'src/a.jsx': `const api = useMemo(() => ${R} || 'http://localhost:8000', []);\nfetch(api + '/api/chat');`,
    }),
    { ...V, path: '' },
  ],
  [
    'async getter',
    F({
      'src/a.ts': `function getApi(): string {\n  if (typeof window === 'undefined') return '';\n  return ${R} ?? '';\n}\nexport async function ask() { return fetch(\`\${getApi()}/api/chat\`); }`,
    }),
    { ...V, path: '' },
  ],
  [
    'enum like',
    F({ 'src/a.ts': `export enum E { Url = 'https://old.hf.space' }\nfetch(E.Url + '/api/chat');` }),
    { mechanism: 'written-in' },
  ],
  [
    'string with two sentences naming a Space',
    F({ 'src/a.jsx': `export const A = () => <p>{'See https://old.hf.space for more'}</p>; fetch('/x')` }),
    { none: true },
  ],
  [
    'written in mono quotes with path',
    F({ 'src/a.js': "fetch('https://old.hf.space/api/v1/chat')" }),
    { mechanism: 'written-in' },
  ],
  [
    'customFields inside presets object is other',
    F({
      'docusaurus.config.js': `const fields = { apiUrl: process.env.API_URL };\nmodule.exports = { baseUrl: '/', customFields: fields };`,
      'src/a.js': `const { siteConfig: { customFields: { apiUrl } } } = useDocusaurusContext();\nfetch(apiUrl + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    'spread fields',
    F({
      'docusaurus.config.js': `const fields = { apiUrl: process.env.API_URL };\nmodule.exports = { baseUrl: '/', customFields: { ...fields } };`,
      'src/a.js': `const { customFields } = useDocusaurusContext().siteConfig;\nfetch(customFields.apiUrl + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  ['usePluginData / globalData unaffected', F({ 'src/a.js': `const x = 1;` }), { none: true }],
  [
    'CRA destructured',
    F(
      { 'src/a.js': `const { REACT_APP_API_URL } = process.env; fetch(REACT_APP_API_URL + '/api/chat')` },
      { 'react-scripts': '^5' },
    ),
    { mechanism: 'create-react-app', reaches: true },
  ],
  [
    'Next destructured is not filled',
    F(
      { 'src/a.js': `const { NEXT_PUBLIC_API_URL } = process.env; fetch(NEXT_PUBLIC_API_URL + '/api/chat')` },
      { next: '^15' },
    ),
    { reaches: false },
  ],
];

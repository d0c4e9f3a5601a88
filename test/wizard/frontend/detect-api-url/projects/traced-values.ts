import { projectWith, type SampleProject, type ExpectedFinding } from '../sample-project.ts';

const expected: ExpectedFinding = { variable: 'REACT_APP_API_URL' };
const read = `process.env.REACT_APP_API_URL`;

export const tracedValues: readonly SampleProject[] = [
  [
    'Flow types fall back',
    projectWith({
      'src/a.js': `// @flow\ntype A = {| x: number |};\nconst BASE: string = ${read};\nfetch(BASE + '/api/chat');`,
    }),
    expected,
  ],
  [
    'object constant in another file',
    projectWith({
      'src/c.js': `export const API = { BASE: 'https://old.hf.space' };`,
      'src/a.js': `import { API } from './c';\nfetch(API.BASE + '/api/chat');`,
    }),
    { mechanism: 'written-in', name: 'https://old.hf.space' },
  ],
  [
    'comment end in string',
    projectWith({
      'src/a.js': `const s = "*/"; /* ${read} */ const B = process.env.BACKEND_URL; fetch(B + '/chat');`,
    }),
    { variable: 'BACKEND_URL', only: true },
  ],
  [
    'brackets',
    projectWith({ 'src/a.js': `fetch(process.env['REACT_APP_API_URL'] + '/api/chat')` }),
    expected,
  ],
  [
    'regex with slashes',
    projectWith({
      'src/a.js': `const t = (u) => u.replace(/\\/\\/+$/, ''); const B = ${read}; fetch(t(B) + '/api/chat');`,
    }),
    expected,
  ],
  [
    'escaped quote',
    projectWith({ 'src/a.js': `const s = 'it\\'s // here'; const B = ${read}; fetch(B + '/api/chat');` }),
    expected,
  ],
  [
    'nested template',
    projectWith({
      'src/a.js': 'const B = process.env.REACT_APP_API_URL;\nconst api = `${B}/api`;\nfetch(`${api}/chat`);',
    }),
    expected,
  ],
  [
    'helper that appends',
    projectWith({
      'src/a.js': `const B = ${read};\nconst url = (path) => \`\${B}\${path}\`;\nexport const ask = () => fetch(url('/api/chat'));`,
    }),
    expected,
  ],
  [
    'concat',
    projectWith({ 'src/a.js': `const B = ${read};\nfetch(B.concat('/api/chat'));` }),
    { ...expected, path: '' },
  ],
  [
    'join',
    projectWith({ 'src/a.js': `const B = ${read};\nfetch([B, 'api', 'chat'].join('/'));` }),
    { ...expected, path: '' },
  ],
  [
    'renamed twice',
    projectWith({
      'src/a.js': `const B = ${read};\nconst url = B;\nconst full = url + '/chat';\nfetch(full);`,
    }),
    { ...expected, path: '/api' },
  ],
  [
    'default export',
    projectWith({
      'src/c.js': `const B = ${read};\nexport default B;`,
      'src/a.js': `import API from './c';\nfetch(API + '/api/chat');`,
    }),
    expected,
  ],
  [
    'import alias',
    projectWith({
      'src/c.js': `export const B = ${read};`,
      'src/a.js': `import { B as API } from './c';\nfetch(API + '/api/chat');`,
    }),
    expected,
  ],
  [
    'import.meta.env in Docusaurus is dead',
    projectWith({ 'src/a.js': `const B = import.meta.env.VITE_API_URL;\nfetch(B + '/api/chat');` }),
    { mechanism: 'raw-process-env', reaches: false },
  ],
  [
    'react state',
    projectWith({
      'src/a.jsx': `import { useState } from 'react';\nexport default function C() { const [api] = useState(${read}); const go = () => fetch(api + '/api/chat'); return <b onClick={go}/>; }`,
    }),
    expected,
  ],
  [
    'props',
    projectWith({
      'src/a.jsx': `export const P = () => <Chat apiUrl={${read}} />;`,
      'src/Chat.jsx': `export function Chat({ apiUrl }) { return fetch(\`\${apiUrl}/api/chat\`); }`,
    }),
    { ...expected, path: '' },
  ],
  [
    'useMemo',
    projectWith({
      'src/a.jsx': `const api = useMemo(() => ${read} || 'http://localhost:8000', []);\nfetch(api + '/api/chat');`,
    }),
    { ...expected, path: '' },
  ],
  [
    'async getter',
    projectWith({
      'src/a.ts': `function getApi(): string {\n  if (typeof window === 'undefined') return '';\n  return ${read} ?? '';\n}\nexport async function ask() { return fetch(\`\${getApi()}/api/chat\`); }`,
    }),
    { ...expected, path: '' },
  ],
  [
    'enum like',
    projectWith({
      'src/a.ts': `export enum E { Url = 'https://old.hf.space' }\nfetch(E.Url + '/api/chat');`,
    }),
    { mechanism: 'written-in' },
  ],
  [
    'string with two sentences naming a Space',
    projectWith({
      'src/a.jsx': `export const A = () => <p>{'See https://old.hf.space for more'}</p>; fetch('/x')`,
    }),
    { none: true },
  ],
  [
    'written in mono quotes with path',
    projectWith({ 'src/a.js': "fetch('https://old.hf.space/api/v1/chat')" }),
    { mechanism: 'written-in' },
  ],
  [
    'customFields inside presets object is other',
    projectWith({
      'docusaurus.config.js': `const fields = { apiUrl: process.env.API_URL };\nmodule.exports = { baseUrl: '/', customFields: fields };`,
      'src/a.js': `const { siteConfig: { customFields: { apiUrl } } } = useDocusaurusContext();\nfetch(apiUrl + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    'spread fields',
    projectWith({
      'docusaurus.config.js': `const fields = { apiUrl: process.env.API_URL };\nmodule.exports = { baseUrl: '/', customFields: { ...fields } };`,
      'src/a.js': `const { customFields } = useDocusaurusContext().siteConfig;\nfetch(customFields.apiUrl + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  ['usePluginData / globalData unaffected', projectWith({ 'src/a.js': `const x = 1;` }), { none: true }],
  [
    'CRA destructured',
    projectWith(
      { 'src/a.js': `const { REACT_APP_API_URL } = process.env; fetch(REACT_APP_API_URL + '/api/chat')` },
      { 'react-scripts': '^5' },
    ),
    { mechanism: 'create-react-app', reaches: true },
  ],
  [
    'Next destructured is not filled',
    projectWith(
      { 'src/a.js': `const { NEXT_PUBLIC_API_URL } = process.env; fetch(NEXT_PUBLIC_API_URL + '/api/chat')` },
      { next: '^15' },
    ),
    { reaches: false },
  ],
];

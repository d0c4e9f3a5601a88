import { projectWith, type SampleProject } from '../sample-project.ts';

export const otherUrls: readonly SampleProject[] = [
  [
    'unused export decoy',
    projectWith({
      'src/c.js': `export const OLD_API_URL = process.env.REACT_APP_OLD_API_URL;\nexport const API_URL = process.env.REACT_APP_API_URL;`,
      'src/a.js': `import { API_URL } from './c';\nfetch(API_URL + '/api/chat');`,
    }),
    { only: true, variable: 'REACT_APP_API_URL' },
  ],
  [
    'hostname sniff',
    projectWith({
      'src/a.js': `const isLocal = typeof window !== 'undefined' && window.location.hostname === 'localhost';\nconst API = isLocal ? 'http://localhost:8000' : 'https://old-book.hf.space';\nexport const ask = () => fetch(\`\${API}/api/chat\`);`,
    }),
    { mechanism: 'written-in', name: 'https://old-book.hf.space' },
  ],
  [
    'hostname sniff fn',
    projectWith({
      'src/a.js': `function getBase() {\n  if (window.location.hostname === 'localhost') return 'http://localhost:8000';\n  return 'https://old-book.hf.space';\n}\nexport const ask = () => fetch(\`\${getBase()}/api/chat\`);`,
    }),
    { mechanism: 'written-in', name: 'https://old-book.hf.space' },
  ],
  [
    'hostname sniff switch',
    projectWith({
      'src/a.js': `let base;\nswitch (window.location.hostname) { case 'localhost': base = 'http://localhost:8000'; break; default: base = 'https://old-book.hf.space'; }\nexport const ask = () => fetch(base + '/api/chat');`,
    }),
    { mechanism: 'written-in', name: 'https://old-book.hf.space' },
  ],
  [
    'unrelated .url property not it',
    projectWith({
      'src/a.ts': `export const settings = { url: process.env.REACT_APP_API_URL };\nconst other = { url: '/x' };\nfetch(other.url + '/chat');`,
    }),
    { none: true },
  ],
  [
    'unrelated .path',
    projectWith({
      'src/a.ts': `const cfg = { base: 'https://cdn.example.com' };\nconst chat = { base: process.env.REACT_APP_API_URL };\nfetch(cfg.base + '/font');\nfetch(chat.base + '/api/chat');`,
    }),
    { only: true, variable: 'REACT_APP_API_URL' },
  ],
  [
    'cdn written in not server',
    projectWith({
      'src/a.js': `fetch('https://cdn.jsdelivr.net/npm/x.json').then(r=>r.json());\nconst BASE=process.env.REACT_APP_API_URL; fetch(BASE+'/api/chat');`,
    }),
    { only: true, variable: 'REACT_APP_API_URL' },
  ],
  [
    'github api + hf',
    projectWith({
      'src/a.js': `fetch('https://api.github.com/repos/x/y');\nfetch('https://old-book.hf.space/api/chat');`,
    }),
    { only: true, mechanism: 'written-in', name: 'https://old-book.hf.space/api/chat' },
  ],
  [
    'google analytics endpoint + env',
    projectWith({
      'src/a.js': `const GA='https://www.google-analytics.com/collect'; navigator.sendBeacon(GA);\nfetch(GA);\nfetch(process.env.REACT_APP_API_URL + '/chat');`,
    }),
    { only: true, variable: 'REACT_APP_API_URL' },
  ],
  [
    'mdx esm',
    projectWith({
      'docs/a.mdx': `import X from './x';\n\nexport const ask = () => fetch(process.env.REACT_APP_API_URL + '/api/chat');\n\n# Title\n\nDon't use process.env.REACT_APP_OLD_API_URL.\n`,
    }),
    { only: true, variable: 'REACT_APP_API_URL', undefinedVariables: ['REACT_APP_API_URL'] },
  ],
  [
    'jsx text mention',
    projectWith({
      'src/a.jsx': `export const A=()=> <p>Set process.env.REACT_APP_API_URL to fetch('https://x.hf.space/api/chat')</p>;`,
    }),
    { none: true, undefinedVariables: [] },
  ],
  [
    'old spaces in array',
    projectWith({
      'src/a.js': `const urls = ['https://a-old.hf.space', 'https://b-old.hf.space'];\nfor (const u of urls) fetch(u + '/api/chat');`,
    }),
    { mechanism: 'written-in' },
  ],
  [
    'string concat assembled host',
    projectWith({
      'src/a.js': `const HOST = 'old-book.hf.space';\nconst BASE = 'https://' + HOST;\nfetch(BASE + '/api/chat');`,
    }),
    { mechanism: 'written-in' },
  ],
  [
    'globalThis',
    projectWith({ 'src/a.js': `fetch(globalThis.process.env.REACT_APP_API_URL + '/api/chat');` }),
    { variable: 'REACT_APP_API_URL' },
  ],
  [
    'var named only URL',
    projectWith({ 'src/a.js': `fetch(process.env.REACT_APP_URL + '/api/chat')` }),
    { variable: 'REACT_APP_URL' },
  ],
  [
    'var named RAG',
    projectWith({ 'src/a.js': 'fetch(`${process.env.REACT_APP_RAG}/api/chat`)' }),
    { variable: 'REACT_APP_RAG' },
  ],
  [
    'var SPACE_URL',
    projectWith({ 'src/a.js': 'fetch(`${process.env.HF_SPACE_URL}/api/chat`)' }),
    { variable: 'HF_SPACE_URL' },
  ],
  [
    'ExecutionEnvironment',
    projectWith({
      'src/a.js': `const API = ExecutionEnvironment.canUseDOM ? (window.API_BASE_URL || 'https://old.hf.space') : 'https://old.hf.space'; fetch(API+'/api/chat')`,
    }),
    { mechanism: 'written-in' },
  ],
  [
    'monorepo workspace pkg',
    projectWith({
      'packages/chat/src/index.js': `export const ask=()=>fetch(process.env.REACT_APP_API_URL+'/api/chat')`,
    }),
    { variable: 'REACT_APP_API_URL' },
  ],
  [
    'env from .env sample in md',
    projectWith({
      'README.mdx': `# Hi\n\nSet REACT_APP_API_URL then fetch('https://x.hf.space/api/chat')\n`,
      'src/a.js': `fetch(process.env.REACT_APP_API_URL + '/api/chat')`,
    }),
    { only: true, variable: 'REACT_APP_API_URL' },
  ],
  [
    'mdx code block indented + jsx',
    projectWith({
      'docs/a.mdx': `# T\n\n<Tabs>\n<TabItem>\n\n\`\`\`js\nfetch('https://x.hf.space/api/chat')\n\`\`\`\n\n</TabItem>\n</Tabs>\n`,
    }),
    { none: true },
  ],
  [
    'iframe src to space',
    projectWith({ 'src/s.jsx': 'export const C = () => <iframe src="https://old-book.hf.space" />;' }),
    { none: true },
  ],
  [
    'open link',
    projectWith({
      'src/s.jsx': `export const C = () => <button onClick={() => window.open('https://old-book.hf.space', '_blank')}>x</button>;`,
    }),
    { none: true },
  ],
  [
    'ssr guard with let',
    projectWith({
      'src/a.js': `let API;\nif (typeof window === 'undefined') API = ''; else API = window.ENV?.REACT_APP_API_BASE_URL ?? 'https://old-book.hf.space';\nexport const ask = () => fetch(API + '/api/chat');`,
      'docusaurus.config.js': `module.exports = { title:'A', baseUrl:'/', headTags:[{tagName:'script',attributes:{},innerHTML:\`window.ENV = { REACT_APP_API_BASE_URL: \${JSON.stringify(process.env.REACT_APP_API_BASE_URL || '')} };\`}] };`,
    }),
    { mechanism: 'window-global', variable: 'REACT_APP_API_BASE_URL', path: '', reaches: true },
  ],
  [
    'secret name never',
    projectWith({ 'src/a.js': `fetch(process.env.REACT_APP_CHAT_API_TOKEN + '/api/chat')` }),
    { none: true, undefinedVariables: [] },
  ],
  [
    'commented and real duplicates',
    projectWith({
      'src/a.js': `// const B = process.env.REACT_APP_OLD_URL;\nconst B = process.env.REACT_APP_API_URL; /* fetch(process.env.REACT_APP_OLD_URL) */\nfetch(B+'/api/chat')`,
    }),
    { only: true, variable: 'REACT_APP_API_URL', undefinedVariables: ['REACT_APP_API_URL'] },
  ],
  ['vue-ish file ignored', projectWith({ 'src/a.vue': `fetch('x')` }), { none: true }],
];

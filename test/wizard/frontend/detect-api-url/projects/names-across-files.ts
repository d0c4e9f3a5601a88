import { projectWith, type SampleProject } from '../sample-project.ts';

export const namesAcrossFiles: readonly SampleProject[] = [
  [
    'helper with default param in another file',
    projectWith({
      'src/config.js': `export const getApiUrl = () => { if (typeof window === 'undefined') { return ''; } return process.env.REACT_APP_API_URL || window.location.origin; };`,
      'src/b.js': `import { getApiUrl } from './config';\nexport async function ask(m){ const base = getApiUrl(); const res = await fetch(\`\${base}/api/chat\`, {}); return res; }`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'hook returning object',
    projectWith({
      'src/useApi.ts':
        'export function useApi(){ const { siteConfig } = useDocusaurusContext(); const apiUrl = siteConfig.customFields?.apiUrl as string; return { apiUrl }; }',
      'src/c.tsx': `import { useApi } from './useApi'; export function C(){ const { apiUrl } = useApi(); const go = async () => { await fetch(\`\${apiUrl}/api/chat\`); }; return null; }`,
      'docusaurus.config.ts': `import type {Config} from '@docusaurus/types';\nconst config: Config = { title:'A', baseUrl:'/', customFields: { apiUrl: process.env.API_URL ?? 'http://localhost:8000' } };\nexport default config;`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL', path: '', reaches: true },
  ],
  [
    'url path constants',
    projectWith({
      'src/c.js': `export const API_BASE = process.env.REACT_APP_API_URL || 'http://localhost:8000';\nexport const ENDPOINTS = { chat: \`\${API_BASE}/api/chat\`, health: \`\${API_BASE}/api/health\` };`,
      'src/a.js': `import { ENDPOINTS } from './c';\nfetch(ENDPOINTS.chat, {method:'POST'});`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'namespace import',
    projectWith({
      'src/c.js': 'export const API_URL = process.env.REACT_APP_API_URL;',
      'src/a.js': `import * as cfg from './c';\nfetch(cfg.API_URL + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    're-export',
    projectWith({
      'src/config/api.js': 'export const API_URL = process.env.REACT_APP_API_URL;',
      'src/config/index.js': `export * from './api';`,
      'src/a.js': `import { API_URL } from '@site/src/config';\nfetch(API_URL + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    're-export as',
    projectWith({
      'src/config/api.js': 'export const BASE = process.env.REACT_APP_API_URL;',
      'src/config/index.js': `export { BASE as API_URL } from './api';`,
      'src/a.js': `import { API_URL } from '@site/src/config';\nfetch(API_URL + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'commonjs',
    projectWith({
      'src/c.js': 'module.exports = { API_URL: process.env.REACT_APP_API_URL };',
      'src/a.js': `const { API_URL } = require('./c');\nfetch(API_URL + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'context provider',
    projectWith({
      'src/p.jsx':
        'export const Ctx = createContext(null); export const P = ({children}) => <Ctx.Provider value={{ apiUrl: process.env.REACT_APP_API_URL }}>{children}</Ctx.Provider>;',
      'src/c.jsx': `import {Ctx} from './p'; export const C = () => { const { apiUrl } = useContext(Ctx); return fetch(apiUrl + '/api/chat'); };`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'new Client(base)',
    projectWith({
      'src/client.ts': `export class ChatClient { constructor(private readonly baseUrl: string) {} ask() { return fetch(this.baseUrl + '/api/chat'); } }`,
      'src/a.ts': `import { ChatClient } from './client'; export const c = new ChatClient(process.env.REACT_APP_API_URL ?? '');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'await import',
    projectWith({
      'src/c.js': 'export const API_URL = process.env.REACT_APP_API_URL;',
      'src/a.js': `const { API_URL } = await import('./c'); fetch(API_URL + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'custom hook w/ fallback chain',
    projectWith({
      'src/hooks/useChat.ts': `import { useCallback, useState } from 'react';\nimport useDocusaurusContext from '@docusaurus/useDocusaurusContext';\nexport function useChat() {\n  const { siteConfig } = useDocusaurusContext();\n  const backendUrl = (siteConfig.customFields?.backendUrl as string) || 'http://localhost:8000';\n  const send = useCallback(async (q: string) => {\n    const res = await fetch(\`\${backendUrl}/api/chat\`, { method: 'POST', body: JSON.stringify({ message: q }) });\n    return res.json();\n  }, [backendUrl]);\n  return { send };\n}`,
      'docusaurus.config.ts': `import 'dotenv/config';\nimport type { Config } from '@docusaurus/types';\nconst config: Config = { title: 'A', baseUrl: '/', customFields: { backendUrl: process.env.BACKEND_URL } };\nexport default config;`,
    }),
    { mechanism: 'custom-fields', variable: 'BACKEND_URL', path: '', reaches: true },
  ],
  [
    'destructured import default object',
    projectWith({
      'src/c.js': 'export default { apiUrl: process.env.REACT_APP_API_URL };',
      'src/a.js': `import cfg from './c';\nconst { apiUrl } = cfg;\nfetch(\`\${apiUrl}/api/chat\`);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'BrowserOnly require',
    projectWith({
      'src/Chat.jsx': `export default function Chat(){ return <BrowserOnly>{() => { const W = require('./Widget').default; return <W apiUrl={process.env.REACT_APP_API_URL} />; }}</BrowserOnly>; }`,
      'src/Widget.jsx': `export default function Widget({ apiUrl = 'http://localhost:8000' }){ const go = () => fetch(apiUrl + '/api/chat'); return <b onClick={go}/>; }`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'React.lazy widget',
    projectWith({
      'src/Chat.jsx': `const W = React.lazy(() => import('./Widget'));\nexport default () => <W apiUrl={process.env.REACT_APP_API_URL} />;`,
      'src/Widget.jsx': `export default function Widget({ apiUrl }){ return fetch(apiUrl + '/api/chat'); }`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'memo/forwardRef',
    projectWith({
      'src/W.jsx': `const Widget = forwardRef(function Widget({ apiUrl }, ref){ return fetch(apiUrl + '/api/chat'); });\nexport default memo(Widget);`,
      'src/a.jsx': `import W from './W';\nexport const A = () => <W apiUrl={process.env.REACT_APP_API_URL} />;`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
];

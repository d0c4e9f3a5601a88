import { projectWith, type SampleProject } from '../sample-project.ts';

const vite = { vite: '^7' };
const next = { next: '^15' };

export const buildSettings: readonly SampleProject[] = [
  [
    'config async fn',
    projectWith({
      'docusaurus.config.ts': `export default async function createConfig(): Promise<Config> {\n const fields = { apiUrl: process.env.API_URL };\n return { title: 'A', baseUrl: '/', customFields: fields };\n}`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields.apiUrl; fetch(u + '/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL', path: '/api', reaches: true },
  ],
  [
    'config helper fn',
    projectWith({
      'docusaurus.config.ts': `const env = (name: string, fallback: string) => process.env[name] ?? fallback;\nconst config: Config = { title:'A', baseUrl: '/', customFields: { apiUrl: env('API_URL', 'http://localhost') } };\nexport default config;`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields.apiUrl; fetch(u + '/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    'config destructured env',
    projectWith({
      'docusaurus.config.ts': `const { API_URL = 'http://localhost:8000' } = process.env;\nexport default { title:'A', baseUrl: '/', customFields: { apiUrl: API_URL } };`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields.apiUrl; fetch(u + '/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL', reaches: true },
  ],
  [
    'customFields quoted keys',
    projectWith({
      'docusaurus.config.js': `module.exports = { title:'A', baseUrl: '/', 'customFields': { 'apiUrl': process.env['API_URL'] } };`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields['apiUrl']; fetch(u + '/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL', reaches: true },
  ],
  [
    'customFields hard coded',
    projectWith({
      'docusaurus.config.js': `module.exports = { title:'A', baseUrl: '/', customFields: { apiUrl: 'https://old.hf.space' } };`,
      'src/a.js': `const { siteConfig } = useDocusaurusContext(); const u = siteConfig.customFields.apiUrl; fetch(u + '/api/chat');`,
    }),
    { mechanism: 'written-in', reaches: false },
  ],
  [
    'customFields ternary isProd',
    projectWith({
      'docusaurus.config.js': `const isProd = process.env.NODE_ENV === 'production';\nmodule.exports = { title:'A', baseUrl: '/', customFields: { apiUrl: isProd ? process.env.BACKEND_URL : 'http://localhost:8000' } };`,
      'src/a.js': `const { siteConfig } = useDocusaurusContext(); const u = siteConfig.customFields.apiUrl; fetch(u + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'BACKEND_URL', reaches: true },
  ],
  [
    'customFields ternary literal NODE_ENV',
    projectWith({
      'docusaurus.config.js': `module.exports = { title:'A', baseUrl: '/', customFields: { apiUrl: process.env.NODE_ENV === 'production' ? 'https://old.hf.space' : 'http://localhost:8000' } };`,
      'src/a.js': `const { siteConfig } = useDocusaurusContext(); const u = siteConfig.customFields.apiUrl; fetch(u + '/api/chat');`,
    }),
    { mechanism: 'written-in', reaches: false },
  ],
  [
    'vite config define',
    projectWith(
      {
        'vite.config.ts': `export default defineConfig(({ mode }) => { const env = loadEnv(mode, process.cwd(), ''); return { define: { 'process.env.API_URL': JSON.stringify(env.API_URL) } }; });`,
        'src/a.js': `fetch(process.env.API_URL + '/api/chat');`,
      },
      vite,
    ),
    { mechanism: 'defined', variable: 'API_URL', reaches: true },
  ],
  [
    'vite define __API_URL__',
    projectWith(
      {
        'vite.config.ts':
          'export default defineConfig({ define: { __API_URL__: JSON.stringify(process.env.BACKEND_URL) } });',
        'src/a.js': `fetch(__API_URL__ + '/api/chat');`,
      },
      vite,
    ),
    { mechanism: 'defined', variable: 'BACKEND_URL', reaches: true },
  ],
  [
    'docusaurus define __API_URL__',
    projectWith({
      'docusaurus.config.js': `module.exports={baseUrl:'/',title:'A',plugins:[()=>({name:'d',configureWebpack:()=>({plugins:[new (require('webpack').DefinePlugin)({ __API_URL__: JSON.stringify(process.env.BACKEND_URL) })]})})]};`,
      'src/a.js': `fetch(__API_URL__ + '/api/chat');`,
    }),
    { mechanism: 'defined', variable: 'BACKEND_URL', reaches: true },
  ],
  [
    'DefinePlugin different var',
    projectWith({
      'docusaurus.config.js': `module.exports={baseUrl:'/',title:'A',plugins:[()=>({name:'d',configureWebpack:()=>({plugins:[new (require('webpack').DefinePlugin)({ 'process.env.API_URL': JSON.stringify(process.env.BACKEND_URL) })]})})]};`,
      'src/a.js': `fetch(process.env.API_URL + '/api/chat');`,
    }),
    { mechanism: 'defined', variable: 'BACKEND_URL', reaches: true },
  ],
  [
    'DefinePlugin literal',
    projectWith({
      'docusaurus.config.js': `module.exports={baseUrl:'/',title:'A',plugins:[()=>({name:'d',configureWebpack:()=>({plugins:[new (require('webpack').DefinePlugin)({ 'process.env.API_URL': JSON.stringify('https://old.hf.space') })]})})]};`,
      'src/a.js': `fetch(process.env.API_URL + '/api/chat');`,
    }),
    { mechanism: 'written-in', reaches: false },
  ],
  [
    'webpack-env plugin',
    projectWith({
      'docusaurus.config.js': `module.exports={baseUrl:'/',title:'A',plugins:['docusaurus2-dotenv']};`,
      'src/a.js': `fetch(process.env.API_URL + '/api/chat');`,
    }),
    { variable: 'API_URL' },
  ],
  [
    'envPrefix array',
    projectWith(
      {
        'vite.config.js': `export default { envPrefix: ['VITE_', 'APP_'] };`,
        'src/a.js': `fetch(import.meta.env.APP_API_URL + '/api/chat');`,
      },
      vite,
    ),
    { mechanism: 'vite', variable: 'APP_API_URL', reaches: true },
  ],
  [
    'next.config env',
    projectWith(
      {
        'next.config.js': 'module.exports = { env: { BACKEND_URL: process.env.BACKEND_URL } };',
        'src/a.js': `fetch(process.env.BACKEND_URL + '/api/chat');`,
      },
      next,
    ),
    { mechanism: 'defined', variable: 'BACKEND_URL', reaches: true },
  ],
  [
    'customFields backend',
    projectWith({
      'docusaurus.config.js': `module.exports={title:'A',baseUrl:'/',customFields:{ backend: process.env.BACKEND }};`,
      'src/a.js':
        'const {siteConfig:{customFields}}=useDocusaurusContext(); fetch(`${customFields.backend}/api/chat`)',
    }),
    { mechanism: 'custom-fields', variable: 'BACKEND' },
  ],
  [
    'customFields odd name',
    projectWith({
      'docusaurus.config.js': `module.exports={title:'A',baseUrl:'/',customFields:{ service: process.env.SERVICE }};`,
      'src/a.js':
        'const {siteConfig:{customFields}}=useDocusaurusContext(); fetch(`${customFields.service}/api/chat`)',
    }),
    { mechanism: 'custom-fields', variable: 'SERVICE' },
  ],
  [
    'const API_CONFIG',
    projectWith({
      'src/config/api.js': `const getApiUrl = () => {\n  if (process.env.NODE_ENV === 'production') {\n    return process.env.REACT_APP_API_URL || 'https://old-book.hf.space';\n  }\n  return 'http://localhost:8000';\n};\nexport const API_CONFIG = { BASE_URL: getApiUrl(), ENDPOINTS: { CHAT: '/api/chat', HEALTH: '/health' } };`,
      'src/a.js': `import { API_CONFIG } from '../../../src/config/api';\nexport const ask = () => fetch(\`\${API_CONFIG.BASE_URL}\${API_CONFIG.ENDPOINTS.CHAT}\`, {});`,
    }),
    { only: true, variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'spread config',
    projectWith({
      'src/c.js': `const base = { apiUrl: process.env.REACT_APP_API_URL };\nexport const cfg = { ...base, timeout: 3 };`,
      'src/a.js': `import { cfg } from './c';\nfetch(\`\${cfg.apiUrl}/api/chat\`);`,
    }),
    { variable: 'REACT_APP_API_URL', path: '' },
  ],
  [
    'axios config object',
    projectWith({
      'src/a.js': `import axios from 'axios';\naxios({ method: 'post', url: process.env.REACT_APP_API_URL + '/chat' });`,
    }),
    { variable: 'REACT_APP_API_URL', path: '/api' },
  ],
  [
    'vite proxy decoy in config',
    projectWith(
      {
        'vite.config.js': `export default { server: { proxy: { '/api': 'http://localhost:8000' } } };`,
        'src/a.js': `fetch('/api/chat')`,
      },
      vite,
    ),
    { only: true, mechanism: 'same-origin' },
  ],
  [
    'typed env module (t3)',
    projectWith(
      {
        'src/env.ts': `import { createEnv } from '@t3-oss/env-nextjs';\nexport const env = createEnv({ client: { NEXT_PUBLIC_API_URL: z.string().url() }, runtimeEnv: { NEXT_PUBLIC_API_URL: process.env.NEXT_PUBLIC_API_URL } });`,
        'src/a.ts': `import { env } from './env';\nfetch(env.NEXT_PUBLIC_API_URL + '/api/chat');`,
      },
      next,
    ),
    { variable: 'NEXT_PUBLIC_API_URL', path: '' },
  ],
  [
    'zod parse env',
    projectWith(
      {
        'src/env.ts': `const E = z.object({ VITE_API_URL: z.string() }).parse(import.meta.env);\nexport const API = E.VITE_API_URL;`,
        'src/a.ts': `import { API } from './env';\nfetch(API + '/api/chat');`,
      },
      vite,
    ),
    { variable: 'VITE_API_URL', path: '' },
  ],
  [
    'NODE_ENV cond env',
    projectWith({
      'src/a.js': `const B = process.env.NODE_ENV === 'development' ? 'http://localhost:8000' : process.env.REACT_APP_API_URL;\nfetch(B+'/api/chat')`,
    }),
    { only: true, variable: 'REACT_APP_API_URL', path: '' },
  ],
];

import { projectWith, type SampleProject } from '../sample-project.ts';

export const fieldsAndGlobals: readonly SampleProject[] = [
  [
    'an option of a plugin, in global data',
    projectWith({
      'docusaurus.config.js': `export default { plugins: [[require.resolve('./plugins/chat'), { url: process.env.CHAT_URL ?? 'http://localhost:8000' }]] };`,
      'plugins/chat.js': `export default function chat(context, { url }) { return { name: 'chat', contentLoaded({ actions: { setGlobalData } }) { setGlobalData({ chat: { url } }); } }; }`,
      'src/a.js': `const { chat } = usePluginData('chat');\nfetch(\`\${chat.url}/api/chat\`);`,
    }),
    { mechanism: 'custom-fields', variable: 'CHAT_URL', path: '', reaches: true },
  ],
  [
    'an option of a plugin, in a script tag',
    projectWith({
      'docusaurus.config.js': `export default { plugins: [['./plugins/chat', { url: process.env.CHAT_URL }]] };`,
      'plugins/chat.js': `module.exports = (context, options) => ({ name: 'chat', injectHtmlTags: () => ({ headTags: [{ tagName: 'script', innerHTML: \`window.CHAT_URL = '\${options.url}'\` }] }) });`,
      'src/a.js': `fetch(window.CHAT_URL + '/api/chat');`,
    }),
    { mechanism: 'window-global', variable: 'CHAT_URL', path: '', reaches: true },
  ],
  [
    'an option of another plugin than the one that gives the data',
    projectWith({
      'docusaurus.config.js': `export default { plugins: [['./plugins/search', { url: process.env.SEARCH_URL }], ['./plugins/chat', { url: 'https://ana-old-book.hf.space' }]] };`,
      'plugins/chat.js': `module.exports = (context, options) => ({ name: 'chat', contentLoaded({ actions }) { actions.setGlobalData(options); } });`,
      'plugins/search.js': `module.exports = () => ({ name: 'search' });`,
      'src/a.js': `fetch(usePluginData('chat').url + '/api/chat');`,
    }),
    { mechanism: 'written-in', path: '' },
  ],
  [
    'window.docusaurus, which has no fields, before a literal',
    projectWith({
      'docusaurus.config.js': `export default { baseUrl: '/', customFields: { apiUrl: process.env.API_URL } };`,
      'src/a.js': `const fields = typeof window !== 'undefined' ? window.docusaurus?.customFields || {} : {};\nconst u = fields.apiUrl || 'https://ana-old-book.hf.space';\nfetch(\`\${u}/api/chat\`);`,
    }),
    { mechanism: 'written-in', path: '' },
  ],
  [
    'useDocusaurusContext().siteConfig.customFields direct',
    projectWith({
      'docusaurus.config.js': `export default { baseUrl: '/', customFields: { apiUrl: process.env.API_URL } };`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields.apiUrl;\nfetch(\`\${u}/api/chat\`);`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL', path: '' },
  ],
  [
    'as string cast',
    projectWith({
      'docusaurus.config.ts': `const config: Config = { baseUrl: '/', customFields: { apiUrl: process.env.API_URL || 'http://x' } };\nexport default config;`,
      'src/a.tsx': `const { siteConfig } = useDocusaurusContext();\nconst u = siteConfig.customFields?.apiUrl as string;\nfetch(\`\${u}/api/chat\`);`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL', path: '' },
  ],
  [
    '(siteConfig.customFields as any).apiUrl',
    projectWith({
      'docusaurus.config.ts': `const config: Config = { baseUrl: '/', customFields: { apiUrl: process.env.API_URL } };\nexport default config;`,
      'src/a.tsx': `const u = (siteConfig.customFields as any).apiUrl as string;\nfetch(u + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    '(customFields as Record<string, string>)["apiUrl"]',
    projectWith({
      'docusaurus.config.ts': `export default { baseUrl: '/', customFields: { apiUrl: process.env.API_URL } };`,
      'src/a.tsx': `const u = (siteConfig.customFields as Record<string, string>)['apiUrl'];\nfetch(u + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    'satisfies',
    projectWith({
      'docusaurus.config.ts': `export default { baseUrl: '/', customFields: { apiUrl: process.env.API_URL } } satisfies Config;`,
      'src/a.tsx': `const { customFields } = useDocusaurusContext().siteConfig;\nconst u = customFields!.apiUrl;\nfetch(u + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    'customFields in comment of config',
    projectWith({
      'docusaurus.config.js': `// customFields: { apiUrl: process.env.OLD_API_URL }\nexport default { baseUrl: '/', customFields: { apiUrl: process.env.NEW_API_URL } };`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields.apiUrl;\nfetch(u + '/api/chat');`,
    }),
    { variable: 'NEW_API_URL' },
  ],
  [
    'nested object before field',
    projectWith({
      'docusaurus.config.js': `export default { baseUrl: '/', customFields: { nested: { apiUrl: 'https://no.example' }, apiUrl: process.env.API_URL } };`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields.apiUrl;\nfetch(u + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    'field after customFields of same name elsewhere',
    projectWith({
      'docusaurus.config.js': `export default { baseUrl: '/', themeConfig: { apiUrl: 'https://theme.example' }, customFields: { apiUrl: process.env.API_URL } };`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields.apiUrl;\nfetch(u + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    'shorthand through const',
    projectWith({
      'docusaurus.config.js': `const apiUrl = process.env.API_URL ?? 'http://localhost:8000';\nexport default { baseUrl: '/', customFields: { apiUrl } };`,
      'src/a.js': `const u = useDocusaurusContext().siteConfig.customFields.apiUrl;\nfetch(u + '/api/chat');`,
    }),
    { mechanism: 'custom-fields', variable: 'API_URL' },
  ],
  [
    'DefinePlugin in comment only',
    projectWith({
      'docusaurus.config.js': `// new DefinePlugin({ 'process.env.REACT_APP_API_URL': 1 })\nexport default { baseUrl: '/' };`,
      'src/a.js': `fetch(process.env.REACT_APP_API_URL + '/api/chat');`,
    }),
    { mechanism: 'raw-process-env', variable: 'REACT_APP_API_URL' },
  ],
  [
    'DefinePlugin by JSON of object',
    projectWith({
      'docusaurus.config.js': `export default { baseUrl: '/', plugins: [() => ({ name: 'e', configureWebpack: () => ({ plugins: [new webpack.DefinePlugin({ 'process.env': JSON.stringify({ REACT_APP_API_URL: process.env.REACT_APP_API_URL }) })] }) })] };`,
      'src/a.js': `fetch(process.env.REACT_APP_API_URL + '/api/chat');`,
    }),
    { mechanism: 'defined', variable: 'REACT_APP_API_URL' },
  ],
  [
    'window global with ||',
    projectWith({
      'src/a.js': `const base = (typeof window !== 'undefined' && window.__BACKEND_URL__) || 'http://localhost:8000';\nfetch(base + '/api/chat');`,
    }),
    { mechanism: 'written-in', reaches: false },
  ],
  [
    '(window as any).API_BASE_URL',
    projectWith({
      'docusaurus.config.ts': `export default { baseUrl: '/', headTags: [{ tagName: 'script', attributes: {}, innerHTML: \`window.API_BASE_URL = "\${process.env.API_BASE_URL}"\` }] };`,
      'src/a.ts': `const base = (window as any).API_BASE_URL as string;\nfetch(\`\${base}/api/chat\`);`,
    }),
    { mechanism: 'window-global', variable: 'API_BASE_URL', path: '' },
  ],
];

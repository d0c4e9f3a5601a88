import { projectWith, type SampleProject } from '../sample-project.ts';

const ask = (address: string, rest = '') =>
  `${rest}\nexport const ask = (q) => fetch(${address} + '/api/chat', { method: 'POST', body: JSON.stringify({ question: q }) });`;
const withConfig = (plugins: string, files: Record<string, string>) =>
  projectWith({
    'docusaurus.config.js': `export default { title: 'A', baseUrl: '/', plugins: [${plugins}] };`,
    ...files,
  });

/** Values that the code sets later, elsewhere or not at all. */
export const lateValues: readonly SampleProject[] = [
  [
    'an address that is assigned again',
    projectWith({
      'src/a.js': ask('API', `let API = 'https://a.example.com';\nAPI = 'https://b.example.com';`),
    }),
    { only: true, name: 'https://b.example.com' },
  ],
  [
    'an address that is assigned again behind a condition that holds for readers',
    projectWith({
      'src/a.js': ask(
        'API',
        `let API = 'https://a.example.com';\nif (window.location.hostname !== 'localhost') { API = 'https://b.example.com'; }`,
      ),
    }),
    { only: true, name: 'https://b.example.com' },
  ],
  [
    'an address that is assigned again only for developers',
    projectWith({
      'src/a.js': ask(
        'API',
        `let API = 'https://a.example.com';\nif (process.env.NODE_ENV === 'development') API = 'https://b.example.com';`,
      ),
    }),
    { only: true, name: 'https://a.example.com' },
  ],
  [
    'an address that a function below an assignment uses',
    projectWith({
      'src/a.js': `${ask('API')}\nlet API = 'https://a.example.com';\nAPI = 'https://b.example.com';`,
    }),
    { only: true, name: 'https://b.example.com' },
  ],
  [
    'a switch on the host of another platform',
    projectWith({
      'src/a.js': ask(
        'API',
        `const API = window.location.hostname === 'me.github.io' ? 'https://a.example.com' : 'https://b.example.com';`,
      ),
    }),
    { only: true, name: 'https://b.example.com' },
  ],
  [
    'a page of Next that asks typeof process, and a branch for developers',
    projectWith(
      {
        'src/pages/index.js': ask(
          'API',
          `const API = typeof process === 'undefined' ? 'https://a.example.com' : location.hostname === 'localhost' ? 'http://localhost:1' : process.env.NEXT_PUBLIC_API_URL;`,
        ),
      },
      { next: '^15' },
    ),
    { only: true, variable: 'NEXT_PUBLIC_API_URL' },
  ],
  [
    'two globals that nothing sets before an address',
    projectWith({
      'src/a.js': ask(
        'API',
        `const API = window.CHAT_API_URL || window.env?.CHAT_API_URL || 'https://a.example.com';`,
      ),
    }),
    { only: true, mechanism: 'written-in', name: 'https://a.example.com' },
  ],
  [
    'one of two globals that the site sets',
    withConfig(
      `() => ({ injectHtmlTags: () => ({ headTags: [{ tagName: 'script', innerHTML: \`window.RAG_API_URL = "\${process.env.RAG_URL}";\` }] }) })`,
      {
        'src/a.js': ask('API', `const API = window.CHAT_API_URL || window.RAG_API_URL;`),
      },
    ),
    { only: true, mechanism: 'window-global', variable: 'RAG_URL' },
  ],
  [
    'a client whose address a state gets at run time',
    projectWith({
      'src/a.jsx': `import { useEffect, useState } from 'react';
        const createClient = (base) => ({ ask: (q) => fetch(\`\${base}/api/chat\`, { method: 'POST', body: JSON.stringify({ question: q }) }) });
        export default function Chat() {
          const [base, setBase] = useState('');
          useEffect(() => { loadSettings().then((settings) => setBase(settings.url)); }, []);
          const client = createClient(base);
          return <button onClick={() => client.ask('x')} />;
        }`,
    }),
    { none: true },
  ],
  [
    'a state that is set to an address',
    projectWith({
      'src/a.jsx': `import { useEffect, useState } from 'react';
        export default function Chat() {
          const [base, setBase] = useState('');
          useEffect(() => { setBase(process.env.REACT_APP_API_URL); }, []);
          return <button onClick={() => fetch(\`\${base}/api/chat\`, { method: 'POST', body: JSON.stringify({ question: 'x' }) })} />;
        }`,
    }),
    { only: true, variable: 'REACT_APP_API_URL' },
  ],
  [
    'the options of a plugin that writes a global',
    withConfig(`['./plugins/chat', { backendUrl: process.env.CHAT_URL || 'https://a.example.com' }]`, {
      'plugins/chat/index.js': `module.exports = function (context, options) {
        return { name: 'chat', injectHtmlTags: () => ({ headTags: [{ tagName: 'script', innerHTML: \`window.CHAT_URL = '\${options.backendUrl}';\` }] }) };
      };`,
      'src/a.js': ask('window.CHAT_URL'),
    }),
    { only: true, mechanism: 'window-global', variable: 'CHAT_URL', reaches: true },
  ],
  [
    'the options of a plugin that a hook reads',
    withConfig(`[require.resolve('./plugins/chat'), { apiUrl: process.env.CHAT_URL }]`, {
      'plugins/chat.js': `export default function chat(context, { apiUrl }) {
        return { name: 'chat', async contentLoaded({ actions }) { actions.setGlobalData({ apiUrl }); } };
      }`,
      'src/a.jsx': `import { usePluginData } from '@docusaurus/useGlobalData';
        export default function Chat() {
          const { apiUrl } = usePluginData('chat');
          return <button onClick={() => fetch(\`\${apiUrl}/api/chat\`, { method: 'POST', body: JSON.stringify({ question: 'x' }) })} />;
        }`,
    }),
    { only: true, mechanism: 'custom-fields', variable: 'CHAT_URL', reaches: true },
  ],
  [
    'an address in the options of a plugin',
    withConfig(`['./plugins/chat', { apiUrl: 'https://a.example.com' }]`, {
      'plugins/chat.js': `export default (context, options) => ({ name: 'chat', contentLoaded: ({ actions }) => actions.setGlobalData({ api: options }) });`,
      'src/a.jsx': `import useGlobalData from '@docusaurus/useGlobalData';
        export default function Chat() {
          const data = useGlobalData();
          return <button onClick={() => fetch(\`\${data.chat.default.api.apiUrl}/api/chat\`, { method: 'POST', body: JSON.stringify({ question: 'x' }) })} />;
        }`,
    }),
    { only: true, mechanism: 'written-in', name: 'api.apiUrl' },
  ],
  [
    'a login client of a package, and no chat',
    projectWith({
      'src/auth.js': `import { createAuthClient } from 'some-auth';\nexport const auth = createAuthClient({ baseURL: process.env.REACT_APP_API_URL || 'http://localhost:3001' });`,
    }),
    { none: true },
  ],
  [
    'a field that a function keeps in a variable of the file and returns from there',
    projectWith({
      'docusaurus.config.js': `module.exports = { title: 'A', baseUrl: '/', customFields: { chatApiUrl: process.env.BOOK_API_URL || 'http://localhost:8000' } };`,
      'src/a.js': `let kept = null;
function address() {
  if (kept) return kept;
  if (window.location.hostname.includes('.app.github.dev')) {
    kept = \`https://\${window.location.hostname.replace('3000', '8000')}\`;
    return kept;
  }
  const siteConfig = require('@generated/docusaurus.config').default;
  if (siteConfig?.customFields?.chatApiUrl) {
    kept = siteConfig.customFields.chatApiUrl;
    return kept;
  }
  return 'http://localhost:8000';
}
export const ask = (message) => fetch(\`\${address()}/api/chat\`, { method: 'POST', body: JSON.stringify({ message }) });`,
    }),
    { mechanism: 'custom-fields', variable: 'BOOK_API_URL', reaches: true },
  ],
];

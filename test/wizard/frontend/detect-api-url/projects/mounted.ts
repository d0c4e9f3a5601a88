import { projectWith, type SampleProject } from '../sample-project.ts';

const chatAt = (url: string): string =>
  `export default function Chat() {\n  const ask = (q) => fetch('${url}/chat', { method: 'POST', body: JSON.stringify({ question: q }) });\n}`;

/** `src/theme/Root.js` mounts `src/Chat.js`; a chat elsewhere must not win over it. */
const besides = (files: Record<string, string>): Record<string, string> =>
  projectWith({
    'src/theme/Root.js': `import Chat from '../Chat';\nexport default () => <Chat />;`,
    'src/Chat.js': chatAt('http://localhost:8000'),
    ...files,
  });
const mountedOne = { only: true, name: 'http://localhost:8000/chat' } as const;
const root = { 'src/theme/Root.js': 'export default ({ children }) => children;' };
/** A script that shows the chat itself, as a client module has to. */
const selfMountedAt = (url: string): string =>
  `${chatAt(url)}\nif (typeof document !== 'undefined') document.body.append(Chat());`;
const inPage = `const endpoints = ['https://old.hf.space/chat'];
  async function ask(question) {
    for (const endpoint of endpoints) await fetch(endpoint, { method: 'POST', body: JSON.stringify({ question }) });
  }`;
const literal = { only: true, name: 'https://old.hf.space/chat' } as const;

export const mounted: readonly SampleProject[] = [
  [
    'a chat beside a server’s own route',
    besides({
      'api-server.mjs': `app.post('/chat', (req, res) => fetch('https://old.hf.space/chat', { method: 'POST' }));`,
    }),
    mountedOne,
  ],
  [
    'a chat beside a nested package',
    besides({ 'web/package.json': '{}', 'web/src/theme/Root.js': chatAt('https://old.hf.space') }),
    mountedOne,
  ],
  [
    'a chat beside a left-over build',
    besides({ 'build-test/assets/main.js': chatAt('https://old.hf.space') }),
    mountedOne,
  ],
  ['a chat beside an older one', besides({ 'src/Chat_OLD.js': chatAt('https://old.hf.space') }), mountedOne],
  [
    'a chat beside a theme folder that no theme renders',
    besides({ 'src/theme/OldChat/index.js': chatAt('https://old.hf.space') }),
    mountedOne,
  ],
  [
    'a chat that nothing mounts',
    projectWith({ ...root, 'src/Chat.js': chatAt('https://old.hf.space') }),
    { none: true },
  ],
  [
    'a chat in a page of its own, loaded later',
    projectWith({
      ...root,
      'src/pages/chat.js': `export default () => import('@site/src/Chat');`,
      'src/Chat.js': chatAt('https://old.hf.space'),
    }),
    literal,
  ],
  ...[
    '<iframe src="/chat.html" title="Chat" />',
    `<iframe src={useBaseUrl('chat.html')} />`,
    `<button onClick={() => window.open('/chat.html')}>Ask</button>`,
  ].map((shown): SampleProject => [
    `a chat in a static page that the theme shows: ${shown}`,
    projectWith({
      'src/theme/Root.js': `export default ({ children }) => <>{children}${shown}</>;`,
      'static/chat.html': `<form></form><script>${inPage}</script>`,
    }),
    literal,
  ]),
  [
    'a chat in a script of a static page that the theme shows',
    projectWith({
      'src/theme/Root.js': `export default ({ children }) => <>{children}<iframe src="/widget/index.html" /></>;`,
      'static/widget/index.html': `<form></form><script src="chat.js"></script>`,
      'static/widget/chat.js': inPage,
    }),
    literal,
  ],
  [
    'a chat in a static page that nothing shows',
    projectWith({
      'src/theme/Root.js': `export default () => <iframe src="/my-chat.html" />;`,
      'static/chat.html': `<form></form><script>${inPage}</script>`,
    }),
    { none: true },
  ],
  [
    'a chat in a client module',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', clientModules: [require.resolve('./src/chat.js')] };`,
      'src/chat.js': selfMountedAt('https://old.hf.space'),
    }),
    literal,
  ],
  [
    'a component that is only exported by a client module, which nothing renders',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', clientModules: [require.resolve('./src/chat.js')] };`,
      'src/chat.js': `import { useState } from 'react';\nimport './chat.css';\n${chatAt('https://old.hf.space')}`,
    }),
    { none: true },
  ],
  [
    'a client module that asks when a page is shown',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', clientModules: ['./src/chat.js'] };`,
      'src/chat.js': chatAt('https://old.hf.space').replace(
        'default function Chat',
        'function onRouteDidUpdate',
      ),
    }),
    literal,
  ],
  [
    'a client module that exports such a function by another name',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', clientModules: ['./src/chat.js'] };`,
      'src/chat.js': `${chatAt('https://old.hf.space')}\nexport { Chat as onRouteDidUpdate };`,
    }),
    literal,
  ],
  [
    'a client module that imports a script which shows the chat',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', clientModules: ['./src/client.js'] };`,
      'src/client.js': `import Chat from './chat.js';\nexport default Chat;`,
      'src/chat.js': selfMountedAt('https://old.hf.space'),
    }),
    literal,
  ],
  [
    'two configurations, of which Docusaurus reads the one in TypeScript',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', clientModules: ['./src/old.js'] };`,
      'docusaurus.config.ts': `export default { baseUrl: '/', clientModules: ['./src/chat.js'] };`,
      'src/old.js': selfMountedAt('https://older.hf.space'),
      'src/chat.js': selfMountedAt('https://old.hf.space'),
    }),
    literal,
  ],
  [
    'a chat in a client module of a plugin',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', plugins: ['./plugins/chat'] };`,
      'plugins/chat/index.js': `module.exports = () => ({ name: 'chat', getClientModules() { return [require('path').resolve(__dirname, './client')]; } });`,
      'plugins/chat/client.js': selfMountedAt('https://old.hf.space'),
    }),
    literal,
  ],
  [
    'a chat in the theme of a plugin',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', plugins: [require.resolve('./plugins/chat')] };`,
      'plugins/chat/index.js': `module.exports = () => ({ name: 'chat', getThemePath() { return './theme'; } });`,
      'plugins/chat/theme/Root.js': chatAt('https://old.hf.space'),
    }),
    literal,
  ],
  [
    'a chat that an MDX page imports',
    projectWith({
      ...root,
      'docs/a.mdx': `import Chat from '@site/src/Chat';\n\n# A\n\n<Chat />\n`,
      'src/Chat.js': chatAt('https://old.hf.space'),
    }),
    literal,
  ],
  [
    'a chat that a Markdown page imports',
    projectWith({
      ...root,
      'docs/a.md': `---\nid: a\n---\n\nimport Chat from '../src/Chat';\n\n<Chat />\n`,
      'src/Chat.js': chatAt('https://old.hf.space'),
    }),
    literal,
  ],
  [
    'a static script that the configuration names, beside one that nothing names',
    projectWith({
      ...root,
      'docusaurus.config.js': `export default { baseUrl: '/', scripts: ['/js/chat.js'] };`,
      'static/js/chat.js': chatAt('https://old.hf.space'),
      'static/js/other.js': chatAt('https://older.hf.space'),
    }),
    literal,
  ],
  [
    'a chat behind an alias of the bundler',
    projectWith({
      'src/theme/Root.js': `import Chat from '@components/Chat';\nexport default () => <Chat />;`,
      'src/components/Chat.js': chatAt('https://old.hf.space'),
    }),
    literal,
  ],
];

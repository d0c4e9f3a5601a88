import type { SampleSite } from './sample-site.ts';

/** Kinds of clients: how they come to the address of the chat, what they ask, and which reply they read. */
export const clientSites: readonly SampleSite[] = [
  // `typeof process` is no object in a browser: the branch without the variable is taken.
  {
    name: 'docusaurus-guard',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/address.js:5',
    path: '',
    reaches: false,
  },
  // A field within a field of the configuration.
  {
    name: 'docusaurus-nested-fields',
    tool: 'docusaurus',
    mechanism: 'custom-fields',
    variable: 'CHATBOT_API_URL',
    location: 'src/chat/ChatWidget.js:7',
    path: '',
    reaches: true,
  },
  // Two names on `window`, of which the page sets one.
  {
    name: 'docusaurus-two-globals',
    tool: 'docusaurus',
    mechanism: 'window-global',
    variable: 'RAG_API_URL',
    location: 'src/chat/address.js:2',
    path: '',
    reaches: true,
  },
  // An option of the site's own plugin.
  {
    name: 'docusaurus-plugin-options',
    tool: 'docusaurus',
    mechanism: 'custom-fields',
    variable: 'CHAT_API_URL',
    location: 'src/chat/ChatWidget.js:6',
    path: '/api',
    reaches: true,
  },
  // The branch for readers of a switch on the page's host.
  {
    name: 'docusaurus-host-switch',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/address.js:4',
    path: '',
    reaches: false,
  },
  // A chat on localhost beside a login on a lasting host.
  {
    name: 'docusaurus-login-beside',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/ChatWidget.js:11',
    path: '',
    reaches: false,
    untouched: ['src/account/SignIn.js'],
  },
  // A client that a factory makes, kept in React's state.
  {
    name: 'docusaurus-client-factory',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/client.js:1',
    path: '',
    reaches: false,
  },
  // A chat behind `import()`, in a script that the page loads later.
  {
    name: 'docusaurus-lazy',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/address.js:1',
    path: '',
    reaches: false,
  },
  // A chat on a page of its own.
  {
    name: 'docusaurus-page',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/address.js:1',
    path: '',
    reaches: false,
    page: 'ask',
  },
  // An address chosen when the state is initialised; sources as addresses.
  {
    name: 'docusaurus-use-state',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/ChatWidget.js:7',
    path: '',
    reaches: false,
  },
  // A client that no page uses, beside the one that is.
  {
    name: 'docusaurus-unused-client',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/address.js:1',
    path: '',
    reaches: false,
    untouched: ['src/api/chatClient.js'],
  },
  // Sources as addresses, in answer to a request that other clients read objects from.
  {
    name: 'docusaurus-string-sources',
    tool: 'docusaurus',
    mechanism: 'custom-fields',
    variable: 'BACKEND_URL',
    location: 'src/chat/ChatWidget.js:13',
    path: '',
    reaches: true,
  },
  // A localhost address in the request itself.
  {
    name: 'vite-localhost',
    tool: 'vite',
    mechanism: 'written-in',
    variable: null,
    location: 'src/main.js:4',
    path: '',
    reaches: false,
  },
  // The page's own origin, where other paths below `/api` belong to the site.
  {
    name: 'vite-rewrite',
    tool: 'vite',
    mechanism: 'same-origin',
    variable: null,
    location: 'src/main.js:6',
    path: '',
    reaches: false,
    untouched: ['src/account.js'],
  },
  // A stream of `event: message`.
  {
    name: 'vite-message-events',
    tool: 'vite',
    mechanism: 'vite',
    variable: 'VITE_API_URL',
    location: 'src/main.js:3',
    path: '',
    reaches: true,
  },
  // A stream of `delta` and `done` objects.
  {
    name: 'vite-delta-events',
    tool: 'vite',
    mechanism: 'vite',
    variable: 'VITE_API_URL',
    location: 'src/main.js:3',
    path: '',
    reaches: true,
  },
  // A stream of `{type, data}` objects.
  {
    name: 'vite-data-events',
    tool: 'vite',
    mechanism: 'vite',
    variable: 'VITE_API_URL',
    location: 'src/main.js:3',
    path: '',
    reaches: true,
  },
  // An address that is replaced before it is used.
  {
    name: 'vite-reassigned',
    tool: 'vite',
    mechanism: 'written-in',
    variable: null,
    location: 'src/address.js:2',
    path: '',
    reaches: false,
  },
  // A session that is opened before the first question.
  {
    name: 'vite-session',
    tool: 'vite',
    mechanism: 'vite',
    variable: 'VITE_BACKEND_URL',
    location: 'src/main.js:3',
    path: '',
    reaches: true,
  },
];

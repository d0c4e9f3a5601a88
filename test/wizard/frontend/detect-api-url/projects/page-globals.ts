import { projectWith, type SampleProject } from '../sample-project.ts';

const vite = { vite: '^7' };

/** A script that asks where a meta tag of its page says, and has other addresses for a page without one. */
const metaClient = `
class Chat extends HTMLElement {
  constructor() {
    super();
    this.base = this.address();
  }
  address() {
    const tag = document.querySelector('meta[name="api-base"]');
    if (tag && tag.content) return tag.content;
    if (window.location.hostname.includes('example.app')) return 'https://old-book.example.app';
    return 'http://127.0.0.1:8000';
  }
  async ask(question) {
    const response = await fetch(this.base + '/api/agent/ask', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ question }) });
    const { answer } = await response.json();
    this.textContent = answer;
  }
}
customElements.define('book-chat', Chat);`;

export const pageGlobals: readonly SampleProject[] = [
  [
    'window global via headTags ternary',
    projectWith({
      'docusaurus.config.js': `const apiUrl = process.env.CHATBOT_API_URL || 'http://localhost:8000';\nmodule.exports={title:'A',baseUrl:'/',headTags:[{tagName:'script',attributes:{},innerHTML:'window.__API__ = ' + JSON.stringify({ url: apiUrl }) }]};`,
      'src/a.js': `fetch(window.__API__.url + '/api/chat');`,
    }),
    { mechanism: 'window-global', variable: 'CHATBOT_API_URL', reaches: true },
  ],
  [
    'window assigned in client module from process.env',
    projectWith({
      'src/env.js': `if (typeof window !== 'undefined') { window.__BACKEND_URL__ = process.env.REACT_APP_API_URL; }`,
      'src/a.js': `fetch(window.__BACKEND_URL__ + '/api/chat');`,
    }),
    { variable: 'REACT_APP_API_URL', reaches: false },
  ],
  [
    'window.location to',
    projectWith({ 'src/s.jsx': `window.location.href = 'https://old-book.hf.space/api/chat';` }),
    { none: true },
  ],
  [
    'window ENV single quoted concat',
    projectWith({
      'src/a.js': `fetch(window.ENV.API_URL + '/chat')`,
      'docusaurus.config.js': `module.exports = { title:'A', baseUrl:'/', headTags:[{tagName:'script',attributes:{},innerHTML:"window.ENV = { API_URL: '" + process.env.API_URL + "' };"}] };`,
    }),
    { mechanism: 'window-global', variable: 'API_URL', path: '/api', reaches: true },
  ],
  [
    'window literal in config string',
    projectWith({
      'src/a.js': `fetch(window.API_URL + '/chat')`,
      'docusaurus.config.js': `module.exports = { title:'A', baseUrl:'/', headTags:[{tagName:'script',attributes:{},innerHTML:"window.API_URL='https://old.hf.space/api';"}] };`,
    }),
    { mechanism: 'written-in', path: '/api', reaches: false },
  ],
  [
    'client module sets window from env, html reads',
    projectWith(
      {
        'index.html': `<script>fetch(window.API_URL + '/chat')</script>`,
        'src/a.js': 'window.API_URL = import.meta.env.VITE_API_URL;',
      },
      vite,
    ),
    { variable: 'VITE_API_URL', path: '/api', reaches: true },
  ],
  [
    'a reader of variables that comes to a global which nothing sets, before a local address',
    projectWith({
      'src/config.js': `export class Config {
  constructor(baseUrl = this.read('REACT_APP_API_URL') || 'http://localhost:8000/api') { this.baseUrl = baseUrl; }
  read(name) {
    if (typeof process !== 'undefined' && process.env) return process.env[name];
    if (typeof window !== 'undefined' && window.ENV) return window.ENV[name];
    return undefined;
  }
}`,
      'src/a.js': `import { Config } from './config.js';
const config = new Config();
export const ask = (message) => fetch(config.baseUrl + '/v1/chat/message', { method: 'POST', body: JSON.stringify({ message }) });`,
    }),
    { mechanism: 'written-in', reaches: false },
  ],
  [
    'a meta tag of the configuration that a variable fills in',
    projectWith({
      'static/js/chat.js': metaClient,
      'docusaurus.config.js': `module.exports = { title: 'A', baseUrl: '/', scripts: ['/js/chat.js'], headTags: [
  { tagName: 'meta', attributes: { name: 'api-key', content: 'abc' } },
  { tagName: 'meta', attributes: { name: 'api-base', content: process.env.BOOK_API_URL || 'https://old-book.example.app' } },
] };`,
    }),
    { mechanism: 'meta-tag', variable: 'BOOK_API_URL', reaches: true, only: true },
  ],
  [
    'a meta tag of the configuration with the address written in',
    projectWith({
      'src/a.js': `const base = document.querySelector("meta[name='api-base']")?.getAttribute('content') ?? 'http://localhost:8000';
export const ask = (message) => fetch(base + '/chat', { method: 'POST', body: JSON.stringify({ message }) });`,
      'docusaurus.config.js': `module.exports = { title: 'A', baseUrl: '/', themeConfig: { metadata: [{ name: 'api-base', content: 'https://old-book.example.app' }] } };`,
    }),
    { mechanism: 'written-in', reaches: false, only: true },
  ],
  [
    'a meta tag of an HTML page that the build fills in',
    projectWith(
      {
        'index.html': `<meta name="api-base" content="%VITE_API_URL%"><script type="module" src="/src/a.js"></script>`,
        'src/a.js': `const { content } = document.querySelector('meta[name="api-base"]');
fetch(content + '/chat', { method: 'POST', body: JSON.stringify({ message: 'Hello' }) });`,
      },
      vite,
    ),
    { mechanism: 'meta-tag', variable: 'VITE_API_URL', reaches: true, only: true },
  ],
  [
    'a meta tag that nothing writes, before an address in the code',
    projectWith({
      'src/a.js': `const tag = document.querySelector('meta[name="api-base"]');
const base = tag ? tag.content : 'https://old-book.example.app';
export const ask = (message) => fetch(base + '/chat', { method: 'POST', body: JSON.stringify({ message }) });`,
    }),
    { mechanism: 'written-in', reaches: false, only: true },
  ],
];

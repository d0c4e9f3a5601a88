import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { clientSites } from './client-sites.ts';
import type { SampleSite } from './sample-site.ts';

const sites = fileURLToPath(new URL('../../sandbox/sites/', import.meta.url));

/** One site for each way in which frontends get the URL of their API, then the kinds of their clients. */
export const sampleSites: readonly SampleSite[] = [
  ...clientSites,
  {
    name: 'docusaurus-env',
    tool: 'docusaurus',
    mechanism: 'raw-process-env',
    variable: 'REACT_APP_API_BASE_URL',
    location: 'src/chat/address.js:1',
    path: '',
    reaches: false,
  },
  {
    name: 'docusaurus-defined',
    tool: 'docusaurus',
    mechanism: 'defined',
    variable: 'REACT_APP_API_URL',
    location: 'src/chat/address.js:1',
    path: '/api',
    reaches: true,
  },
  {
    name: 'docusaurus-fields',
    tool: 'docusaurus',
    hasNoLinks: true,
    mechanism: 'custom-fields',
    variable: 'RAG_BACKEND_URL',
    location: 'src/chat/ChatWidget.js:9',
    path: '',
    reaches: true,
  },
  {
    name: 'docusaurus-written',
    tool: 'docusaurus',
    hasNoLinks: true,
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/address.js:4',
    path: '',
    reaches: false,
  },
  {
    name: 'docusaurus-window',
    tool: 'docusaurus',
    hasNoLinks: true,
    mechanism: 'window-global',
    variable: 'CHATBOT_API_URL',
    location: 'src/chat/ask.js:3',
    path: '/api/chat',
    reaches: true,
  },
  {
    name: 'docusaurus-static',
    tool: 'docusaurus',
    mechanism: 'written-in',
    variable: null,
    location: 'src/chat/address.js:1',
    path: '',
    reaches: false,
  },
  {
    name: 'docusaurus-decoys',
    tool: 'docusaurus',
    mechanism: 'raw-process-env',
    variable: 'REACT_APP_BACKEND_URL',
    location: 'src/chat/address.js:3',
    path: '',
    reaches: false,
  },
  {
    name: 'vite-env',
    tool: 'vite',
    mechanism: 'vite',
    variable: 'VITE_API_BASE_URL',
    location: 'src/address.js:1',
    path: '/api',
    reaches: true,
  },
  {
    name: 'vite-written',
    tool: 'vite',
    mechanism: 'written-in',
    variable: null,
    location: 'src/address.js:1',
    path: '',
    reaches: false,
  },
  {
    name: 'vite-same-origin',
    tool: 'vite',
    mechanism: 'same-origin',
    variable: null,
    location: 'src/ask.js:3',
    path: '',
    reaches: false,
  },
  {
    name: 'head-script',
    tool: 'vite',
    mechanism: 'window-global',
    variable: 'VITE_BOOK_API_URL',
    location: 'src/address.js:1',
    path: '',
    reaches: true,
  },
  {
    name: 'cra-endpoint',
    tool: 'cra',
    mechanism: 'create-react-app',
    variable: 'REACT_APP_CHAT_API_URL',
    location: 'src/config.js:2',
    path: '/api/chat',
    reaches: true,
  },
  {
    name: 'next-public',
    tool: 'next',
    mechanism: 'next',
    variable: 'NEXT_PUBLIC_BACKEND_URL',
    location: 'src/address.js:2',
    path: '',
    reaches: true,
  },
];

/** Writes a site into a folder: the files that its tool has in common, then its own. */
export function copySite(site: SampleSite, folder: string): void {
  const base = join(sites, site.tool === 'docusaurus' ? 'base-docusaurus' : 'base-page');
  cpSync(base, folder, { recursive: true });
  cpSync(join(sites, site.name), folder, { recursive: true });
}

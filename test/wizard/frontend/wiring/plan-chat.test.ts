import { expect, test } from 'vitest';
import { hasChatLine, planChat } from '../../../../wizard/frontend/wiring/plan-chat.ts';
import type { Framework } from '../../../../wizard/frontend/framework.ts';

const api = 'https://ana-book.hf.space';
const entry = (src: string): string => `{ src: ${src}, defer: true, 'data-server': '${api}' }`;

function changed(files: Record<string, string>, framework: Framework = 'docusaurus'): Map<string, string> {
  const plan = planChat({ files: new Map(Object.entries(files)), framework, api });
  if (plan.type === 'none') throw new Error(plan.reason);
  expect(plan).toMatchObject({ variable: null, hasPlaceholderUrl: false });
  return new Map(plan.files);
}

test.each([
  [
    "export default { baseUrl: '/' };",
    `export default {\n  scripts: [${entry("'/book-chat.js'")}], baseUrl: '/' };`,
  ],
  [
    "module.exports = {\n  baseUrl: '/book',\n  scripts: ['/a.js'],\n};",
    `module.exports = {\n  baseUrl: '/book',\n  scripts: [${entry("'/book/book-chat.js'")}, '/a.js'],\n};`,
  ],
  [
    "const config = {\n  baseUrl: process.env.BASE ?? '/',\n};\nexport default config;",
    `const config = {\n  scripts: [${entry("(process.env.BASE ?? '/') + 'book-chat.js'")}],\n  baseUrl: process.env.BASE ?? '/',\n};\nexport default config;`,
  ],
])('a Docusaurus site gets an entry of scripts, and the loader: %#', (text, expected) => {
  const files = changed({ 'docusaurus.config.js': text });
  expect(files.get('docusaurus.config.js')).toBe(expected);
  expect(files.get('static/book-chat.js')).toMatch(/^"use strict";/);
  expect(hasChatLine(files)).toBe(true);
  // A second run changes nothing.
  expect(planChat({ files, framework: 'docusaurus', api })).toMatchObject({ type: 'none' });
});

test('the loader speaks the language of the site', () => {
  const text = "export default { baseUrl: '/', i18n: { defaultLocale: 'de', locales: ['de'] } };";
  expect(changed({ 'docusaurus.config.ts': text }).get('static/book-chat.js')).toContain('Frag das Buch');
});

test.each<[Framework, string, string, string]>([
  ['vite', 'index.html', 'public/book-chat.js', '/book-chat.js'],
  ['unknown', 'index.html', 'book-chat.js', '/book-chat.js'],
  ['create-react-app', 'public/index.html', 'public/book-chat.js', '%PUBLIC_URL%/book-chat.js'],
])('a page of %s gets one line, and the loader', (framework, path, loader, src) => {
  const files = changed({ [path]: '<html lang="fr"><head><title>a</title>\n</head></html>' }, framework);
  expect(files.get(path)).toBe(
    `<html lang="fr"><head><title>a</title>\n<script defer src="${src}" data-server="${api}"></script>\n</head></html>`,
  );
  expect(files.get(loader)).toContain('Interroger le livre');
});

test('a loader that is there is kept', () => {
  const files = { 'docusaurus.config.js': "export default { baseUrl: '/' };", 'static/book-chat.js': 'old' };
  expect([...changed(files).keys()]).toEqual(['docusaurus.config.js']);
});

test('before the Space has an address, a placeholder is shown in its place', () => {
  const files = new Map([['docusaurus.config.js', "export default { baseUrl: '/' };"]]);
  expect(planChat({ files, framework: 'docusaurus', api: null })).toMatchObject({
    hasPlaceholderUrl: true,
    diff: expect.stringContaining('https://ADDRESS-OF-THE-SPACE') as string,
  });
});

test('where there is no place for the line, it is named', () => {
  const plan = planChat({
    files: new Map([['docusaurus.config.js', 'export default load();']]),
    framework: 'docusaurus',
    api,
  });
  expect(plan).toMatchObject({
    type: 'none',
    reason: expect.stringContaining('data-server="https://ana-book.hf.space"') as string,
  });
});

test.each([
  ['docusaurus.config.js', "export default {\n  baseUrl: '/',\n  scripts: ['/a.js'],\n};\n"],
  ['index.html', '<!doctype html><html lang="en"><head><title>T</title></head><body></body></html>\n'],
])('the line of a server that moved names the new one, and nothing else changes: %s', (path, text) => {
  const files = changed({ [path]: text });
  const moved = 'https://ana-book.vercel.app';
  const plan = planChat({ files, framework: 'docusaurus', api: moved });
  const expected = files.get(path)?.replace(api, moved);
  expect(plan).toMatchObject({ type: 'change', summary: 'lets the chat ask this server' });
  expect(plan.type === 'change' ? [...plan.files] : []).toEqual([[path, expected]]);
  // Before the new server has an address.
  expect(planChat({ files, framework: 'docusaurus', api: null })).toMatchObject({ hasPlaceholderUrl: true });
});

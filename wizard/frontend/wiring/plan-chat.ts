import type { SourceTexts } from '../../../javascript/source-file.ts';
import { loaderFile } from '../../../server/widget/loader/loader-file.ts';
import { localiseTexts } from '../../../server/widget/translations/localise-texts.ts';
import type { Framework } from '../framework.ts';
import { PLACEHOLDER_URL } from './add-rewrite.ts';
import { addListEntry, baseUrlIn, siteConfig } from './docusaurus-config.ts';
import { noChange, planChange, type WiringPlan } from './wiring-plan.ts';

/** The loader's name as a file of a site. */
export const loaderName = 'book-chat.js';
const documents = ['index.html', 'public/index.html', 'static/index.html'];

/**
 * Plans how a site without a chat gets one: the loader as a file of the site, and the line that names it. In a Docusaurus
 * site the line is an entry of `scripts` in its configuration, elsewhere an element of its one HTML file.
 */
export function planChat({
  files,
  framework,
  api,
}: {
  files: SourceTexts;
  framework: Framework;
  /** The server's origin; null while it is unknown: `PLACEHOLDER_URL` is shown in its place. */
  api: string | null;
}): WiringPlan {
  const server = api ?? PLACEHOLDER_URL;
  const next = siteConfig(files) === null ? inDocument(files, framework, server) : inConfig(files, server);
  if (next === null)
    return noChange(`no place for the chat's line was found: ${scriptLine(`/${loaderName}`, server)}`);
  const hasPlaceholderUrl = api === null;
  const summary = hasChatLine(files) ? 'lets the chat ask this server' : 'adds the chat to every page';
  return planChange(files, next, { variable: null, path: '', summary, hasPlaceholderUrl });
}

/** Whether a site has the chat's line already. */
export function hasChatLine(files: SourceTexts): boolean {
  const places = [siteConfig(files)?.text, ...documents.map((path) => files.get(path))];
  return places.some((text) => text?.includes(loaderName) === true);
}

/** The line of an earlier server, as `planChat` writes it, names this one. */
function withServer(text: string, server: string): string {
  const line = /book-chat\.js[^<>{}]{0,200}?data-server['"]?\s*[=:]\s*(['"])(https?:[^'"\s<>]*)\1/.exec(text);
  const [matched = '', , earlier = ''] = line ?? [];
  if (line === null || (URL.canParse(earlier) && new URL(earlier).origin === server)) return text;
  const changed = matched.slice(0, matched.lastIndexOf(earlier)) + server + matched.slice(-1);
  return text.slice(0, line.index) + changed + text.slice(line.index + matched.length);
}

function scriptLine(src: string, server: string): string {
  return `<script defer src="${src}" data-server="${server}"></script>`;
}

function inConfig(files: SourceTexts, server: string): SourceTexts | null {
  const config = siteConfig(files);
  const baseUrl = config === null ? null : baseUrlIn(config.text);
  if (config === null || baseUrl === null) return null;
  const { expression, value } = baseUrl;
  // Docusaurus puts the address of a script into the page as it is written.
  const src =
    value === null ? `(${expression}) + '${loaderName}'` : `'${value.replace(/\/?$/, '/')}${loaderName}'`;
  const entry = `{ src: ${src}, defer: true, 'data-server': '${server}' }`;
  const mark = value === null ? loaderName : `${value.replace(/\/?$/, '/')}${loaderName}`;
  const text = addListEntry(withServer(config.text, server), { list: 'scripts', entry, mark });
  const [, language = 'en'] = /\bdefaultLocale:\s*['"]([\w-]+)['"]/.exec(config.text) ?? [];
  return text === null
    ? null
    : withLoader(files, { path: config.path, text, loader: `static/${loaderName}`, language });
}

function inDocument(files: SourceTexts, framework: Framework, server: string): SourceTexts | null {
  const path = documents.find((document) => files.has(document));
  const text = path === undefined ? undefined : files.get(path);
  const end = text?.search(/<\/head>/i) ?? -1;
  if (path === undefined || text === undefined || end === -1) return null;
  const folder = path.slice(0, -'index.html'.length);
  const isCopied = framework === 'vite' && folder === '';
  const src = framework === 'create-react-app' ? `%PUBLIC_URL%/${loaderName}` : `/${loaderName}`;
  const line = scriptLine(src, server);
  const changed = text.includes(loaderName)
    ? withServer(text, server)
    : `${text.slice(0, end)}${line}\n${text.slice(end)}`;
  const [, language = 'en'] = /<html[^>]*?\slang=["']?([\w-]+)/i.exec(text) ?? [];
  return withLoader(files, {
    path,
    text: changed,
    loader: `${isCopied ? 'public/' : folder}${loaderName}`,
    language,
  });
}

/** A loader that is there is kept: it works with every later server. */
function withLoader(
  files: SourceTexts,
  { path, text, loader, language }: { path: string; text: string; loader: string; language: string },
): SourceTexts {
  const file = files.get(loader) ?? `${loaderFile(localiseTexts(language).texts)}\n`;
  return new Map([
    [loader, file],
    [path, text],
  ]);
}

import { Parser as HtmlParser } from 'htmlparser2';
import { loaderName } from '../wiring/plan-chat.ts';

/** A page that is named after a chat has it. */
const chatPage = /\/(?:[\w-]*-)?(?:chat\w*|ask|assistant|tutor|bot)(?:-[\w-]*)?(?:\/|\.html|$)/i;

/** Pages of the same site that a page links to: one of a chat first, then those of the documentation. */
export function linkedUrls({ html, url }: { html: string; url: string }): string[] {
  const links = [...html.matchAll(/<a\b[^>]*?\shref=["']?([^"'\s>#?]+)/gi)].flatMap(([, href = '']) =>
    URL.canParse(href, url) ? [new URL(href, url)] : [],
  );
  const pages = links.filter(({ origin, pathname, href }) => {
    const isPage = !/\.(?!html$)\w+$/.test(pathname);
    return origin === new URL(url).origin && isPage && href !== url;
  });
  const rank = ({ pathname }: URL): number =>
    chatPage.test(pathname) ? 0 : /\/docs?\//.test(pathname) ? 1 : 2;
  return [...new Set(pages.toSorted((a, b) => rank(a) - rank(b)).map(({ href }) => href))];
}

const bookPage = /\/(?:docs?|blog|tags?|search|404(?:\.html)?)(?:\/|$)/;

/**
 * The pages of a Docusaurus site beside its book and blog, by the routes in its scripts: one of a chat first. A page that
 * nothing links to may have the site's chat.
 */
export function routeUrls({ url, scripts }: { url: string; scripts: readonly { text: string }[] }): string[] {
  const routes = scripts.flatMap(({ text }) => [
    ...text.matchAll(/\bpath:\s*["'`](\/[\w./-]*)["'`],\s*component:/g),
  ]);
  const paths = new Set(routes.map(([, path = '']) => path));
  const own = [...paths].filter((path) => !bookPage.test(path) && new URL(path, url).href !== url);
  return own
    .toSorted((a, b) => Number(chatPage.test(b)) - Number(chatPage.test(a)) || a.length - b.length)
    .map((path) => new URL(path, url).href);
}

/** Pages of the same site that a page shows in a frame, by its markup or by its scripts. */
export function framedUrls({
  html,
  url,
  scripts,
}: {
  html: string;
  url: string;
  scripts: readonly { text: string }[];
}): string[] {
  const inMarkup = [...html.matchAll(/<iframe\b[^>]*?\ssrc=["']?([^"'\s>#?]+)/gi)];
  const inScripts = scripts.flatMap(({ text }) => [
    ...text.matchAll(/["'`]iframe["'`]\s*,\s*\{[^{}]*?\bsrc:\s*(?:\([^)]*\)\()?["'`]([^"'`#?]+)/g),
  ]);
  const urls = [...inMarkup, ...inScripts].flatMap(([, source = '']) =>
    URL.canParse(source, url) ? [new URL(source, url)] : [],
  );
  const { origin } = new URL(url);
  return [...new Set(urls.filter((frame) => frame.origin === origin).map(({ href }) => href))];
}

/** The scripts that a page loads or preloads from its own origin; each once, in order. */
export function scriptUrls({ html, url }: { html: string; url: string }): string[] {
  const urls: string[] = [];
  for (const [, tag = '', attributes = ''] of html.matchAll(/<(script|link)\b([^>]*)>/gi)) {
    const name = tag.toLowerCase() === 'script' ? 'src' : 'href';
    const value = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(attributes);
    const source = value?.[1] ?? value?.[2] ?? value?.[3];
    if (source === undefined || source === '') continue;
    const absolute = new URL(source, url);
    if (absolute.origin !== new URL(url).origin) continue;
    if (tag.toLowerCase() === 'link' && !/\.m?js$/.test(absolute.pathname)) continue;
    urls.push(absolute.href);
  }
  return [...new Set(urls)];
}

/**
 * webpack's table of chunks: `"assets/js/"+({48:"name"}[e]||e)+"."+{48:"hash",812:"hash"}[e]+".js"`. SWC's minifier puts
 * parentheses around the objects.
 */
const chunkTable =
  /"([\w./-]*\/)"\+(?:\(\(?(\{[^{}]*\})\)?\[\w+\]\|\|\w+\)|\w+)\+"([.-])"\+\(?\(?(\{[^{}]*\})\)?\[\w+\]\)?\+"(\.[\w.]*js)"/g;

/** Docusaurus names the chunk of each page by a hash; a chunk that a developer named has a word. */
const pageChunkName = /^[0-9a-f]{8}$/;

/** The chunks that a script loads lazily, without those of Docusaurus's pages. */
export function lazyScriptUrls({ url, text }: PageScript): string[] {
  const imports = [...text.matchAll(/\bimport\(\s*["'`](\.{1,2}\/[\w./-]+\.m?js)["'`]/g)];
  const chunks = chunksIn({ url, text }).filter(({ name }) => !pageChunkName.test(name));
  return [...imports.map(([, path = '']) => new URL(path, url).href), ...chunks.map((chunk) => chunk.url)];
}

type PageScript = { url: string; text: string };

/** What webpack writes in place of a table where there is one chunk only: `r.u=e=>"assets/js/common.4e164676.js"`. */
const onlyChunk = /\.u=\(?\w*\)?=>\s*["'`]([\w./-]*\/)([\w~-]+)([\w~.-]*\.m?js)["'`]/g;

/** The chunks that webpack's table in a script names, and where they are. */
function chunksIn({ url, text }: PageScript): { name: string; url: string }[] {
  const only = [...text.matchAll(onlyChunk)].flatMap(([, folder = '', name = '', end = '']) => {
    const folderAt = url.indexOf(folder);
    return folderAt <= 0 ? [] : [{ name, url: `${url.slice(0, folderAt)}${folder}${name}${end}` }];
  });
  const listed = [...text.matchAll(chunkTable)].flatMap(
    ([, folder = '', names = '', dot = '', hashes = '', end = '']) => {
      const folderAt = url.indexOf(folder);
      if (folderAt <= 0) return [];
      const nameOf = new Map([...names.matchAll(/(\d+):"([^"]*)"/g)].map(([, id, name]) => [id, name]));
      return [...hashes.matchAll(/(\d+):"([\w-]+)"/g)].map(([, id = '', hash = '']) => {
        const name = nameOf.get(id) ?? id;
        return { name, url: `${url.slice(0, folderAt)}${folder}${name}${dot}${hash}${end}` };
      });
    },
  );
  return [...only, ...listed];
}

/** Docusaurus's table of what each page is made of: `"/chat/-5fc":{"__comp":"41e581c4",…}`. */
const routeChunks = /["'](\/[^"'\s]*)-[0-9a-f]{3}["']:(\{["']?__comp\b(?:[^{}]|\{[^{}]*\})*\})/g;

/** The chunks that a Docusaurus page is made of: its HTML names only those that every page has. */
export function ownScriptUrls({ url, scripts }: { url: string; scripts: readonly PageScript[] }): string[] {
  const bare = (path: string): string => path.replace(/\/$/, '');
  const page = bare(new URL(url).pathname);
  const routes = scripts.flatMap(({ text }) => [...text.matchAll(routeChunks)]);
  const names = routes
    .filter(([, path = '']) => bare(path) === page)
    .flatMap(([, , parts = '']) => parts.match(/\b[0-9a-f]{8}\b/g) ?? []);
  const chunks = names.length === 0 ? [] : scripts.flatMap(chunksIn);
  return chunks.filter(({ name }) => names.includes(name)).map((chunk) => chunk.url);
}

/** The line of our own chat in a page: the server that it names, and the loader; null where there is none. */
export function chatLine({
  html,
  url,
}: {
  html: string;
  url: string;
}): { server: string; loader: string } | null {
  let line: { server: string; loader: string } | null = null;
  const parser = new HtmlParser({
    onopentag: (name, { src = '', 'data-server': server }) => {
      if (name !== 'script' || !URL.canParse(src, url)) return;
      const { href, origin, pathname } = new URL(src, url);
      if (pathname.endsWith(`/${loaderName}`)) line = { server: server ?? origin, loader: href };
    },
  });
  parser.end(html);
  return line;
}

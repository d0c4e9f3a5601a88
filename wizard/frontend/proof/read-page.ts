import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http, TextResponse } from '../../clients/http.ts';
import { Failure } from '../../model/failure.ts';

export type DeployedPage = {
  /** Where it was read in the end: a domain may lead to another one. */
  url: string;
  html: string;
  scripts: readonly { url: string; text: string }[];
};

const maxScripts = 40;
const maxLazyScripts = 20;

/**
 * A live page and the scripts that it loads from its own origin, with those that they fetch when they are needed: a
 * chat often comes so.
 *
 * @throws Failure `frontend-protected` when it asks for a login, `frontend-missing` when it is not there; else
 * HttpFailure.
 */
export async function readPage({
  url,
  http,
  signal,
}: {
  url: string;
  http: Http;
  signal: AbortSignal;
}): Promise<DeployedPage> {
  const read = async (one: string): Promise<TextResponse> => {
    const what = 'reading the deployed frontend';
    // A cache between us and the site may hold yesterday's page.
    const headers = { accept: '*/*', 'cache-control': 'no-cache' };
    try {
      return await http.text({ service: 'vercel', what, url: one, headers, signal });
    } catch (error) {
      throw rejectionOf(error, one) ?? error;
    }
  };
  const { text: html, url: at } = await read(url);
  if (isLogin(at)) throw protectedFailure(url, '');
  const urls = scriptUrls({ html, url: at }).slice(0, maxScripts);
  const scripts = await Promise.all(urls.map(async (one) => ({ url: one, text: (await read(one)).text })));
  const known = new Set(urls);
  const later = [...new Set(scripts.flatMap(lazyScriptUrls))].filter((one) => !known.has(one));
  const more = await Promise.all(
    later.slice(0, maxLazyScripts).map(async (one) => ({
      url: one,
      text: await read(one).then(
        ({ text }) => text,
        () => '',
      ),
    })),
  );
  signal.throwIfAborted();
  return { url: at, html, scripts: [...scripts, ...more] };
}

const maxLinkedPages = 2;

/**
 * The page with the scripts of some that it links to: a chat may stand beside the text alone. One that is not there is
 * left out.
 */
export async function withLinkedPages(of: {
  page: DeployedPage;
  http: Http;
  signal: AbortSignal;
}): Promise<DeployedPage> {
  const { page, ...rest } = of;
  const urls = linkedUrls(page).slice(0, maxLinkedPages);
  const linked = await Promise.all(urls.map((url) => readPage({ url, ...rest }).catch(() => null)));
  of.signal.throwIfAborted();
  const scripts = [page, ...linked].flatMap((one) => one?.scripts ?? []);
  return { ...page, scripts: [...new Map(scripts.map((one) => [one.url, one])).values()] };
}

/** Pages of the same site, those of the documentation first. */
export function linkedUrls({ html, url }: Pick<DeployedPage, 'html' | 'url'>): string[] {
  const found = [...html.matchAll(/<a\b[^>]*?\shref=["']?([^"'\s>#?]+)/gi)].flatMap(([, href = '']) =>
    URL.canParse(href, url) ? [new URL(href, url)] : [],
  );
  const own = found.filter(({ origin, pathname, href }) => {
    const isPage = !/\.(?!html$)\w+$/.test(pathname);
    return origin === new URL(url).origin && isPage && href !== url;
  });
  const isDocs = ({ pathname }: URL): number => (/\/docs?\//.test(pathname) ? 0 : 1);
  return [...new Set(own.toSorted((a, b) => isDocs(a) - isDocs(b)).map(({ href }) => href))];
}

/** Sources of the page's scripts, and scripts it preloads, on its own origin; each once, in order. */
export function scriptUrls({ html, url }: { html: string; url: string }): string[] {
  const found: string[] = [];
  for (const [, tag = '', attributes = ''] of html.matchAll(/<(script|link)\b([^>]*)>/gi)) {
    const name = tag.toLowerCase() === 'script' ? 'src' : 'href';
    const value = new RegExp(`\\b${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i').exec(attributes);
    const source = value?.[1] ?? value?.[2] ?? value?.[3];
    if (source === undefined || source === '') continue;
    const absolute = new URL(source, url);
    if (absolute.origin !== new URL(url).origin) continue;
    if (tag.toLowerCase() === 'link' && !/\.m?js$/.test(absolute.pathname)) continue;
    found.push(absolute.href);
  }
  return [...new Set(found)];
}

/** webpack’s table of chunks: `"assets/js/"+({48:"name"}[e]||e)+"."+{48:"hash",812:"hash"}[e]+".js"`. */
const chunkTable =
  /"([\w./-]*\/)"\+(?:\((\{[^{}]*\})\[\w+\]\|\|\w+\)|\w+)\+"([.-])"\+\(?(\{[^{}]*\})\[\w+\]\)?\+"(\.[\w.]*js)"/g;

/** Docusaurus names the chunks of its pages, each a page's text, by a hash; a person names one by a word. */
const pageChunkName = /^[0-9a-f]{8}$/;

/** Chunks that a script fetches later, without those of Docusaurus's pages. */
export function lazyScriptUrls({ url, text }: { url: string; text: string }): string[] {
  const imported = [...text.matchAll(/\bimport\(\s*["'`](\.{1,2}\/[\w./-]+\.m?js)["'`]/g)];
  const found = imported.map(([, path = '']) => new URL(path, url).href);
  for (const [, folder = '', names = '', dot = '', hashes = '', end = ''] of text.matchAll(chunkTable)) {
    const at = url.indexOf(folder);
    const named = new Map([...names.matchAll(/(\d+):"([^"]*)"/g)].map(([, id, name]) => [id, name]));
    for (const [, id = '', hash = ''] of hashes.matchAll(/(\d+):"([\w-]+)"/g)) {
      const name = named.get(id) ?? id;
      if (at > 0 && !pageChunkName.test(name))
        found.push(`${url.slice(0, at)}${folder}${name}${dot}${hash}${end}`);
    }
  }
  return found;
}

/** A page needs no key, so a refusal is no verdict on one. */
function rejectionOf(error: unknown, url: string): Failure | null {
  if (!(error instanceof HttpFailure)) return null;
  if (error.status === 401 || error.status === 403) return protectedFailure(url, ` (${error.status})`);
  if (error.status !== 404) return null;
  return new Failure({
    code: 'frontend-missing',
    service: 'vercel',
    message: `There is no page at ${url} (404).`,
    remedy: 'Look at the project’s newest production deployment on Vercel, then run again.',
  });
}

/** Vercel sends a browser there that is to say who it is. */
const isLogin = (url: string): boolean => /^https:\/\/(?:[\w-]+\.)?vercel\.com\//.test(url);

function protectedFailure(url: string, how: string): Failure {
  return new Failure({
    code: 'frontend-protected',
    service: 'vercel',
    message: `${url} asks for a login${how}, so readers do not get to the book.`,
    remedy:
      'Turn off Deployment Protection for production in the project’s settings on Vercel, then run again.',
  });
}

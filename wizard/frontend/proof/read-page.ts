import { inlineScripts } from '../../../javascript/inline-scripts.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Http, TextResponse } from '../../clients/http.ts';
import { Failure } from '../../model/failure.ts';
import { framedUrls, lazyScriptUrls, linkedUrls, ownScriptUrls, routeUrls, scriptUrls } from './page-urls.ts';

export type DeployedPage = {
  /** Where it was read in the end: a domain may redirect to another. */
  url: string;
  html: string;
  scripts: readonly { url: string; text: string }[];
};

const maxScripts = 40;
const maxLazyScripts = 20;

type PageRequest = { url: string; http: Http; signal: AbortSignal };
/** The scripts that were read before, by address: a site's pages share most of them. */
type ReadScripts = Map<string, Promise<string>>;

/**
 * Downloads a live page, the scripts that it loads from its own origin, and the chunks that those load lazily: a chat
 * is often one of them.
 *
 * @throws Failure `frontend-protected` when it asks for a login, `frontend-missing` when it does not exist; else
 * HttpFailure.
 */
export async function readPage({
  url,
  http,
  signal,
  cache = new Map(),
}: PageRequest & { cache?: ReadScripts }): Promise<DeployedPage> {
  const read = async (script: string): Promise<string> => {
    const text = cache.get(script) ?? readText({ url: script, http, signal }).then((reply) => reply.text);
    cache.set(script, text);
    return text;
  };
  const { text: html, url: finalUrl } = await readText({ url, http, signal });
  if (isVercelLogin(finalUrl)) throw protectedFailure(url, '');
  const urls = scriptUrls({ html, url: finalUrl }).slice(0, maxScripts);
  const scripts = await Promise.all(urls.map(async (script) => ({ url: script, text: await read(script) })));
  const loaded = new Set(urls);
  const later = [...ownScriptUrls({ url: finalUrl, scripts }), ...scripts.flatMap(lazyScriptUrls)];
  const lazyUrls = [...new Set(later)].filter((script) => !loaded.has(script));
  const lazyScripts = await Promise.all(
    lazyUrls.slice(0, maxLazyScripts).map(async (script) => ({
      url: script,
      text: await read(script).catch(() => ''),
    })),
  );
  signal.throwIfAborted();
  return { url: finalUrl, html, scripts: [...scripts, ...lazyScripts] };
}

async function readText({ url, http, signal }: PageRequest): Promise<TextResponse> {
  const what = 'reading the deployed frontend';
  // A cache on the way may still have the page of before.
  const headers = { accept: '*/*', 'cache-control': 'no-cache' };
  try {
    return await http.text({ service: 'vercel', what, url, headers, signal });
  } catch (error) {
    throw pageFailure(error, url) ?? error;
  }
}

const maxLinkedPages = 2;
const maxRoutes = 6;
const maxFrames = 3;

/**
 * The page with the scripts of the pages that it frames, of some that it links to, and of those that the site has beside
 * its book: a chat may be in a frame, on the book's pages only, or on a page of its own. A page that cannot be read is
 * left out.
 */
export async function withLinkedPages({
  page,
  http,
  signal,
}: {
  page: DeployedPage;
  http: Http;
  signal: AbortSignal;
}): Promise<DeployedPage> {
  const cache: ReadScripts = new Map(page.scripts.map(({ url, text }) => [url, Promise.resolve(text)]));
  const readAll = (urls: readonly string[]): Promise<(DeployedPage | null)[]> =>
    Promise.all(urls.map((url) => readPage({ url, http, signal, cache }).catch(() => null)));
  const beside = [...linkedUrls(page).slice(0, maxLinkedPages), ...routeUrls(page).slice(0, maxRoutes)];
  const linked = await readAll([...new Set(beside)]);
  const framing = [page, ...linked].flatMap((read) => (read === null ? [] : framedUrls(read)));
  const frames = await readAll([...new Set(framing)].slice(0, maxFrames));
  signal.throwIfAborted();
  const inline = frames.flatMap((read) =>
    read === null ? [] : [{ url: read.url, text: inlineScripts(read.html) }],
  );
  const scripts = [...[page, ...linked, ...frames].flatMap((read) => read?.scripts ?? []), ...inline];
  return { ...page, scripts: [...new Map(scripts.map((script) => [script.url, script])).values()] };
}

/** No credential is sent to a page, so a 401 says nothing about one. */
function pageFailure(error: unknown, url: string): Failure | null {
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

/** Vercel redirects a browser there to sign in. */
const isVercelLogin = (url: string): boolean => /^https:\/\/(?:[\w-]+\.)?vercel\.com\//.test(url);

function protectedFailure(url: string, status: string): Failure {
  return new Failure({
    code: 'frontend-protected',
    service: 'vercel',
    message: `${url} asks for a login${status}, so readers cannot reach the book.`,
    remedy:
      'Turn off Deployment Protection for production in the project’s settings on Vercel, then run again.',
  });
}

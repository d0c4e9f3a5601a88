import type { Http } from '../clients/http.ts';

export type Page = {
  url: string;
  html: string;
  scripts: readonly { url: string; text: string }[];
};

const mostScripts = 40;

/** A live page and the scripts that it loads from its own origin. Throws HttpFailure. */
export async function readPage({
  origin,
  http,
  signal,
}: {
  origin: string;
  http: Http;
  signal: AbortSignal;
}): Promise<Page> {
  const read = async (url: string): Promise<string> => {
    const what = 'reading the deployed frontend';
    // A cache between us and the site may hold yesterday's page.
    const headers = { accept: '*/*', 'cache-control': 'no-cache' };
    return (await http.text({ service: 'vercel', what, url, headers, signal })).text;
  };
  const url = `${origin}/`;
  const html = await read(url);
  const urls = scriptUrls({ html, url }).slice(0, mostScripts);
  const scripts = await Promise.all(urls.map(async (one) => ({ url: one, text: await read(one) })));
  return { url, html, scripts };
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

import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readSitemap } from '../crawl/sitemap.ts';
import { createSiteFetcher, type SiteFetcherOptions } from '../crawl/site-fetcher.ts';

/** The pages that a site shows: a build of it in a folder, or its live pages. */
export type BuiltSite = {
  /** For messages: the folder, or the address. */
  name: string;
  /** The HTML at a path of the site; null when there is no such page. Throws ServerFailure for a live site. */
  read(path: string, options: { signal: AbortSignal }): Promise<string | null>;
  /** The paths of all pages, as a browser shows them. */
  paths(options: { signal: AbortSignal }): Promise<string[]>;
};

/** A folder that `docusaurus build` wrote; `baseUrl` is the site's, which the folder's paths leave out. */
export function buildFolder(dir: string, baseUrl: string): BuiltSite {
  return {
    name: dir,
    read: async (path) => {
      // `/a` is built as `a/index.html` or `a.html`, depending on `trailingSlash`.
      const bare = path.slice(baseUrl.length - 1).replace(/\/$/, '');
      for (const file of [`${bare}/index.html`, `${bare}.html`]) {
        const html = await readFile(join(dir, file), 'utf8').catch(() => null);
        if (html !== null) return html;
      }
      return null;
    },
    paths: async () => {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile() && entry.name.endsWith('.html') && entry.name !== '404.html')
        .map(({ parentPath, name }) => relative(dir, join(parentPath, name)).replaceAll('\\', '/'))
        .map((file) => `${baseUrl}${file.replace(/(?:(?<=^|\/)index)?\.html$/, '')}`)
        .sort();
    },
  };
}

const maxPageBytes = 10_000_000;

/** The live pages of a site, by its address or that of its sitemap. */
export function liveSite({ address, ...tools }: SiteFetcherOptions & { address: URL }): BuiltSite {
  const fetchFromSite = createSiteFetcher(tools);
  return {
    name: address.href,
    read: async (path, { signal }) => {
      const url = new URL(encodeURI(path), address);
      const response = await fetchFromSite({ url, maxBytes: maxPageBytes, signal });
      return response.type === 'text' && /\bhtml\b/.test(response.contentType) ? response.text : null;
    },
    paths: async ({ signal }) => {
      const { pages } = await readSitemap({ address, fetchFromSite, signal });
      return pages.map(({ pathname }) => decodeURI(pathname));
    },
  };
}

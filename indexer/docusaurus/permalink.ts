/**
 * The URL that Docusaurus gives a page: the rules of @docusaurus/plugin-content-docs 3.10 (slug, number prefixes,
 * category index) and of @docusaurus/utils (URLs).
 */

export type PageFrontMatter = { id?: string; slug?: string; parse_number_prefixes?: boolean };

/** Dates and versions (`2021-11-foo`, `7.0-foo`) are no number prefixes. */
const ignoredPrefix = /^\d+[-_.]\d+/;
const numberPrefix = /^(\d+)\s*[-_.]+\s*([^-_.\s].*)$/;

/** `02-wiring` → name `wiring`, number 2. */
export function splitNumberPrefix(name: string): { name: string; number: number | null } {
  const match = ignoredPrefix.test(name) ? null : numberPrefix.exec(name);
  return match ? { name: match[2] as string, number: Number(match[1]) } : { name, number: null };
}

/** The page's name without its folder: its `id`, else the file's name without extension and number prefix. */
export function baseIdOf(request: {
  file: string;
  frontMatter: PageFrontMatter;
  numberPrefixes: boolean;
}): string {
  const { file, frontMatter, numberPrefixes } = request;
  const bare = fileName(file);
  if (frontMatter.id !== undefined) return frontMatter.id;
  return numberPrefixes && frontMatter.parse_number_prefixes !== false ? splitNumberPrefix(bare).name : bare;
}

/**
 * The page's path on the site, not percent-encoded. `file` is relative to the docs folder, with forward slashes;
 * `routeBase` contains base URL, route and version.
 */
export function permalinkOf(request: {
  file: string;
  frontMatter: PageFrontMatter;
  routeBase: string;
  numberPrefixes: boolean;
  trailingSlash: boolean | null;
  baseUrl: string;
}): string {
  const path = joinPath(request.routeBase, slugOf(request));
  return withTrailingSlash(path, request);
}

/** The page's id in sidebars: its folders without their number prefixes, then its own name. */
export function docIdOf(request: {
  file: string;
  frontMatter: PageFrontMatter;
  numberPrefixes: boolean;
}): string {
  return `${foldersOf(request)}${baseIdOf(request)}`;
}

function foldersOf(request: { file: string; frontMatter: PageFrontMatter; numberPrefixes: boolean }): string {
  const { file, frontMatter, numberPrefixes } = request;
  const strip = numberPrefixes && frontMatter.parse_number_prefixes !== false;
  return file
    .split('/')
    .slice(0, -1)
    .map((dir) => `${strip ? splitNumberPrefix(dir).name : dir}/`)
    .join('');
}

function slugOf(request: { file: string; frontMatter: PageFrontMatter; numberPrefixes: boolean }): string {
  const { file, frontMatter } = request;
  const { slug } = frontMatter;
  if (slug?.startsWith('/')) return slug;
  const folder = foldersOf(request);
  if (!slug && isCategoryIndex(file)) return `/${folder}`;
  return resolvePath(slug ?? baseIdOf(request), `/${folder}`);
}

/** Whether the page is the index of its folder: `index`, `readme` or the folder's own name, number prefix included. */
export function isCategoryIndex(file: string): boolean {
  const folder = file.split('/').at(-2);
  const lower = fileName(file).toLowerCase();
  return lower === 'index' || lower === 'readme' || lower === folder?.toLowerCase();
}

function fileName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
}

/** Resolves `./a`, `../a` and `a` against a folder with a trailing slash, as a browser resolves a link. */
function resolvePath(path: string, folder: string): string {
  const resolved: string[] = [];
  const parts = [...folder.split('/').slice(0, -1), ...path.split('/')];
  for (const part of parts.slice(1)) {
    if (part === '..') resolved.pop();
    else if (part !== '.') resolved.push(part);
  }
  const isFolder = ['.', '..'].includes(parts.at(-1) ?? '') && resolved.length > 0;
  return `/${resolved.join('/')}${isFolder ? '/' : ''}`;
}

/** Joins URL path segments; the result begins with a slash and has no double ones. */
export function joinPath(...parts: string[]): string {
  return `/${parts.join('/')}`.replaceAll(/\/{2,}/g, '/');
}

/** Null leaves the path as it is; the base URL always keeps its slash. */
function withTrailingSlash(
  path: string,
  { trailingSlash, baseUrl }: { trailingSlash: boolean | null; baseUrl: string },
): string {
  if (trailingSlash === null || path === '/' || path === baseUrl) return path;
  if (trailingSlash) return path.endsWith('/') ? path : `${path}/`;
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

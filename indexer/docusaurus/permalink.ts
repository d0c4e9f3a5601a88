/**
 * Where Docusaurus puts a page: the rules of @docusaurus/plugin-content-docs 3.10 (slug, number prefixes,
 * category index) and of @docusaurus/utils (URLs). All pure.
 */

export type PageFrontMatter = { id?: string; slug?: string; parse_number_prefixes?: boolean };

/** Dates and versions (`2021-11-foo`, `7.0-foo`) are not taken for a number prefix. */
const ignoredPrefix = /^\d+[-_.]\d+/;
const numberPrefix = /^(\d+)\s*[-_.]+\s*([^-_.\s].*)$/;

/** `02-wiring` → name `wiring`, number 2. */
export function splitNumberPrefix(name: string): { name: string; number: number | null } {
  const match = ignoredPrefix.test(name) ? null : numberPrefix.exec(name);
  return match ? { name: match[2] as string, number: Number(match[1]) } : { name, number: null };
}

/** The page's name without folder: its `id`, else its file's name without extension and number prefix. */
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
 * The page's path on the site, as a browser shows it before encoding.
 * `file` is relative to the docs folder, with forward slashes; `routeBase` holds base URL, route and version.
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

/** The page's name in sidebars: its folders, without their number prefixes, and its own. */
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

/** `index`, `readme` or the folder's own name stand for the folder. The names are compared with their prefixes. */
export function isCategoryIndex(file: string): boolean {
  const folder = file.split('/').at(-2);
  const lower = fileName(file).toLowerCase();
  return lower === 'index' || lower === 'readme' || lower === folder?.toLowerCase();
}

function fileName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
}

/** As a browser resolves a link: `./a`, `../a` and `a` against a folder that ends with a slash. */
function resolvePath(path: string, folder: string): string {
  const kept: string[] = [];
  const parts = [...folder.split('/').slice(0, -1), ...path.split('/')];
  for (const part of parts.slice(1)) {
    if (part === '..') kept.pop();
    else if (part !== '.') kept.push(part);
  }
  const isFolder = ['.', '..'].includes(parts.at(-1) ?? '') && kept.length > 0;
  return `/${kept.join('/')}${isFolder ? '/' : ''}`;
}

export function joinPath(...parts: string[]): string {
  return `/${parts.join('/')}`.replaceAll(/\/{2,}/g, '/');
}

/** Null keeps the path as it is; the base URL itself keeps its slash always. */
function withTrailingSlash(
  path: string,
  { trailingSlash, baseUrl }: { trailingSlash: boolean | null; baseUrl: string },
): string {
  if (trailingSlash === null || path === '/' || path === baseUrl) return path;
  if (trailingSlash) return path.endsWith('/') ? path : `${path}/`;
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

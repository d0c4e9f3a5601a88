import { Parser as HtmlParser } from 'htmlparser2';
import { scopesOf, type Scopes } from './scopes.ts';
import { parseBundle, parseScript, type Node } from './parse.ts';

/** Texts of a project by path, with `/` in the paths. */
export type ProjectFiles = ReadonlyMap<string, string>;

/** A line of the person's own code. `line` is 1-based; `text` is trimmed. */
export type SourceLocation = { file: string; line: number; text: string };

export type SourceFile = {
  path: string;
  text: string;
  program: Node;
  scopes: Scopes;
  /** Runs when the site is built, not in a reader's browser. */
  isConfig: boolean;
};

const scriptPath = /\.(?:[cm]?[jt]sx?|mdx|html)$/;
const buildConfigPath =
  /(?:^|\/)(?:docusaurus|vite|next|craco|webpack|gatsby|nuxt|svelte|astro)[.-]config[\w.-]*\.[cm]?[jt]s$|plugin[\w.-]*\.[cm]?[jt]s$|^plugins\//;
/** Code that never runs in a reader’s browser: what Vercel runs as functions, other packages’ servers, tests. */
const nonBrowserPath =
  /^(?:(?:packages|apps)\/[^/]+\/)?(?:backend|server|scripts|api|functions)\/|(?:^|\/)(?:pages|app)\/(?:.*\/)?api\/|(?:^|\/)(?:tests?|__tests__|node_modules|e2e|cypress)\//;

/** Copied into the site as they are: no variable of a build gets there. */
export const isServedAsIs = (path: string): boolean => /^(?:static|public)\//.test(path);

/** The scripts of a project that can be read as such. */
export function parseScripts(files: ProjectFiles): SourceFile[] {
  return [...files]
    .filter(([path]) => scriptPath.test(path) && !/\.(?:test|spec|stories|d)\.[cm]?[jt]sx?$/.test(path))
    .filter(([path]) => buildConfigPath.test(path) || !nonBrowserPath.test(path))
    .flatMap(([path, text]) => parseSourceFile(path, text) ?? []);
}

/**
 * Null where there is no script in it. Offsets of its nodes are those of the text. `isBuilt` is for what a bundler made:
 * one line, of which nothing may be left out.
 */
export function parseSourceFile(path: string, text: string, { isBuilt = false } = {}): SourceFile | null {
  const program = isBuilt ? parseBundle(text) : programIn(path, text);
  if (program === null) return null;
  return { path, text, program, scopes: scopesOf(program), isConfig: buildConfigPath.test(path) };
}

/** Whether a script can be read to its end, every line of it. */
export function parsesCompletely(path: string, text: string): boolean {
  return parseScript(text, { isTyped: /\.[cm]?ts$/.test(path), repairs: 0 }) !== null;
}

function programIn(path: string, text: string): Node | null {
  if (path.endsWith('.html')) return parseScript(scriptsInPage(text));
  if (path.endsWith('.mdx')) return parseScript(scriptInMarkdown(text));
  return parseScript(text, { isTyped: /\.[cm]?ts$/.test(path) });
}

/** A page’s own scripts, and blanks in place of all else. */
export function scriptsInPage(html: string): string {
  const ranges: { start: number; end: number }[] = [];
  let isScript = false;
  const parser = new HtmlParser({
    onopentag: (name, { type = '' }) => {
      isScript = name === 'script' && /^$|javascript|module|babel/.test(type);
    },
    ontext: (text) => {
      if (isScript) ranges.push({ start: parser.startIndex, end: parser.startIndex + text.length });
    },
    onclosetag: () => {
      isScript = false;
    },
  });
  parser.end(html);
  return blankExcept(html, ranges);
}

/** Imports, exports and elements of a Markdown page with scripts, each a paragraph of its own. */
function scriptInMarkdown(text: string): string {
  const bare = text.replaceAll(/^([`~]{3,})[^\n]*\n[\s\S]*?^\1[`~]*[ \t]*$|`[^`\n]+`/gm, (sample) =>
    sample.replaceAll(/[^\n]/g, ' '),
  );
  const paragraphs = [
    ...bare.matchAll(/(?<=^|\n[ \t]*\n)(?:import\b|export\b|<[A-Z])[\s\S]*?(?=\n[ \t]*\n|$)/g),
  ];
  return blankExcept(
    bare,
    paragraphs.map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
  );
}

/** These ranges as statements, and blanks in place of all else. */
function blankExcept(text: string, ranges: readonly { start: number; end: number }[]): string {
  let out = '';
  for (const { start, end } of ranges) {
    const gap = ' '.repeat(start - out.length);
    out += (out === '' ? gap : gap.replace(' ', ';')) + text.slice(start, end);
  }
  return out;
}

export function locationAt(file: SourceFile, offset: number): SourceLocation {
  const line = file.text.slice(0, offset).split('\n').length;
  return { file: file.path, line, text: (file.text.split('\n')[line - 1] ?? '').trim().slice(0, 200) };
}

import { syntaxOf, type Range } from './syntax.ts';

/** Texts of a project by path, with `/` in the paths. */
export type Files = ReadonlyMap<string, string>;

/** A line of the person's own code. `line` is 1-based; `text` is trimmed. */
export type Place = { file: string; line: number; text: string };

export type SourceFile = {
  path: string;
  text: string;
  /** The text with its comments as blanks. */
  code: string;
  /** Where its strings are; null where it could not be parsed. */
  texts: readonly Range[] | null;
};

const scripts = /\.(?:[cm]?[jt]sx?|mdx|html)$/;
const settings =
  /(?:^|\/)(?:docusaurus|vite|next|craco|webpack|gatsby|nuxt|svelte|astro)[.-]config[\w.-]*\.[cm]?[jt]s$|plugin[\w.-]*\.[cm]?[jt]s$|^plugins\//;
/** Code that never runs in a reader’s browser. */
const elsewhere =
  /(?:^|\/)(?:backend|server|scripts|tests?|__tests__|node_modules|api|functions|e2e|cypress)\//;

/** Scripts with their comments blanked out; `isConfig` tells those that run when the site is built. */
export function scriptsOf(files: Files): (SourceFile & { isConfig: boolean })[] {
  return [...files]
    .filter(([path]) => scripts.test(path) && !/\.(?:test|spec|d)\.[cm]?[jt]sx?$/.test(path))
    .map(([path, text]) => ({ path, text, ...read(path, text), isConfig: settings.test(path) }))
    .filter(({ path, isConfig }) => isConfig || !elsewhere.test(path));
}

function read(path: string, text: string): Pick<SourceFile, 'code' | 'texts'> {
  const syntax = syntaxOf(path, text);
  if (syntax !== null) return { code: blanked(text, syntax.comments), texts: syntax.texts };
  return { code: withoutComments(path.endsWith('.mdx') ? withoutSamples(text) : text), texts: null };
}

/** Whether a character of a file stands within one of its strings. */
export function isInText({ texts }: SourceFile, at: number): boolean {
  return texts?.some(({ start, end }) => start < at && at < end - 1) === true;
}

function blanked(text: string, ranges: readonly Range[]): string {
  let out = '';
  let from = 0;
  for (const { start, end } of ranges) {
    out += text.slice(from, start) + text.slice(start, end).replaceAll(/[^\n]/g, ' ');
    from = end;
  }
  return out + text.slice(from);
}

/** A page's code samples are to be read, not run. */
function withoutSamples(text: string): string {
  return text.replaceAll(/^([`~]{3,})[^\n]*\n[\s\S]*?^\1[`~]*[ \t]*$|`[^`\n]+`/gm, (sample) =>
    sample.replaceAll(/[^\n]/g, ' '),
  );
}

export function placeAt(file: SourceFile, offset: number): Place {
  const line = file.text.slice(0, offset).split('\n').length;
  return { file: file.path, line, text: (file.text.split('\n')[line - 1] ?? '').trim().slice(0, 200) };
}

/** For what no parser takes. Comments as blanks, so that every offset and line stays. Strings and regular expressions are left alone. */
export function withoutComments(text: string): string {
  const token =
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(?<![:\w])\/\/[^\n]*|(?<=[(,=:[!&|?{};]\s{0,4}|return\s)\/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/g;
  return text.replaceAll(token, (found) =>
    /^(?:\/\/|\/\*|<!--)/.test(found) ? found.replaceAll(/[^\n]/g, ' ') : found,
  );
}

/** Texts of a project by path, with `/` in the paths. */
export type Files = ReadonlyMap<string, string>;

/** A line of the person's own code. `line` is 1-based; `text` is trimmed. */
export type Place = { file: string; line: number; text: string };

export type SourceFile = { path: string; text: string; code: string };

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
    .map(([path, text]) => ({ path, text, code: withoutComments(text), isConfig: settings.test(path) }))
    .filter(({ path, isConfig }) => isConfig || !elsewhere.test(path));
}

export function placeAt(file: SourceFile, offset: number): Place {
  const line = file.text.slice(0, offset).split('\n').length;
  return { file: file.path, line, text: (file.text.split('\n')[line - 1] ?? '').trim().slice(0, 200) };
}

/** Comments as blanks, so that every offset and line stays. Strings and regular expressions are left alone. */
export function withoutComments(text: string): string {
  const token =
    /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->|(?<![:\w])\/\/[^\n]*|(?<=[(,=:[!&|?{};]\s{0,4}|return\s)\/(?![/*\s])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/g;
  return text.replaceAll(token, (found) =>
    /^(?:\/\/|\/\*|<!--)/.test(found) ? found.replaceAll(/[^\n]/g, ' ') : found,
  );
}

import { placeAt, type Place, type SourceFile } from './source.ts';

/** What the code does with an address: the path that it appends, and whether it asks a server there. */
export type Use = { path: string; place: Place };

const requests = String.raw`(?:fetch|axios(?:\.\w+)?|\.(?:post|get|request)|EventSource|WebSocket|useSWR|\.open)`;
const mostSteps = 5;
/** An address goes by a few names; who follows `.name` or `.path` through a whole project never ends. */
const mostNames = 24;

/**
 * Where an address ends up: followed from name to name through the project until a path is appended to it or a
 * request is made with it. Regular expressions over the code without its comments: what they miss, the person is
 * asked.
 */
export function usesOf(
  sources: readonly SourceFile[],
  from: { file: SourceFile; start: number; end: number },
): Use[] {
  const expression = from.file.code.slice(from.start, from.end);
  const uses = directUses(from.file, escaped(expression), from.start);
  const seen = new Set<string>();
  // A name taken out of an object is its own name.
  const own = /^[\w$]+$/.test(expression) ? [expression] : [];
  let names = [...own, ...boundNames(from.file, from.start)];
  for (let step = 0; step < mostSteps && names.length > 0; step += 1) {
    const next: string[] = [];
    for (const name of names.filter((one) => !seen.has(one))) {
      if (seen.size >= mostNames) return distinct(uses);
      seen.add(name);
      const property = name.startsWith('.');
      const pattern = property
        ? String.raw`[\w$]+(?:\??\.[\w$]+)*\??${escaped(name)}(?![\w$])`
        : String.raw`(?<![\w$.'"\-/])${escaped(name)}(?![\w$'"\-])(?:\(\))?`;
      const files = property ? sources : sources.filter((one) => knows(one, name, from.file));
      if (!property) next.push(...importedAs(sources, name, from.file));
      for (const file of files.filter(({ code }) => code.includes(name))) {
        uses.push(...directUses(file, pattern));
        next.push(...rebound(file, pattern));
      }
    }
    names = next;
  }
  return distinct(uses);
}

/** Only its own file, and those that import the name. */
function knows(file: SourceFile, name: string, home: SourceFile): boolean {
  if (file.path === home.path) return true;
  if (!file.code.includes(name)) return false;
  return (
    new RegExp(
      String.raw`\b(?:import|require)\b[^;]*?(?<![\w$])${escaped(name)}(?![\w$])|\b${escaped(name)}\b[^;]*?=\s*require`,
    ).test(file.code) || new RegExp(String.raw`[({,]\s*${escaped(name)}\s*[,})=:]`).test(file.code)
  );
}

/** Other files' names for it: `import { name as other }`, and the one that a default export is given. */
function importedAs(sources: readonly SourceFile[], name: string, home: SourceFile): string[] {
  const isDefault = new RegExp(String.raw`\bexport\s+default\s+${escaped(name)}\b`).test(home.code);
  const [stem = ''] =
    home.path
      .replace(/\/index\.\w+$/, '')
      .split('/')
      .at(-1)
      ?.split('.') ?? [];
  const form = isDefault
    ? String.raw`import\s+([\w$]+)[^;'"]*['"](?:[^'"]*/)?${escaped(stem)}(?:\.\w+)?['"]`
    : String.raw`import\s*\{[^}]*(?<![\w$])${escaped(name)}\s+as\s+([\w$]+)`;
  const known = isDefault ? sources : sources.filter(({ code }) => code.includes(name));
  return known.flatMap((file) => [...file.code.matchAll(new RegExp(form, 'g'))].map((one) => one[1] ?? ''));
}

function directUses(file: SourceFile, expression: string, at?: number): Use[] {
  const tidied = String.raw`(?:\s*(?:\|\||\?\?)\s*[^\n;,)}]{0,120})?\)*(?:\s*(?:as|satisfies)\s+\w+)?\)*(?:\.(?:replace|trim|toString)\([^)]*\))*`;
  const forms = [
    // `${BASE}/chat`
    String.raw`\$\{\s*\(*${expression}${tidied}\s*\}(?<path>[^\`$?#\s]*)`,
    // BASE + '/chat'
    String.raw`\(*${expression}${tidied}\s*\+\s*['"\`](?<path>[^'"\`$?#]*)`,
    // BASE.concat('/chat')
    String.raw`${expression}\.concat\(\s*['"\`](?<path>[^'"\`$?#]*)`,
    // new URL('/chat', BASE)
    String.raw`new URL\(\s*['"\`](?<path>[^'"\`$?#]*)['"\`]\s*,\s*${expression}`,
    // fetch(BASE, …)
    String.raw`${requests}\(\s*(?:['"](?:GET|POST)['"]\s*,\s*)?\(*${expression}${tidied}\s*[,)](?<path>)`,
    // [BASE, '/chat'].join('')
    String.raw`\[\s*${expression}\s*,\s*['"\`](?<path>[^'"\`]*)`,
  ];
  const found = forms.flatMap((form) =>
    [...file.code.matchAll(new RegExp(form, 'g'))]
      .filter(({ index, 0: whole }) => at === undefined || (index <= at && at <= index + whole.length))
      .map((match) => ({ path: match.groups?.['path'] ?? '', index: match.index })),
  );
  const client = new RegExp(String.raw`baseURL\s*:\s*${expression}`).exec(file.code);
  if (client !== null) {
    for (const { 1: path = '', index } of file.code.matchAll(
      /\.(?:post|get|request)\(\s*['"`](\/?[^'"`$?#]*)/g,
    ))
      found.push({ path, index });
  }
  return found
    .filter(({ index }) => !/console\.\w+\([^)]*$/.test(file.code.slice(Math.max(0, index - 80), index)))
    .map(({ path, index }) => ({
      path: path.startsWith('/') || path === '' ? path : `/${path}`,
      place: placeAt(file, index),
    }));
}

/** Names that the expression at an offset is given to: a constant, a property, or the function that returns it. */
function boundNames(file: SourceFile, offset: number): string[] {
  const before = file.code.slice(Math.max(0, offset - 500), offset);
  const names: string[] = [];
  const constant =
    /(?:const|let|var)\s+([\w$]+)\s*(?::[^=;]+)?=\s*((?:(?!\n\s*(?:const|let|var|function|return|export|import)\b)[^;])*)$/.exec(
      before,
    );
  if (constant !== null && !/=>\s*\{/.test(constant[2] ?? '')) names.push(constant[1] ?? '');
  const first = /(?:const|let|var)\s+\[\s*([\w$]+)[^\]]*\]\s*(?::[^=;]+)?=\s*[^;]*$/.exec(before);
  if (first !== null) names.push(first[1] ?? '');
  const arrow =
    /(?:const|let|var)\s+([\w$]+)\s*=\s*(?:async\s*)?\([^)]*\)[^=;]*=>\s*(?:\{(?:(?!\n\})[\s\S])*)?$/.exec(
      before,
    );
  if (arrow !== null && (/return[^;]*$/.test(before) || !/\{[\s\S]*$/.test(arrow[0])))
    names.push(arrow[1] ?? '');
  const returned = /function\s+([\w$]+)\s*\([^)]*\)[^{]*\{(?:(?!\n\})[\s\S])*return[^;]*$/.exec(before);
  if (returned !== null) names.push(returned[1] ?? '');
  const property = /[{,\n]\s*['"]?([\w$]+)['"]?\s*:\s*[^,;{}\n]*$/.exec(before);
  if (property !== null && constant?.[2]?.includes('{') !== false) names.push(`.${property[1] ?? ''}`);
  const member = /(?:this|window|globalThis)\.([\w$]+)\s*=\s*[^;=\n]*$/.exec(before);
  if (member !== null) names.push(`.${member[1] ?? ''}`);
  // `base = value` of a parameter, or of a class.
  const given =
    /(?:[(,]\s*|[{;}]\s*(?:(?:private|public|protected|readonly|static)\s+)*#?)([\w$]+)\??\s*(?::[^=;{}()]+)?=\s*[^=;{}]*$/.exec(
      before,
    );
  if (given !== null && constant === null) names.push(given[1] ?? '', `.${given[1] ?? ''}`);
  const attribute = /\s([\w$]+)=\{[^{}]*$/.exec(before);
  if (attribute !== null) names.push(attribute[1] ?? '');
  return names.filter((name) => name !== '' && name !== '.');
}

function rebound(file: SourceFile, expression: string): string[] {
  return [...file.code.matchAll(new RegExp(expression, 'g'))].flatMap(({ index }) => boundNames(file, index));
}

function distinct(uses: readonly Use[]): Use[] {
  return [...new Map(uses.map((use) => [`${use.place.file}:${use.place.line}:${use.path}`, use])).values()];
}

export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

import { escaped } from './flow.ts';
import type { Framework } from './names.ts';
import { placeAt, type Place, type SourceFile } from './source.ts';
import type { Read } from './reads.ts';

type Source = SourceFile & { isConfig: boolean };

/** How a read gets its value when the site is built. */
export type Definition =
  /** A variable of the build reaches the browser. */
  | { type: 'variable'; variable: string; place: Place | null }
  /** Somebody wrote the address there. */
  | { type: 'address'; address: string; place: Place; file: SourceFile; start: number }
  /** Nothing gives it one: in the browser it is undefined, or `process` is. */
  | { type: 'nothing' };

const prefixes: Partial<Record<Framework, RegExp>> = {
  'create-react-app': /^REACT_APP_/,
  next: /^NEXT_PUBLIC_/,
};

export function definitionOf(
  read: Read,
  { sources, framework }: { sources: readonly Source[]; framework: Framework },
): Definition {
  const place = placeAt(read.file, read.start);
  const { name } = read;
  const configs = sources.filter(({ isConfig }) => isConfig);
  switch (read.kind) {
    case 'written-in':
      return { type: 'address', address: name, place, file: read.file, start: read.start };
    case 'same-origin':
      return { type: 'nothing' };
    case 'process-env': {
      const isPublic = prefixes[framework]?.test(name) === true;
      const definer = isPublic ? null : definedIn(configs, name);
      const isFilled = read.isTakenApart !== true || framework === 'create-react-app';
      if (isFilled && (isPublic || definer !== null))
        return { type: 'variable', variable: name, place: definer };
      return { type: 'nothing' };
    }
    case 'import-meta-env': {
      const prefix =
        configs.map(({ code }) => /envPrefix\s*:\s*\[?\s*['"](\w+)['"]/.exec(code)?.[1]).find(Boolean) ??
        'VITE_';
      if (framework !== 'docusaurus' && name.startsWith(prefix))
        return { type: 'variable', variable: name, place: null };
      return { type: 'nothing' };
    }
    case 'custom-field':
      return assigned(
        configs.filter(({ code }) => code.includes('customFields')),
        name,
        'customFields',
      );
    case 'window':
      return globalOf(sources, name);
    default:
      return read.kind satisfies never;
  }
}

/** A DefinePlugin, an EnvironmentPlugin or Vite’s and Next’s own tables. */
function definedIn(configs: readonly Source[], name: string): Place | null {
  const forms = [
    String.raw`['"]process\.env\.${name}['"]\s*:`,
    String.raw`EnvironmentPlugin\([^)]*\b${name}\b`,
    String.raw`\benv\s*:\s*\{[^}]*\b${name}\b`,
    String.raw`['"]process\.env['"]\s*:`,
  ];
  for (const file of configs) {
    for (const form of forms) {
      const match = new RegExp(form).exec(file.code);
      if (match !== null) return placeAt(file, match.index);
    }
  }
  return null;
}

/** What a key of an object is set to; a name is looked up once. */
function assigned(files: readonly Source[], name: string, within: string): Definition {
  for (const file of files) {
    const from = startOf(file, within);
    const key = new RegExp(
      String.raw`(?<![\w.$])['"]?${escaped(name)}['"]?\s*(?::\s*([^\n]*(?:\n\s*(?:\|\||\?\?|\?|:|['"\`]|process)[^\n]*)*)|,|\s*\})`,
    );
    const match = key.exec(file.code.slice(from));
    if (match === null) continue;
    const start = from + match.index;
    const direct = valueIn(file, { text: match[0], start });
    if (direct !== null) return direct;
    const other = /^[^:]*:\s*([\w$]+)\s*,?/.exec(match[0])?.[1] ?? name;
    const constant = new RegExp(
      String.raw`(?:const|let|var)\s+${escaped(other)}\s*(?::[^=]+)?=\s*([^;]*?)(?:;|\n\n|\n(?=\w))`,
    ).exec(file.code);
    const through = constant === null ? null : valueIn(file, { text: constant[0], start: constant.index });
    if (through !== null) return through;
  }
  return { type: 'nothing' };
}

/** Where the object begins: where it is written, or the constant that stands for it. */
function startOf({ code }: SourceFile, within: string): number {
  const at = Math.max(0, code.indexOf(within));
  const other = /^\w+\s*:\s*(?:\{\s*\.\.\.)?([A-Za-z_$][\w$]*)\s*[,}]/.exec(code.slice(at))?.[1];
  const constant =
    other === undefined ? null : new RegExp(String.raw`(?:const|let|var)\s+${escaped(other)}\b`).exec(code);
  return constant?.index ?? at;
}

function valueIn(file: SourceFile, { text, start }: { text: string; start: number }): Definition | null {
  const variable = /process\.env\??(?:\.(\w+)|\[\s*['"](\w+)['"]\s*\])/.exec(text);
  if (variable !== null) {
    return {
      type: 'variable',
      variable: variable[1] ?? variable[2] ?? '',
      place: placeAt(file, start + variable.index),
    };
  }
  const address = /['"`](https?:\/\/[^'"`\s$]*)/.exec(text);
  if (address === null) return null;
  const at = start + address.index;
  return { type: 'address', address: address[1] ?? '', place: placeAt(file, at), file, start: at };
}

/** A head script, an injected tag or a file of the site’s own that sets `window.NAME` or `window.GROUP.NAME`. */
function globalOf(sources: readonly Source[], name: string): Definition {
  const [group, field] = name.includes('.') ? name.split('.') : [null, name];
  const last = field ?? name;
  for (const file of sources) {
    const set = new RegExp(
      String.raw`(?:window|globalThis|self)(?:\.${escaped(group ?? last)}|\[['"]${escaped(group ?? last)}['"]\])\s*=(?!=)([^;]{0,400})`,
    ).exec(file.code);
    if (set === null) continue;
    const text = set[0];
    const page = /%(\w+)%/.exec(text)?.[1];
    if (page !== undefined) return { type: 'variable', variable: page, place: placeAt(file, set.index) };
    const at = group === null ? 0 : Math.max(0, text.indexOf(last));
    const direct = valueIn(file, { text: text.slice(at), start: set.index + at });
    if (direct !== null) return filledLater(sources, file) ?? direct;
    const other = /\$\{\s*(?:JSON\.stringify\(\s*)?([\w$]+)/.exec(text.slice(at))?.[1];
    const constant =
      other === undefined
        ? null
        : new RegExp(String.raw`(?:const|let|var)\s+${escaped(other)}\s*=([^;\n]*)`).exec(file.code);
    const through = constant === null ? null : valueIn(file, { text: constant[0], start: constant.index });
    if (through !== null) return through;
  }
  return { type: 'nothing' };
}

/** A plugin that rewrites the file once the site is built: `withStaticFile`. */
function filledLater(sources: readonly Source[], file: SourceFile): Definition | null {
  const name = file.path.replace(/^static\//, '');
  const plugin = sources.find(
    ({ isConfig, text }) => isConfig && text.includes('postBuild') && text.includes(`'${name}'`),
  );
  return plugin === undefined ? null : valueIn(plugin, { text: plugin.code, start: 0 });
}

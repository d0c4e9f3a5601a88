import { escaped } from './flow.ts';
import { isAddressName } from './names.ts';
import { isInText, type SourceFile } from './source.ts';

/** Where an address comes into the code that runs in the browser. */
export type Read = {
  kind: 'process-env' | 'import-meta-env' | 'custom-field' | 'window' | 'written-in' | 'same-origin';
  /** The variable, field or global; the address itself when it is written in. */
  name: string;
  file: SourceFile;
  start: number;
  end: number;
  /** The address that the same expression falls back to. */
  fallback: string | null;
  /** Taken out of the whole `process.env` by a pattern or another name: most builds fill in whole expressions alone. */
  isTakenApart?: boolean;
};

const cast = String.raw`(?:\s+as\s+[\w<>,\s|{}:;\[\]]+?)?\)?`;
const patterns: readonly { kind: Read['kind']; pattern: RegExp }[] = [
  { kind: 'process-env', pattern: /\bprocess\??\.env\??(?:\.(\w+)|\[\s*['"](\w+)['"]\s*\])/g },
  { kind: 'import-meta-env', pattern: /\bimport\.meta\.env\??(?:\.(\w+)|\[\s*['"](\w+)['"]\s*\])/g },
  {
    kind: 'custom-field',
    pattern: new RegExp(
      String.raw`(?:\(\s*)?(?:[\w$]+\??\.)*customFields${cast}[?!]?(?:\.(\w+)|\??\.?\[\s*['"](\w+)['"]\s*\])`,
      'g',
    ),
  },
  {
    kind: 'window',
    pattern:
      /(?:\((?:window|globalThis)\s+as\s+\w+\)|\b(?:window|globalThis))\??\.((?:[\w$]+\??\.)?[\w$]+)()(?!\s*=[^=>])/g,
  },
];
const literal = /(['"`])(https?:\/\/[\w.:-]+(?:\/[\w./-]*)?)(?=[^\n]*?\1|\$\{)/g;
const sameOrigin =
  /(?:fetch|axios(?:\.\w+)?|\.(?:post|get)|EventSource)\(\s*(['"`])(\/(?:api\/?|chat|query|ask)[\w/-]*)/g;

/** Every read of an address in one file. Fallbacks of a read are no reads of their own. */
export function readsOf(file: SourceFile): Read[] {
  const reads = [
    ...patterns.flatMap((one) => named(file, one)),
    ...destructured(file),
    ...takenApart(file),
  ].filter(({ start }) => !isInText(file, start));
  const covered = reads.flatMap(({ end }) => {
    const match = fallbackAfter(file.code, end);
    return match === null ? [] : [match.at];
  });
  const written = [...file.code.matchAll(literal)].flatMap((match): Read[] => {
    const start = match.index + 1;
    const name = match[2] ?? '';
    if (covered.includes(start)) return [];
    // Within a longer string it is a sample, or a sentence.
    if (file.texts !== null && !file.texts.some((one) => one.start === match.index)) return [];
    const end = start + name.length;
    const closed = file.code[end] === match[1] ? end + 1 : end;
    return [{ kind: 'written-in', name, file, start: match.index, end: closed, fallback: null }];
  });
  const calls = [...file.code.matchAll(sameOrigin)].filter(({ index }) => !isInText(file, index));
  const relative = calls.map((match): Read => ({
    kind: 'same-origin',
    name: match[2] ?? '',
    file,
    start: match.index,
    end: match.index + match[0].length,
    fallback: null,
  }));
  return [...reads, ...written, ...relative];
}

function named(file: SourceFile, { kind, pattern }: (typeof patterns)[number]): Read[] {
  return [...file.code.matchAll(pattern)].flatMap((match): Read[] => {
    const name = (match[1] ?? match[2] ?? '').replaceAll('?', '');
    const last = name.split('.').at(-1) ?? '';
    if (!isAddressName(last) || last === 'BASE_URL') return [];
    const start = match.index;
    const end = start + match[0].length;
    return [{ kind, name, file, start, end, fallback: fallbackAfter(file.code, end)?.address ?? null }];
  });
}

/** `const { apiUrl } = siteConfig.customFields`, also within the hook’s own pattern; and `fields.apiUrl`. */
function destructured(file: SourceFile): Read[] {
  const { code } = file;
  const found: Read[] = [];
  const add = (name: string, local: string, start: number): void => {
    if (!isAddressName(name)) return;
    const end = start + local.length;
    found.push({ kind: 'custom-field', name, file, start, end, fallback: null });
  };
  const lists = [
    /\{([^{}]*)\}\s*=\s*\(?(?:[\w$]+\??\.)*customFields\b/g,
    /\bcustomFields\s*(?:=\s*\{\})?\s*:\s*\{([^{}]*)\}/g,
  ];
  for (const pattern of lists) {
    for (const { 1: list = '', index, 0: whole } of code.matchAll(pattern)) {
      const from = index + whole.indexOf(list);
      for (const entry of list.matchAll(/([\w$]+)(?:\s*:\s*([\w$]+))?/g)) {
        const [whole, name = '', local = name] = entry;
        add(name, local, from + entry.index + whole.length - local.length);
      }
    }
  }
  for (const { 1: alias = '' } of code.matchAll(
    /(?:const|let)\s+([\w$]+)\s*(?::[^=]+)?=\s*\(?(?:[\w$]+\??\.)*customFields\b(?![?.[])/g,
  )) {
    for (const match of code.matchAll(new RegExp(String.raw`(?<![\w$.])${alias}\??\.(\w+)`, 'g'))) {
      const name = match[1] ?? '';
      if (!isAddressName(name)) continue;
      found.push({
        kind: 'custom-field',
        name,
        file,
        start: match.index,
        end: match.index + match[0].length,
        fallback: fallbackAfter(code, match.index + match[0].length)?.address ?? null,
      });
    }
  }
  return found;
}

const wholes = [
  { kind: 'process-env', whole: String.raw`process\??\.env` },
  { kind: 'import-meta-env', whole: String.raw`import\.meta\.env` },
] as const;

/** `const { API_URL } = process.env`, and `const env = process.env` with `env.API_URL` after it. */
function takenApart(file: SourceFile): Read[] {
  const { code } = file;
  const found: Read[] = [];
  const add = (read: Pick<Read, 'kind' | 'name' | 'start' | 'end' | 'fallback'>): void => {
    if (isAddressName(read.name)) found.push({ ...read, file, isTakenApart: true });
  };
  for (const { kind, whole } of wholes) {
    for (const { 1: list = '', index, 0: match } of code.matchAll(
      new RegExp(String.raw`\{([^{}]*)\}\s*=\s*${whole}\b(?!\??[.[])`, 'g'),
    )) {
      const from = index + match.indexOf(list);
      for (const entry of list.matchAll(/([\w$]+)(?:\s*:\s*([\w$]+))?(?:\s*=\s*(['"`])(.*?)\3)?/g)) {
        const [, name = '', local = name, , fallback = null] = entry;
        const start =
          from + entry.index + (entry[2] === undefined ? 0 : entry[0].indexOf(local, name.length));
        add({ kind, name, start, end: start + local.length, fallback });
      }
    }
    for (const { 1: alias = '' } of code.matchAll(
      new RegExp(String.raw`(?:const|let|var)\s+([\w$]+)\s*=\s*${whole}\b(?!\??[.[])`, 'g'),
    )) {
      for (const { 0: match, 1: name = '', index: start } of code.matchAll(
        new RegExp(String.raw`(?<![\w$.])${escaped(alias)}\??\.(\w+)`, 'g'),
      )) {
        const end = start + match.length;
        add({ kind, name, start, end, fallback: fallbackAfter(code, end)?.address ?? null });
      }
    }
  }
  return found;
}

/** The address after `||`, `??` or in the other branch of a choice. */
function fallbackAfter(code: string, end: number): { address: string; at: number } | null {
  const match =
    /^[\s)!]*(?:as\s+\w+[\s)]*)?(?:\|\||\?\?)[^;'"`\n]{0,160}?\n?\s*['"`](https?:\/\/[^'"`\s$]*)/.exec(
      code.slice(end, end + 300),
    );
  if (match === null) return null;
  const address = match[1] ?? '';
  return { address, at: end + match[0].length - address.length };
}

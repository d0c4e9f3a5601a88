import type { PasteEntry } from './paste-entry.ts';

/** Values that no other text looks like, wherever they are; a longer form before what it contains. */
const unmistakable: readonly RegExp[] = [
  /postgres(?:ql)?(?:\+\w+)?:\/\/[^\s'"`\\]+@[^\s'"`\\,;)}]+/gi,
  /\bhf_(?:oauth|jwt)_[\w-]+(?:\.[\w-]+)+/g,
  /\bhf_[A-Za-z0-9]{16,}/g,
  /\bvc[a-z]_\w{16,}/g,
  /\b(?:AIza[\w-]{24,}|AQ\.[\w-]{16,})/g,
  /(?:https?:\/\/[\w.-]+\.qdrant\.(?:io|tech)|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\.cloud\.qdrant\.io)(?::\d+)?/gi,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g,
];

/** The values of a piece of code, a page or a letter that show by their form what they are; null when it has none. */
export function fromSnippet(text: string): PasteEntry[] | null {
  const values: string[] = [];
  let rest = text;
  for (const form of unmistakable) {
    values.push(...(rest.match(form) ?? []));
    rest = rest.replaceAll(form, ' ');
  }
  // Values with nothing around them are no snippet: what is wrong with them is explained.
  if (values.length === 0 || /^[\s"'`,;]*(?:export\s+)?[\s"'`,;]*$/.test(rest)) return null;
  return [...new Set(values)].map((raw) => ({ name: null, raw }));
}

/** `docker run -e A=… --env B=…`; null for anything else. */
export function fromContainerCommand(text: string): PasteEntry[] | null {
  if (!/^\s*(?:sudo\s+)?(?:docker|podman)\s/.test(text)) return null;
  const settings = text.matchAll(
    /(?:\s-e|\s--env)[ =]\s*(?:(["'])([A-Za-z_]\w*)=(.*?)\1|([A-Za-z_]\w*)=(["']?)(.*?)\5)(?=\s|$)/g,
  );
  const pieces = [...settings].map(([, , quoted, inQuotes, name = '', , raw = '']) =>
    quoted === undefined ? { name, raw } : { name: quoted, raw: inQuotes ?? '' },
  );
  return pieces.length > 0 ? pieces : null;
}

const keywords: Record<string, string> = {
  host: 'PGHOST',
  hostaddr: 'PGHOST',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  sslmode: 'PGSSLMODE',
};

/** libpq's `host=… user=… password=…` (PostgreSQL's documentation, keyword/value strings); null without host and user. */
export function fromKeywordString(text: string): PasteEntry[] | null {
  const pairs = [...text.matchAll(/(?:^|[\s"'`])([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s"'`]+))/g)];
  const pieces = pairs.flatMap(([, name = '', quoted, plain = '']): PasteEntry[] => {
    const variable = Object.hasOwn(keywords, name) ? keywords[name] : undefined;
    return variable === undefined
      ? []
      : [{ name: variable, raw: quoted?.replaceAll(/\\(.)/g, '$1') ?? plain }];
  });
  const names = new Set(pieces.map(({ name }) => name));
  return names.has('PGHOST') && names.has('PGUSER') ? pieces : null;
}

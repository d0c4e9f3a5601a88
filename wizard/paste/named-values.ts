import { answerByName, exactNames } from './aliases.ts';
import type { PasteEntry } from './paste-entry.ts';

/** A value after its name: in quotes, or up to what ends a word of code. */
const quoted = String.raw`(?:"([^"\n]*)"|'([^'\n]*)'|\x60([^\x60\n]*)\x60)`;
const bare = String.raw`(\w{2,20}(?:\+\w{1,20})?:\/\/[^\s"'\x60|<>]+|[^\s"'\x60,;|&(){}[\]<>]+)`;
const assigned = String.raw`["'\x60]?\]?\s{0,20}(?:=>|:=|[=:]|\t)\s{0,20}(?:${quoted}|${bare})`;

/** Reads another name where the value is to come from, as in `process.env.NAME`. */
const isReference = (raw: string): boolean =>
  /^(?:process\.env|import\.meta|os\.|env\.|Deno\.|System\.|config\.|settings\.|\$|%|\{)/.test(raw);

type Names = { variable: string; names: string };

/** How libraries name the parts of a connection: libpq, psycopg, node-postgres, Django, .NET, JDBC, Laravel. */
const databaseParts: readonly Names[] = [
  { variable: 'PGHOST', names: 'host(?:addr|name)?|server|data source' },
  { variable: 'PGPORT', names: 'port' },
  { variable: 'PGUSER', names: 'user(?: ?name| ?id)?|uid|role' },
  { variable: 'PGPASSWORD', names: 'password|passwd|pwd|pass' },
  { variable: 'PGDATABASE', names: 'database(?: ?name)?|db ?name|initial catalog|db' },
  { variable: 'PGSSLMODE', names: 'ssl ?mode' },
];

/** Django writes the database as `'NAME'`; elsewhere that word says nothing. */
const djangoName = /["']NAME["']\s{0,20}:\s{0,20}["']([^"'\n]+)["']/;
const jdbc = /\bjdbc:postgresql:\/\/([^\s/:"'`]+)(?::(\d+))?\/([^\s?;"'`]+)/i;
const pgpass = /^([\w-]+(?:\.[\w-]+)+):(\d+|\*):([^:\s]+):([^:\s]+):(\S+)$/;

/** A PasteEntry for each value that a text names, wherever it does: code, YAML, a table, a command's flags. */
export function namedValues(paste: string): PasteEntry[] {
  const text = paste.replaceAll(/^[ \t]*(?:#|\/\/)[^\n]*$/gm, '');
  return [...variables(text), ...databaseValues(text), ...clusterKey(text), ...accountToken(text)];
}

/** Under the names of this tool's variables, as written: `os.environ["A"] = "b"`, `--set=A=b`, `| A | b |`, `("A", "b")`. */
function variables(text: string): PasteEntry[] {
  const names = `(?<![A-Za-z0-9_])(${exactNames.join('|')})`;
  const pattern = new RegExp(
    `${names}(?:${assigned}|["'\\x60]\\s{0,20},\\s{0,20}${quoted}|[\\x60*]{0,2}[ \\t]{0,40}\\|[ \\t\\x60*]{0,40}${bare})`,
    'g',
  );
  return [...text.matchAll(pattern)].flatMap(([, name = '', ...values]) => entry(name, values));
}

function entry(name: string, values: readonly (string | undefined)[]): PasteEntry[] {
  const raw = values.find((value) => value !== undefined);
  return raw === undefined || raw === '' || isReference(raw) ? [] : [{ name, raw }];
}

/** The parts of a connection; none unless host and user are among them. */
export function databaseValues(text: string): PasteEntry[] {
  const parts = new Map<string, string>();
  const [, lineHost, linePort, lineDatabase, lineUser, linePassword] = pgpass.exec(text.trim()) ?? [];
  const [, urlHost, urlPort, urlDatabase] = jdbc.exec(text) ?? [];
  const flag = (letter: string): string | undefined =>
    /\bpsql\b/.test(text) ? new RegExp(`\\s-${letter}\\s{0,20}["']?([^\\s"']+)`).exec(text)?.[1] : undefined;
  const lastWord = /\bpsql\b/.test(text) ? /\s([\w-]+)\s*$/.exec(text)?.[1] : undefined;
  const special: Record<string, string | undefined> = {
    PGHOST: lineHost ?? urlHost ?? flag('h'),
    PGPORT: (linePort === '*' ? undefined : linePort) ?? urlPort ?? flag('p'),
    PGUSER: lineUser ?? flag('U'),
    PGPASSWORD: linePassword,
    PGDATABASE: lineDatabase ?? urlDatabase ?? flag('d') ?? djangoName.exec(text)?.[1],
  };
  for (const { variable, names } of databaseParts) {
    const match = special[variable] ?? databasePart(text, names, variable);
    if (match !== undefined) parts.set(variable, match);
  }
  if (!parts.has('PGDATABASE') && lastWord !== undefined && lastWord !== parts.get('PGUSER'))
    parts.set('PGDATABASE', lastWord);
  if (!parts.has('PGHOST') || !parts.has('PGUSER')) return [];
  return [...parts].map(([name, raw]) => ({ name, raw }));
}

/** Also with a prefix: `DB_HOST`, `spring.datasource.password`, `PGUSER`; and as a call: `setPassword("…")`. */
function databasePart(text: string, names: string, variable: string): string | undefined {
  const pattern = new RegExp(
    `(?<![A-Za-z0-9])(?:[\\w.]{0,40}[._]|PG|(?<=\\.)set)?(?:${names})(?:${assigned}|\\(\\s{0,20}${quoted})`,
    'gi',
  );
  for (const [, ...values] of text.matchAll(pattern)) {
    const [{ raw } = { raw: '' }] = entry(variable, values);
    const isPossible = variable === 'PGHOST' ? /[.]|^localhost$/.test(raw) && !raw.includes('/') : true;
    if (raw !== '' && isPossible && !(variable === 'PGPORT' && !/^\d+$/.test(raw))) return raw;
  }
  return undefined;
}

/** A cluster's key has no form of its own, so the text has to name Qdrant, or the header that only Qdrant uses. */
function clusterKey(text: string): PasteEntry[] {
  const header = /(?<![\w-])api-key["'`]?\s{0,20}[:=]\s{0,20}["'`]?([!-.0-9;-~]{16,}?)(?=["'`,;)\s]|$)/i;
  const setting =
    /(?<![\w-])(?:qdrant[_ .-]?)?api[ _-]?key["'`]?\s{0,20}(?:=>|:=|[=:(])\s{0,20}(?:"([^"\n]+)"|'([^'\n]+)'|([^\s"'`,;(){}]+))/gi;
  const values = /qdrant/i.test(text)
    ? [...text.matchAll(setting)].map(([, ...match]) => match)
    : [header.exec(text)?.slice(1) ?? []];
  return values.flatMap((match) => entry('QDRANT_API_KEY', match));
}

/** Vercel's older tokens are 24 letters and digits: only beside its name, where a token is expected. */
function accountToken(text: string): PasteEntry[] {
  if (!/vercel/i.test(text)) return [];
  const token =
    /(?:--token[= ]|\s-t |(?:bearer(?:Token)?|["']token)["'`]?[\s:=]{1,20}["'`]?)([A-Za-z0-9]{24})(?![A-Za-z0-9])/i;
  return entry('VERCEL_TOKEN', token.exec(text)?.slice(1) ?? []);
}

/** Whether this name says which answer a value is. */
export function isTelling(name: string | null): boolean {
  return name !== null && (answerByName(name) !== null || /^PG[A-Z]+$/i.test(name));
}

import * as z from 'zod';
import type { PasteEntry } from './paste-entry.ts';
import { cleanValue } from './clean.ts';
import { databaseValues, isTelling, namedValues } from './named-values.ts';
import { splitAssignments } from './split-assignments.ts';
import { fromContainerCommand, fromKeywordString, fromSnippet } from './snippet.ts';
import { joinBrokenValues } from './broken-value.ts';
import { answerByFormat } from '../model/formats/credential-formats.ts';

const postgresUrl = /postgres(?:ql)?(?:\+\w+)?:\/\/[^\s'"`\\]+/gi;
const webUrl = /https?:\/\/[^\s'"`\\]+/i;

/** A line that was copied with the prompt of its shell: `$ `, `% `, `PS C:\> `. A `#` begins a comment. */
const shellPrompt = /^[ \t]*(?:[$%>❯➜][ \t]+|(?:PS )?[A-Za-z]:\\[^\n>]*>[ \t]*)(?=[A-Za-z$])/gm;

/** A paste taken apart: JSON, a command line, code, or lines of `NAME=value`; null when it is a single value. */
export function entriesIn(text: string): PasteEntry[] | null {
  const trimmed = joinBrokenValues(text.trim().replaceAll(shellPrompt, ''));
  const json = fromJson(trimmed);
  if (json !== null) return merge(json, namedValues(trimmed));
  const pieces =
    fromCommand(trimmed) ??
    fromContainerCommand(trimmed) ??
    fromKeywordString(trimmed) ??
    fromLines(splitAssignments(trimmed)) ??
    fromCode(trimmed) ??
    fromWords(trimmed) ??
    fromSnippet(trimmed);
  const additions = namedValues(trimmed);
  return additions.length === 0 ? pieces : merge(pieces ?? [], additions);
}

/** A value that was read already gets the name that tells more; the rest of a command is no part of a value. */
function merge(pieces: readonly PasteEntry[], additions: readonly PasteEntry[]): PasteEntry[] {
  const merged = [...pieces];
  for (const piece of additions) {
    const { value } = cleanValue(piece.raw);
    const isLonger = ({ name, raw }: PasteEntry): boolean =>
      name === piece.name && /\S\s+\S/.test(raw) && raw.replace(/^["'`]/, '').startsWith(value);
    const at = merged.findIndex((other) => cleanValue(other.raw).value === value || isLonger(other));
    const previous = merged[at];
    if (previous === undefined) merged.push(piece);
    else if (!isTelling(previous.name) || isLonger(previous)) merged[at] = piece;
  }
  return merged;
}

function fromJson(text: string): PasteEntry[] | null {
  if (!/^[[{]/.test(text)) return null;
  try {
    return flatten(JSON.parse(text) as unknown, null);
  } catch {
    return null;
  }
}

const keyed = z.looseObject({ key: z.string(), value: z.string() });

function flatten(value: unknown, name: string | null): PasteEntry[] {
  // A setting may be a connection string in .NET's or libpq's form.
  if (typeof value === 'string') return [{ name, raw: value }, ...databaseValues(value)];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => flatten(item, name));
  if (typeof value !== 'object' || value === null) return [];
  const pair = keyed.safeParse(value);
  if (pair.success) return [{ name: pair.data.key, raw: pair.data.value }];
  return Object.entries(value).flatMap(([key, item]) => flatten(item, key));
}

/** `psql '…'` as Neon offers it, and `curl … -H 'api-key: …'` as Qdrant and Google do. */
function fromCommand(text: string): PasteEntry[] | null {
  const line = text.replace(/\\\n\s*/g, ' ').replace(/^#\s+/, '');
  if (/^psql\s/.test(line)) {
    const urls = line.match(postgresUrl);
    return urls === null ? null : urls.map((raw) => ({ name: 'DATABASE_URL', raw }));
  }
  if (!/^curl\s/.test(line)) return null;
  const pieces: PasteEntry[] = [];
  const url = webUrl.exec(line)?.[0];
  const headers = [...line.matchAll(/(?:-H|--header)[ =]?\s*(["'])(.*?)\1/g)].map(
    ([, , header = '']) => header,
  );
  const isQdrant =
    headers.some((header) => /^api-key\s*:/i.test(header)) || /qdrant|:633[34]/.test(url ?? '');
  if (url !== undefined)
    pieces.push({ name: isQdrant ? 'QDRANT_URL' : null, raw: isQdrant ? originOf(url) : url });
  for (const header of headers) {
    const [, name = '', value = ''] = /^([\w-]+)\s*:\s*(?:Bearer\s+)?(.*)$/i.exec(header) ?? [];
    if (/^(content-type|accept|user-agent)$/i.test(name) || value === '') continue;
    const isKey = /^(api-key|authorization)$/i.test(name);
    pieces.push({ name: isKey ? (isQdrant ? 'QDRANT_API_KEY' : null) : name, raw: value });
  }
  // Google's `?key=…`, which is in the address.
  return isQdrant ? pieces : [...pieces, ...(fromSnippet(url ?? '') ?? [])];
}

function originOf(url: string): string {
  return /^https?:\/\/[^/?#]+/i.exec(url)?.[0] ?? url;
}

const assignment =
  /^\s*(?:(?:export|set|setx|const|let|env)\s+|\$env:|-\s+)?([A-Za-z_][\w.-]*)(?:\s*=\s*|:\s+)(.*)$/i;
const variableName = /^([A-Z][A-Z0-9]*(_+[A-Z0-9]+)+|PG[A-Z]+|(?:[a-z]+_)+(?:key|url|token))$/;

/** A `.env`, exports, a YAML map. One line alone must carry a variable's name, or it is a value with `=` in it. */
function fromLines(text: string): PasteEntry[] | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(#|\/\/|---)/.test(line));
  const isName = (name: string): boolean =>
    variableName.test(name) || (lines.length > 1 && /^[A-Z][A-Z0-9_]*$/.test(name));
  const pieces = lines.flatMap((line): PasteEntry[] => {
    const [, name = '', rest = ''] = assignment.exec(line) ?? [];
    return isName(name) ? [{ name, raw: withoutComment(rest) }] : [];
  });
  return pieces.length > 0 && pieces.length >= lines.length / 2 ? pieces : null;
}

/** As in dotenv: after a quoted value, or a blank and `#`. */
function withoutComment(text: string): string {
  const quoted = /^\s*("[^"]*"|'[^']*'|`[^`]*`)\s*[,;]?\s*(#.*)?$/.exec(text)?.[1];
  return quoted ?? text.replace(/\s+#.*$/, '');
}

const inCode: Record<string, string> = {
  url: 'QDRANT_URL',
  host: 'QDRANT_URL',
  api_key: 'QDRANT_API_KEY',
  apikey: 'QDRANT_API_KEY',
};

/** `QdrantClient(url="…", api_key="…")`, in Python or JavaScript, as the cluster's page offers it. */
function fromCode(text: string): PasteEntry[] | null {
  if (!/QdrantClient|qdrant_client/.test(text)) return null;
  const pieces = [...text.matchAll(/\b(\w+)\s*[=:]\s*(["'`])(.*?)\2/g)].map(
    ([, name = '', , raw = '']): PasteEntry => ({ name: inCode[name.toLowerCase()] ?? name, raw }),
  );
  return pieces.length > 0 ? pieces : null;
}

/** Values without names, one after the other, each of a form of its own: a URL and its key. */
function fromWords(text: string): PasteEntry[] | null {
  const words = text.split(/\s+/);
  const answers = words.map(answerByFormat);
  const isEachKnown = words.length > 1 && !answers.includes(null) && new Set(answers).size === words.length;
  return isEachKnown ? words.map((raw) => ({ name: null, raw })) : null;
}

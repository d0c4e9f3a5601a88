import type { AnswerName } from '../model/answers.ts';
import {
  answerByFormat,
  describeAnswer,
  describeFormat,
  isPlaceholder,
  formatProblem,
} from '../model/formats/credential-formats.ts';
import type { Problem } from '../model/question.ts';
import { answerByName } from './aliases.ts';
import { cleanText, cleanValue, type CleanedText } from './clean.ts';
import { normalise } from './normalise.ts';
import { entriesIn } from './entries.ts';
import type { PasteEntry } from './paste-entry.ts';

export type ParsedPaste = {
  values: Partial<Record<AnswerName, CleanedText>>;
  /** Values of the paste that were taken, and that were not. */
  used: number;
  ignored: number;
  /** The names that ignored values came under, where they had any. */
  ignoredNames: readonly string[];
  /** Why the asked question is still open, when the paste was meant for it. */
  problem: Problem | null;
};

/**
 * What was pasted, as answers: each value goes to the vendor it belongs to, by its name and by its form, whichever
 * question was on screen. Nothing is sent anywhere. Words are data: `back` in a key's field is a bad key.
 */
export function parsePaste({ raw, expected }: { raw: string; expected: AnswerName }): ParsedPaste {
  const text = cleanText(raw);
  // A path of one line may look like anything.
  const isPath = expected === 'DOCS_DIR' && !text.value.trim().includes('\n');
  const pieces = isPath ? null : entriesIn(text.value);
  const paste = pieces === null ? parseSingleValue({ raw, expected }) : parseEntries({ pieces, expected });
  // What cannot be seen is gone before the values are taken apart; it was cleaned all the same.
  for (const value of Object.values(paste.values))
    value.cleaned = [...new Set([...text.cleaned, ...value.cleaned])];
  return paste;
}

function parseSingleValue({ raw, expected }: { raw: string; expected: AnswerName }): ParsedPaste {
  const whole = wholeLines(raw);
  if (whole.length > 1) return ambiguousLines(whole.length, expected);
  const { value, cleaned } = cleanValue(whole[0] ?? raw);
  const other = answerByFormat(value);
  if (other !== null && other !== expected && formatProblem({ name: other, value }) === null) {
    const problem = {
      message: `That is ${describeFormat(value) ?? 'another value'}: it is kept for its own question.`,
      remedy: formatProblem({ name: expected, value })?.remedy ?? '',
    };
    return { values: { [other]: { value, cleaned } }, used: 1, ignored: 0, ignoredNames: [], problem };
  }
  const normal = normalise({ name: expected, value });
  const problem = formatProblem({ name: expected, value: normal.values[expected] ?? value });
  if (problem !== null) return { values: {}, used: 0, ignored: 1, ignoredNames: [], problem };
  const words = [...cleaned, ...normal.cleaned];
  const values: ParsedPaste['values'] = {};
  for (const [name, text] of Object.entries(normal.values) as [AnswerName, string][]) {
    values[name] = { value: text, cleaned: [...words] };
  }
  return { values, used: Object.keys(values).length, ignored: 0, ignoredNames: [], problem: null };
}

/** Lines that are each a whole value, each once; none where a line is a part of one that a terminal broke. */
function wholeLines(raw: string): string[] {
  const lines = cleanText(raw)
    .value.split('\n')
    .filter((line) => line.trim() !== '');
  const values = lines.map((line) => cleanValue(line).value);
  return lines.length > 1 && values.every((value) => answerByFormat(value) !== null)
    ? [...new Set(values)]
    : [];
}

/** Which of them is meant is unknown; joined they would be a third that was never given. */
function ambiguousLines(count: number, expected: AnswerName): ParsedPaste {
  const problem = {
    message: `That is ${count} values, one a line.`,
    remedy: formatProblem({ name: expected, value: '' })?.remedy ?? '',
  };
  return { values: {}, used: 0, ignored: count, ignoredNames: [], problem };
}

function severalValues(expected: AnswerName): Problem {
  return {
    message: `There are several different values in it of the form of a ${describeAnswer(expected)}.`,
    remedy: 'Paste only the one that is meant.',
  };
}

type Candidate = { answer: AnswerName; rank: number; value: CleanedText };
type EntryMatch = Candidate & { piece: PasteEntry };

function parseEntries({
  pieces,
  expected,
}: {
  pieces: readonly PasteEntry[];
  expected: AnswerName;
}): ParsedPaste {
  const best = new Map<AnswerName, EntryMatch>();
  /** Two different values without names, or under one: which is meant is asked. */
  const unclear = new Set<AnswerName>();
  let problem: Problem | null = null;
  for (const piece of [...pieces, ...composed(pieces)]) {
    const value = cleanValue(piece.raw);
    const candidate = classify(piece, value);
    if (candidate === null) continue;
    const mismatch = formatProblem({ name: candidate.answer, value: candidate.value.value });
    if (mismatch !== null) {
      if (candidate.answer === expected) problem = mismatch;
      continue;
    }
    const previous = best.get(candidate.answer);
    if (previous?.rank === candidate.rank && !isSameValue(previous, candidate)) unclear.add(candidate.answer);
    if (previous === undefined || candidate.rank < previous.rank)
      best.set(candidate.answer, { ...candidate, piece });
  }
  for (const answer of unclear) best.delete(answer);
  if (unclear.has(expected)) problem = severalValues(expected);
  const values = Object.fromEntries([...best.values()].map(({ answer, value }) => [answer, value]));
  const used = best.size;
  const ignored = Math.max(0, pieces.length - used);
  if (!best.has(expected)) problem ??= used === 0 ? nothingUsed(expected) : answerNotInPaste(expected);
  const ignoredNames = unusedNames(
    [...best.values()].map(({ piece }) => piece),
    pieces,
  );
  return { values, used, ignored, ignoredNames, problem: best.has(expected) ? null : problem };
}

/** A cluster’s page shows its address with the port of each protocol, and without. */
function isSameValue(a: Candidate, b: Candidate): boolean {
  const meant = ({ answer, value: { value } }: Candidate): string =>
    answer === 'QDRANT_URL' ? value.replace(/^https?:\/\//i, '').replace(/:\d+\/?$/, '') : value;
  return meant(a) === meant(b);
}

const parts = ['PGHOST', 'PGUSER', 'PGPASSWORD', 'PGDATABASE'];
const connectionParts = [...parts, 'PGPORT', 'PGSSLMODE'];

/** Names of variables only: what could be a value is not repeated. */
function unusedNames(used: readonly PasteEntry[], pieces: readonly PasteEntry[]): string[] {
  const isComposed = used.some(
    ({ name, raw }) => name === 'PG_URL' && !pieces.some((entry) => entry.raw === raw),
  );
  const names = pieces.flatMap((piece) => (used.includes(piece) || piece.name === null ? [] : [piece.name]));
  return [...new Set(names)].filter(
    (name) =>
      /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/.test(name) &&
      name.length <= 40 &&
      describeFormat(name) === null &&
      !(isComposed && connectionParts.includes(name.toUpperCase())),
  );
}

/** By name, unless the form contradicts it: then by form, after all that were named. */
function classify(piece: PasteEntry, value: CleanedText): Candidate | null {
  if (value.value === '' || isPlaceholder(value.value)) return null;
  const byName = piece.name === null ? null : answerByName(piece.name);
  const shaped = answerByFormat(value.value);
  if (byName !== null && (shaped === null || shaped === byName.answer)) {
    return { ...byName, value: normalised(byName.answer, value) };
  }
  return shaped === null ? null : { answer: shaped, rank: 100, value: normalised(shaped, value) };
}

function normalised(name: AnswerName, { value, cleaned }: CleanedText): CleanedText {
  const normal = normalise({ name, value });
  return { value: normal.values[name] ?? value, cleaned: [...cleaned, ...normal.cleaned] };
}

/** Neon also offers the parts of its connection string as PGHOST, PGUSER, PGPASSWORD and PGDATABASE; a whole one goes first. */
function composed(pieces: readonly PasteEntry[]): PasteEntry[] {
  const isWhole = (value: string): boolean =>
    answerByFormat(value) === 'DATABASE_URL' && formatProblem({ name: 'DATABASE_URL', value }) === null;
  if (pieces.some(({ raw }) => isWhole(cleanValue(raw).value))) return [];
  const part = (name: string): string | null => {
    const raw = pieces.find((piece) => piece.name?.toUpperCase() === name)?.raw;
    return raw === undefined ? null : encodeURIComponent(cleanValue(raw).value);
  };
  const [host, user, password, database] = parts.map(part);
  if (!host || !user || !password || !database) return [];
  const port = part('PGPORT');
  const mode = part('PGSSLMODE') ?? 'require';
  const server = port === null || port === '5432' ? host : `${host}:${port}`;
  return [{ name: 'PG_URL', raw: `postgresql://${user}:${password}@${server}/${database}?sslmode=${mode}` }];
}

/** The question stays open, and the person should know why. */
function answerNotInPaste(expected: AnswerName): Problem {
  return {
    message: `That holds no ${describeAnswer(expected)}; what it holds is kept for its own question.`,
    remedy: formatProblem({ name: expected, value: '' })?.remedy ?? '',
  };
}

function nothingUsed(expected: AnswerName): Problem {
  const remedy = formatProblem({ name: expected, value: '' })?.remedy ?? '';
  return { message: 'Nothing in the paste could be used.', remedy };
}

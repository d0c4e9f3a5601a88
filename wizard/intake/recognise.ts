import type { AnswerName } from '../model/answers.ts';
import { answerByShape, calledByName, calledByShape, isPlaceholder, shapeProblem } from '../model/shapes.ts';
import { answerByName } from './aliases.ts';
import { cleanText, cleanValue, type Cleaned } from './clean.ts';
import { normalise } from './normalise.ts';
import { piecesOf, type Piece } from './pieces.ts';

export type Problem = { message: string; remedy: string };
export type TakenIn = {
  values: Partial<Record<AnswerName, Cleaned>>;
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
export function takeIn({ raw, asked }: { raw: string; asked: AnswerName }): TakenIn {
  const text = cleanText(raw);
  // A path of one line may look like anything.
  const isPath = asked === 'DOCS_DIR' && !text.value.trim().includes('\n');
  const pieces = isPath ? null : piecesOf(text.value);
  const taken = pieces === null ? takeOne({ raw, asked }) : takeMany({ pieces, asked });
  // What cannot be seen is gone before the values are taken apart; it was cleaned all the same.
  for (const one of Object.values(taken.values))
    one.cleaned = [...new Set([...text.cleaned, ...one.cleaned])];
  return taken;
}

function takeOne({ raw, asked }: { raw: string; asked: AnswerName }): TakenIn {
  const whole = wholeLines(raw);
  if (whole.length > 1) return severalOfOneKind(whole.length, asked);
  const { value, cleaned } = cleanValue(whole[0] ?? raw);
  const other = answerByShape(value);
  if (other !== null && other !== asked && shapeProblem({ name: other, value }) === null) {
    const problem = {
      message: `That is ${calledByShape(value) ?? 'another value'}: it is kept for its own question.`,
      remedy: shapeProblem({ name: asked, value })?.remedy ?? '',
    };
    return { values: { [other]: { value, cleaned } }, used: 1, ignored: 0, ignoredNames: [], problem };
  }
  const normal = normalise({ name: asked, value });
  const problem = shapeProblem({ name: asked, value: normal.values[asked] ?? value });
  if (problem !== null) return { values: {}, used: 0, ignored: 1, ignoredNames: [], problem };
  const words = [...cleaned, ...normal.cleaned];
  const values: TakenIn['values'] = {};
  for (const [name, one] of Object.entries(normal.values) as [AnswerName, string][]) {
    values[name] = { value: one, cleaned: [...words] };
  }
  return { values, used: Object.keys(values).length, ignored: 0, ignoredNames: [], problem: null };
}

/** Lines that are each a whole value, each once; none where a line is a part of one that a terminal broke. */
function wholeLines(raw: string): string[] {
  const lines = cleanText(raw)
    .value.split('\n')
    .filter((line) => line.trim() !== '');
  const values = lines.map((line) => cleanValue(line).value);
  return lines.length > 1 && values.every((value) => answerByShape(value) !== null)
    ? [...new Set(values)]
    : [];
}

/** Which of them is meant, nobody knows; joined they are a third that was never given. */
function severalOfOneKind(count: number, asked: AnswerName): TakenIn {
  const problem = {
    message: `That is ${count} values, one a line.`,
    remedy: shapeProblem({ name: asked, value: '' })?.remedy ?? '',
  };
  return { values: {}, used: 0, ignored: count, ignoredNames: [], problem };
}

type Candidate = { answer: AnswerName; rank: number; value: Cleaned };
type Taken = Candidate & { piece: Piece };

function takeMany({ pieces, asked }: { pieces: readonly Piece[]; asked: AnswerName }): TakenIn {
  const best = new Map<AnswerName, Taken>();
  let problem: Problem | null = null;
  for (const piece of [...pieces, ...composed(pieces)]) {
    const value = cleanValue(piece.raw);
    const candidate = candidateFor(piece, value);
    if (candidate === null) continue;
    const misfit = shapeProblem({ name: candidate.answer, value: candidate.value.value });
    if (misfit !== null) {
      if (candidate.answer === asked) problem = misfit;
      continue;
    }
    const standing = best.get(candidate.answer);
    if (standing === undefined || candidate.rank < standing.rank)
      best.set(candidate.answer, { ...candidate, piece });
  }
  const values = Object.fromEntries([...best.values()].map(({ answer, value }) => [answer, value]));
  const used = best.size;
  const ignored = Math.max(0, pieces.length - used);
  if (!best.has(asked)) problem ??= used === 0 ? nothingUsed(asked) : notAmongThem(asked);
  const ignoredNames = namesBeside(
    [...best.values()].map(({ piece }) => piece),
    pieces,
  );
  return { values, used, ignored, ignoredNames, problem: best.has(asked) ? null : problem };
}

const parts = ['PGHOST', 'PGUSER', 'PGPASSWORD', 'PGDATABASE'];

/** Names of variables only: what could be a value is not repeated. */
function namesBeside(used: readonly Piece[], pieces: readonly Piece[]): string[] {
  const isComposed = used.some(
    ({ name, raw }) => name === 'PG_URL' && !pieces.some((one) => one.raw === raw),
  );
  const names = pieces.flatMap((piece) => (used.includes(piece) || piece.name === null ? [] : [piece.name]));
  return [...new Set(names)].filter(
    (name) =>
      /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/.test(name) &&
      name.length <= 40 &&
      calledByShape(name) === null &&
      !(isComposed && parts.includes(name.toUpperCase())),
  );
}

/** By name, unless the form contradicts it: then by form, after all that were named. */
function candidateFor(piece: Piece, value: Cleaned): Candidate | null {
  if (value.value === '' || isPlaceholder(value.value)) return null;
  const named = piece.name === null ? null : answerByName(piece.name);
  const shaped = answerByShape(value.value);
  if (named !== null && (shaped === null || shaped === named.answer)) {
    return { ...named, value: normalised(named.answer, value) };
  }
  return shaped === null ? null : { answer: shaped, rank: 100, value: normalised(shaped, value) };
}

function normalised(name: AnswerName, { value, cleaned }: Cleaned): Cleaned {
  const normal = normalise({ name, value });
  return { value: normal.values[name] ?? value, cleaned: [...cleaned, ...normal.cleaned] };
}

/** Neon also offers the parts of its connection string as PGHOST, PGUSER, PGPASSWORD and PGDATABASE. */
function composed(pieces: readonly Piece[]): Piece[] {
  const part = (name: string): string | null => {
    const raw = pieces.find((piece) => piece.name?.toUpperCase() === name)?.raw;
    return raw === undefined ? null : encodeURIComponent(cleanValue(raw).value);
  };
  const [host, user, password, database] = parts.map(part);
  if (!host || !user || !password || !database) return [];
  return [{ name: 'PG_URL', raw: `postgresql://${user}:${password}@${host}/${database}?sslmode=require` }];
}

/** The question stays open, and the person should know why. */
function notAmongThem(asked: AnswerName): Problem {
  return {
    message: `That holds no ${calledByName(asked)}; what it holds is kept for its own question.`,
    remedy: shapeProblem({ name: asked, value: '' })?.remedy ?? '',
  };
}

function nothingUsed(asked: AnswerName): Problem {
  const remedy = shapeProblem({ name: asked, value: '' })?.remedy ?? '';
  return { message: 'Nothing in the paste could be used.', remedy };
}

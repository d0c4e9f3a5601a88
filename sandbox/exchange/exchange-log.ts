import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedExchange } from './recorded-exchange.ts';

/** How many exchanges of one call and status are written, and from which size on only a few are read. */
const MAX_SHAPES = 300;
const LARGE = 64 * 1024;
const MAX_LARGE = 8;
/** What is kept of a long text, such as an uploaded file. */
const MAX_TEXT = 500;

/** What a line of the file is: an exchange of a new shape, or one more of a shape that was seen before. */
export type ExchangeLogLine =
  | { exchange: Omit<RecordedExchange, 'requestHeaders'>; requestType: string | null }
  | { again: string };

/**
 * Writes what was said into a folder, for whoever wants to judge it afterwards: an NDJSON file for each process,
 * each shape of exchange once, and of its lists one item of each shape. Headers that may hold a key stay out.
 */
export class ExchangeLog {
  readonly #file: string;
  readonly #seen = new Map<string, { shapes: Set<string>; large: number }>();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, `${process.pid}.ndjson`);
  }

  add(exchange: RecordedExchange): void {
    const call = `${exchange.name} ${exchange.method} ${exchange.status}`;
    const seen = this.#seen.get(call) ?? { shapes: new Set(), large: 0 };
    this.#seen.set(call, seen);
    const isLarge = exchange.requestBody.length + exchange.responseBody.length > LARGE;
    if (isLarge) seen.large += 1;
    const isSkipped = seen.shapes.size >= MAX_SHAPES || (isLarge && seen.large > MAX_LARGE);
    const shape = isSkipped ? null : shapeOfExchange(exchange);
    if (shape === null || seen.shapes.has(shape)) return this.#write({ again: call });
    seen.shapes.add(shape);
    const { requestHeaders, ...kept } = exchange;
    const requestBody = trimText(kept.requestBody);
    const responseBody = trimText(kept.responseBody);
    const requestType = requestHeaders['content-type'] ?? null;
    this.#write({ exchange: { ...kept, requestBody, responseBody }, requestType });
  }

  // Synchronously: a test's process may end at any moment after its last answer.
  #write(line: ExchangeLogLine): void {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

function shapeOfExchange({ path, requestBody, responseBody }: RecordedExchange): string {
  const url = new URL(`http://sandbox${path}`);
  const parts = [
    url.pathname.split('/')[1],
    [...url.searchParams.keys()].sort(),
    ...[requestBody, responseBody].map((body) => shapeOfText(body)),
  ];
  return createHash('sha1').update(JSON.stringify(parts)).digest('base64');
}

/** JSON by its shape, a stream line by line, anything else as text. */
function shapeOfText(text: string): unknown {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  const values = lines.map((line) => parseJson(line.replace(/^data: /, '')));
  if (values.length > 0 && values.every((value) => value !== undefined)) return shapeOf(values);
  const whole = parseJson(text);
  return whole === undefined ? typeof text : shapeOf(whole);
}

/** Names and types without the values; a list by the shapes that are in it, a word of a closed list by itself. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((one) => JSON.stringify(shapeOf(one))))].sort();
  if (typeof value === 'string') return /^[A-Z][A-Z_]+$/.test(value) ? value : 'string';
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, one]) => [key, shapeOf(one)]);
}

/** JSON, whole or line by line, without what only repeats its shape; of anything else the beginning. */
function trimText(text: string): string {
  const whole = parseJson(text);
  if (whole !== undefined) return JSON.stringify(trimValue(whole));
  let hasJson = false;
  const slimmed = text.replaceAll(/^(data: )?([{[].*)$/gm, (line: string, prefix = '', json: string) => {
    const value = parseJson(json);
    if (value === undefined) return line;
    hasJson = true;
    return `${prefix}${JSON.stringify(trimValue(value))}`;
  });
  return hasJson ? slimmed : text.slice(0, MAX_TEXT);
}

function trimValue(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (Array.isArray(value)) {
    const first = new Map<string, unknown>();
    for (const one of value) {
      const shape = JSON.stringify(shapeOf(one));
      if (!first.has(shape)) first.set(shape, trimValue(one));
    }
    return [...first.values()];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, trimValue(one)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

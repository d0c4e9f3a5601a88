import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedExchange } from './recorded-exchange.ts';

/** Limits of what is written for one call and status: distinct shapes, and exchanges above a size. */
const MAX_SHAPES = 300;
const LARGE = 64 * 1024;
const MAX_LARGE = 8;
/** Characters that are kept of a long text, such as an uploaded file. */
const MAX_TEXT = 500;

/** A line of the file: an exchange with a new shape, or a repeated one by its call. */
export type ExchangeLogLine =
  | { exchange: Omit<RecordedExchange, 'requestHeaders'>; requestType: string | null }
  | { again: string };

/**
 * Writes exchanges into a folder, so that they can be checked against the vendors' documents afterwards: an NDJSON
 * file for each process, each shape of exchange once, and of its lists one item of each shape. Request headers,
 * which may contain a key, are left out.
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
    const { requestHeaders, ...rest } = exchange;
    const requestBody = trimText(rest.requestBody);
    const responseBody = trimText(rest.responseBody);
    const requestType = requestHeaders['content-type'] ?? null;
    this.#write({ exchange: { ...rest, requestBody, responseBody }, requestType });
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

/** Names and types without values; a list is the set of its items' shapes, an enum value stays itself. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(shapeOf(item))))].sort();
  if (typeof value === 'string') return /^[A-Z][A-Z_]+$/.test(value) ? value : 'string';
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, property]) => [key, shapeOf(property)]);
}

/** JSON, whole or line by line, without items that repeat a shape; of any other text the beginning. */
function trimText(text: string): string {
  const whole = parseJson(text);
  if (whole !== undefined) return JSON.stringify(trimValue(whole));
  let hasJson = false;
  const trimmed = text.replaceAll(/^(data: )?([{[].*)$/gm, (line: string, prefix = '', json: string) => {
    const value = parseJson(json);
    if (value === undefined) return line;
    hasJson = true;
    return `${prefix}${JSON.stringify(trimValue(value))}`;
  });
  return hasJson ? trimmed : text.slice(0, MAX_TEXT);
}

function trimValue(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_TEXT);
  if (Array.isArray(value)) {
    const byShape = new Map<string, unknown>();
    for (const item of value) {
      const shape = JSON.stringify(shapeOf(item));
      if (!byShape.has(shape)) byShape.set(shape, trimValue(item));
    }
    return [...byShape.values()];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, property]) => [key, trimValue(property)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedExchange } from './recorded-exchange.ts';

/** How many exchanges of one call and status are written whole, and from which size on only a few are read. */
const MAX_SHAPES = 300;
const LARGE = 64 * 1024;
const MAX_LARGE = 8;

/** What a line of the file is: an exchange whole, or one more of a shape that was seen before. */
export type Spilled =
  | { exchange: Omit<RecordedExchange, 'requestHeaders'>; requestType: string | null }
  | { again: string };

/**
 * Writes what was said into a folder, for whoever wants to judge it afterwards: an NDJSON file for each process,
 * each shape of exchange once, with whole bodies. Headers that may hold a key stay out.
 */
export class Spill {
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
    this.#write({ exchange: kept, requestType: requestHeaders['content-type'] ?? null });
  }

  // Synchronously: a test's process may end at any moment after its last answer.
  #write(line: Spilled): void {
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
  const values = lines.map((line) => parsed(line.replace(/^data: /, '')));
  if (values.length > 0 && values.every((value) => value !== undefined)) return shapeOf(values);
  const whole = parsed(text);
  return whole === undefined ? typeof text : shapeOf(whole);
}

/** Names and types without the values; a list by the shapes that are in it. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const shapes = new Set(value.map((one) => JSON.stringify(shapeOf(one))));
    return [...shapes].sort();
  }
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, one]) => [key, shapeOf(one)]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Replays what a real Qdrant 1.19.0 answered, in order, on the stand-in: status, content type and body are equal. The
 * recording lies outside the repository (`../shared/contracts`); the reporter of test/contracts says when it is missing.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../../sandbox/qdrant/qdrant.ts';
import { contractPath } from '../../contracts/contract.ts';

type Key = string | { jwt: Record<string, unknown>; signedBy: string };
type RecordedAnswer = { status: number; type: string; body: string; retryAfter?: string };
type RecordedRequest = {
  n: number;
  label: string;
  method: string;
  path: string;
  key: Key;
  bearer?: string;
  headers?: Record<string, string>;
  body?: unknown;
  raw?: string | { bytes: number };
  answer: RecordedAnswer;
};

const path = contractPath('qdrant-recorded-1.19.0.json');
const recorded =
  path === null ? [] : (JSON.parse(readFileSync(path, 'utf8')) as { exchanges: RecordedRequest[] }).exchanges;

let qdrant: QdrantStandIn;
beforeAll(async () => {
  qdrant = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
});
afterAll(() => qdrant.close());

it.skipIf(path === null)('answers as the engine did', { timeout: 120_000 }, async () => {
  const differences: string[] = [];
  for (const exchange of recorded) {
    const actual = await send(exchange);
    const expected = comparable(exchange.answer);
    try {
      expect(comparable(actual)).toEqual(expected);
    } catch {
      differences.push(
        `${exchange.n} ${exchange.label}\n  engine   ${JSON.stringify(expected)}\n  stand-in ${JSON.stringify(comparable(actual))}`,
      );
    }
  }
  expect(differences.join('\n')).toBe('');
});

function send({
  method,
  path: target,
  key,
  bearer,
  headers,
  body,
  raw,
}: RecordedRequest): Promise<RecordedAnswer> {
  const value = keyOf(key);
  const authorization =
    value === null
      ? {}
      : bearer === undefined
        ? { 'api-key': value }
        : { authorization: `${bearer} ${value}` };
  const text =
    typeof raw === 'object' ? bodyOfSize(raw.bytes) : (raw ?? (body == null ? '' : JSON.stringify(body)));
  const options = {
    method,
    headers: { 'content-type': 'application/json', ...headers, ...authorization },
  };
  return new Promise((resolve, reject) => {
    // Not `fetch`, which resolves `//` and `..` by itself.
    const request = httpRequest(`${qdrant.url}${encodeSpecial(target)}`, options, (response) => {
      let answer = '';
      response.on('data', (piece: Buffer) => (answer += piece.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          body: answer,
          ...(response.headers['retry-after'] === undefined
            ? {}
            : { retryAfter: response.headers['retry-after'] }),
        }),
      );
    });
    request.on('error', reject);
    request.end(text);
  });
}

const encodeSpecial = (target: string): string => target.replaceAll(' ', '%20');

function keyOf(key: Key): string | null {
  if (key === 'none') return null;
  if (key === 'manage') return qdrant.apiKey;
  if (key === 'read-only') return qdrant.readOnlyKey;
  if (typeof key === 'string') return key;
  return signToken(key.jwt, key.signedBy === 'this cluster' ? qdrant.apiKey : 'another key');
}

function signToken(claims: object, secret: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** The recording keeps only the size of its two large bodies, each an upsert of point 1. */
function bodyOfSize(bytes: number): string {
  const [before, after] = ['{"points":[{"id":1,"vector":{},"payload":{"text":"', '"}}]}'];
  return `${before}${'x'.repeat(bytes - before.length - after.length)}${after}`;
}

/** Without what differs from run to run, and with ties in one order. */
function comparable({ status, type, body, retryAfter }: RecordedAnswer): object {
  let json: unknown = body;
  try {
    json = JSON.parse(body, (key, value: unknown) => normalised(key, value));
  } catch {
    // Plain text.
  }
  return { status, type, retryAfter, body: json };
}

const volatileKeys = new Set(['time', 'commit', 'operation_id', 'version']);
const formatError = /^(Format error in JSON body|Validation error in JSON body): .*/s;

function normalised(key: string, value: unknown): unknown {
  if (volatileKeys.has(key)) return undefined;
  if (typeof value === 'number' && !Number.isInteger(value)) return Number(value.toPrecision(5));
  // The words of format errors are those of the engine's JSON library.
  if (key === 'error' && typeof value === 'string') return value.replace(formatError, '$1');
  if (key === 'points' && Array.isArray(value)) return tiesSorted(value);
  if (key === 'result' && Array.isArray(value)) return tiesSorted(value);
  return value;
}

type Scored = { id: unknown; score: number | null };

/** Points of one score are in no order, and which of them a limit leaves out is chance: only their number counts. */
function tiesSorted(points: unknown[]): unknown[] {
  if (!points.every((point) => typeof point === 'object' && point !== null && 'score' in point))
    return points;
  const scored = points as Scored[];
  const last = scored.at(-1)?.score;
  return scored
    .map((point) => (point.score === last ? { ...point, id: 'cut by the limit' } : point))
    .sort((a, b) => Number(b.score) - Number(a.score) || String(a.id).localeCompare(String(b.id)));
}

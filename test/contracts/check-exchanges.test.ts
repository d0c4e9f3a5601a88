import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { checkExchanges } from './check-exchanges.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'judge-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What a stand-in would have recorded of one call. */
function recordExchange(given: {
  name: string;
  method: string;
  path: string;
  request: unknown;
  response: unknown;
}): void {
  const record = new ExchangeRecord(folder);
  for (let times = 0; times < 2; times += 1) {
    const id = record.begin({
      vendor: 'hub',
      ...given,
      requestHeaders: { authorization: 'Bearer hf_kept_out' },
      requestBody: Buffer.from(JSON.stringify(given.request)),
      writes: false,
    });
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    record.end(id, { status: 200, headers, body: JSON.stringify(given.response) });
  }
}
const secrets = { name: 'hub.add-secret', method: 'POST', path: '/api/spaces/ana/book/secrets' };

it('finds what is wrong in either direction, once for each shape', ({ skip }) => {
  recordExchange({ ...secrets, request: { value: 'b' }, response: {} });
  recordExchange({
    name: 'hub.runtime',
    method: 'GET',
    path: '/api/spaces/ana/b/runtime',
    request: '',
    response: [],
  });
  const verdict = checkExchanges(folder) ?? skip('../shared/contracts is not here');
  expect(verdict).toMatchObject({ exchanges: 4, checked: 4, shapes: 2, faulted: 0 });
  expect(verdict.problems).toEqual([
    expect.stringContaining('request.key is missing'),
    expect.stringContaining('response should be object'),
  ]);
});

it('names the calls that no document knows, and holds nothing against a right one', ({ skip }) => {
  recordExchange({ ...secrets, request: { key: 'A', value: 'b' }, response: {} });
  recordExchange({ name: 'hub.strange', method: 'GET', path: '/api/strange', request: '', response: {} });
  const verdict = checkExchanges(folder) ?? skip('../shared/contracts is not here');
  expect([...verdict.unknown]).toEqual([['hub.strange GET', 2]]);
  expect(verdict.problems).toEqual([]);
});

it('keeps headers that may hold a key out of the folder', async () => {
  recordExchange({ ...secrets, request: { key: 'A', value: 'b' }, response: {} });
  const files = await readdir(folder);
  expect(files).toHaveLength(1);
  expect(readFileSync(join(folder, files[0] ?? ''), 'utf8')).not.toContain('hf_kept_out');
});

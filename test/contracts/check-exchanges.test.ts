import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { checkExchanges } from './check-exchanges.ts';
import { contractPath } from './contract.ts';

const isMissing = contractPath('hf-hub-spaces.openapi.json') === null;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-exchanges-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Records a call twice, as a stand-in does. */
function recordExchange(call: {
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
      ...call,
      requestHeaders: { authorization: 'Bearer hf_kept_out' },
      requestBody: Buffer.from(JSON.stringify(call.request)),
      writes: false,
    });
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    record.end(id, { status: 200, headers, body: JSON.stringify(call.response) });
  }
}
const secrets = { name: 'hub.add-secret', method: 'POST', path: '/api/spaces/ana/book/secrets' };

it.skipIf(isMissing)('reports a wrong request and a wrong response, once for each shape', () => {
  recordExchange({ ...secrets, request: { value: 'b' }, response: {} });
  recordExchange({
    name: 'hub.runtime',
    method: 'GET',
    path: '/api/spaces/ana/b/runtime',
    request: '',
    response: [],
  });
  const report = checkExchanges(folder);
  expect(report).toMatchObject({ exchanges: 4, checked: 4, shapes: 2, faulted: 0 });
  expect(report?.problems).toEqual([
    expect.stringContaining('request.key is missing'),
    expect.stringContaining('response should be object'),
  ]);
});

it.skipIf(isMissing)('lists the calls that are in no document, and accepts a correct one', () => {
  recordExchange({ ...secrets, request: { key: 'A', value: 'b' }, response: {} });
  recordExchange({ name: 'hub.strange', method: 'GET', path: '/api/strange', request: '', response: {} });
  const report = checkExchanges(folder);
  expect([...(report?.unknown ?? [])]).toEqual([['hub.strange GET', 2]]);
  expect(report?.problems).toEqual([]);
});

it('writes no header that may hold a key', async () => {
  recordExchange({ ...secrets, request: { key: 'A', value: 'b' }, response: {} });
  const files = await readdir(folder);
  expect(files).toHaveLength(1);
  expect(readFileSync(join(folder, files[0] ?? ''), 'utf8')).not.toContain('hf_kept_out');
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../sandbox/exchange/faults.ts';
import { startNeon, type NeonStandIn } from '../../../sandbox/neon/neon.ts';
import { createHttp } from '../../../wizard/clients/http.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import {
  connectionStringOf,
  newPassword,
  type PasswordTools,
} from '../../../wizard/provisioning/neon/new-password.ts';

let neon: NeonStandIn;
let faults: Faults;
let now: number;
beforeEach(async () => {
  now = Date.now();
  faults = new Faults();
  let resets = 0;
  neon = await startNeon({
    faults,
    record: new ExchangeRecord(),
    databases: {
      addDatabase: async () => 'postgresql://owner:password-0@host.example/neondb',
      resetPassword: async (uri) => uri.replace(/password-\d/, `password-${(resets += 1)}`),
    },
    now: () => now,
  });
  await neon.addProject('book-chat');
});
afterEach(() => neon.close());

const tools = (): PasswordTools => ({
  apiUrl: `${neon.url}/api/v2`,
  claimUrl: neon.url,
  http: createHttp({ fetch, sleep: async () => undefined }),
  signal: new AbortController().signal,
  key: new Secret(neon.apiKey),
  now: () => now,
  sleep: async (ms) => void (now += ms),
});
const project = (): string => neon.ids()[0] ?? '';

it('is waited for until it works', async () => {
  neon.controls['operationMs']?.(20_000);
  const before = now;
  const url = await newPassword(tools(), project());
  expect(now - before).toBeGreaterThanOrEqual(20_000);
  expect(url.reveal()).toContain('password-1');
  expect((await connectionStringOf(tools(), project()))?.reveal()).toBe(url.reveal());
});

it('that does not come ends with what helps', async () => {
  neon.controls['operationMs']?.(10 * 60_000);
  await expect(newPassword(tools(), project())).rejects.toMatchObject({
    code: 'neon-unreachable',
    remedy: expect.stringContaining('rotate postgres again'),
  });
});

it('of a project of another account is not made', async () => {
  expect(await connectionStringOf(tools(), 'quiet-field-other')).toBeNull();
});

it('that is refused, or asked for in vain, is a failure of Neon', async () => {
  faults.add({ call: 'neon.reset-password', kind: { type: 'status', status: 422 }, times: 1 });
  await expect(newPassword(tools(), project())).rejects.toMatchObject({ code: 'neon-refused' });
  faults.add({ call: 'neon.reset-password', kind: { type: 'status', status: 503 }, times: 9 });
  await expect(newPassword(tools(), project())).rejects.toMatchObject({ code: 'neon-unreachable' });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { ExchangeRecord } from '../../../../sandbox/exchange/exchange-record.ts';
import { Faults } from '../../../../sandbox/exchange/faults.ts';
import { serveRoutes } from '../../../../sandbox/exchange/serve-routes.ts';
import { oauthRoutes } from '../../../../sandbox/hub/oauth-routes.ts';
import { newOAuthState } from '../../../../sandbox/hub/oauth-state.ts';
import type { HubState } from '../../../../sandbox/hub/state.ts';
import { createHttp } from '../../../../wizard/clients/http.ts';
import {
  pollForToken,
  requestDeviceCode,
  type GrantTools,
} from '../../../../wizard/interview/sign-in/device-grant.ts';

let clock: number;
let waits: number[];
let faults: Faults;
let record: ExchangeRecord;
let hub: Awaited<ReturnType<typeof serveRoutes>>;
let oauth: HubState['oauth'];
/** What happens once this many milliseconds have passed. */
let at: Map<number, () => void>;

beforeEach(async () => {
  clock = 0;
  waits = [];
  at = new Map();
  faults = new Faults();
  record = new ExchangeRecord();
  oauth = { ...newOAuthState(), now: () => clock };
  const state = { oauth, tokens: [], url: () => hub.url } as unknown as HubState;
  hub = await serveRoutes({ vendor: 'hub', routes: oauthRoutes(state), faults, record });
});
afterEach(() => hub.close());

const tools = (): GrantTools => ({
  endpoint: hub.url,
  client: 'client-of-a-test',
  http: createHttp({ fetch, sleep: async () => undefined }),
  signal: new AbortController().signal,
  now: () => clock,
  sleep: async (ms) => {
    waits.push(ms);
    clock += ms;
    for (const [time, act] of at) if (time <= clock) act();
  },
});
const decide = (decision: typeof oauth.decision) => (): void => {
  for (const grant of oauth.grants) grant.decision = decision;
};
const polls = (): number => record.list().filter(({ name }) => name === 'hub.device-token').length;

it('asks again until the user has accepted', async () => {
  const code = await requestDeviceCode(tools());
  expect(code.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
  expect(code.filledPage).toContain(code.userCode);
  at.set(12_000, decide('approved'));
  const result = await pollForToken(tools(), code);
  expect(result.type === 'granted' && result.token.reveal()).toMatch(/^hf_oauth_/);
  expect(waits).toEqual([5_000, 5_000, 5_000]);
});

it('asks five seconds later after slow_down, from then on', async () => {
  const code = { ...(await requestDeviceCode(tools())), intervalMs: 1_000 };
  at.set(20_000, decide('approved'));
  expect(await pollForToken(tools(), code)).toMatchObject({ type: 'granted' });
  expect(waits.slice(0, 3)).toEqual([1_000, 1_000, 6_000]);
});

it.each([
  ['denied', 'declined'],
  ['expired', 'expired'],
] as const)('ends when the code is %s', async (decision, word) => {
  const code = await requestDeviceCode(tools());
  at.set(6_000, decide(decision));
  expect(await pollForToken(tools(), code)).toMatchObject({ why: expect.stringContaining(word) });
});

it('ends by itself when the code has expired', async () => {
  const code = await requestDeviceCode(tools());
  faults.add({ call: 'hub.device-token', kind: { type: 'status', status: 503 } });
  expect(await pollForToken(tools(), code)).toMatchObject({ why: expect.stringContaining('expired') });
  expect(clock).toBe(900_000);
});

it.each([
  { type: 'status', status: 503 },
  { type: 'status', status: 429 },
  { type: 'rubbish' },
  { type: 'cut' },
] as const)('goes on after %j', async (kind) => {
  const code = await requestDeviceCode(tools());
  faults.add({ call: 'hub.device-token', kind, times: 2 });
  at.set(12_000, decide('approved'));
  expect(await pollForToken(tools(), code)).toMatchObject({ type: 'granted' });
  expect(polls()).toBeGreaterThan(2);
});

it('says what the Hub says of an app that it does not know', async () => {
  const answer = { error: 'invalid_client', error_description: 'client not found' };
  faults.add({
    call: 'hub.device-code',
    kind: { type: 'status', status: 401, body: JSON.stringify(answer) },
  });
  await expect(requestDeviceCode(tools())).rejects.toMatchObject({
    message: expect.stringContaining('invalid_client'),
  });
});

it('ends when it is cancelled', async () => {
  const code = await requestDeviceCode(tools());
  const cancel = new AbortController();
  at.set(6_000, () => cancel.abort());
  await expect(pollForToken({ ...tools(), signal: cancel.signal }, code)).rejects.toMatchObject({
    name: 'AbortError',
  });
  expect(polls()).toBe(1);
});

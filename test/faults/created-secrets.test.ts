/** What a run makes or is given on the way, such as a claim link or a device code, is in no output and no file. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { eventLines } from '../../wizard/model/display/lines.ts';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { findLeaks, quotedForms, readFiles, type NamedText } from '../leak-check.ts';
import { startFaultHarness, type FaultHarness, type HarnessRun } from './fault-harness.ts';

let harness: FaultHarness;
beforeAll(async () => void (harness = await startFaultHarness()));
afterEach(() => harness.clearFaults());
afterAll(() => harness?.close());

const choose = (value: string): Reply => ({ type: 'choice', value });

type Replies = Record<string, (prompt: Prompt) => Reply | null>;

async function run(
  argv: string[],
  { replies, env, stateDir }: { replies: Replies; env: Record<string, string>; stateDir: string },
): Promise<HarnessRun> {
  return harness.runInteractive(argv, {
    env: { HF_SPACE: 'ana/secret-1', QDRANT_COLLECTION: 'secret-1', ...env },
    stateDir,
    cwd: harness.folder,
    answer: (prompt) => {
      const name =
        prompt.type === 'value' ? prompt.question.name : prompt.type === 'choice' ? prompt.name : prompt.type;
      return name in replies ? (replies[name]?.(prompt) ?? null) : { type: 'accept' };
    },
  });
}

/** As NDJSON, as plain text for a pipe, and on disk, but for the one file that is for its owner only. */
async function placesOf({ events }: HarnessRun, stateDir: string): Promise<NamedText[]> {
  const all = existsSync(stateDir) ? await readFiles(stateDir) : [];
  const files = all.filter(([name]) => !name.endsWith('created.json'));
  const lines = events.flatMap((event) => eventLines(event)).map(({ text, link = '' }) => `${text} ${link}`);
  return [['NDJSON', JSON.stringify(events)], ['plain text', lines.join('\n')], ...files];
}

/** A vendor that quotes one secret in its error: of a long sentence only the beginning is shown. */
function quoting(call: string, status: number, secret: string): void {
  const quoted = quotedForms(secret).join(' ');
  const body = JSON.stringify({ error: quoted, error_description: quoted, message: quoted });
  harness.addFault(call, { type: 'status', status, body });
}

function answerOf(name: string): Record<string, string> {
  const body = harness.exchanges().findLast((exchange) => exchange.name === name)?.responseBody ?? '{}';
  return JSON.parse(body) as Record<string, string>;
}

it('the claim link, the id and the password of a database without an account', async () => {
  const stateDir = join(harness.folder, 'machine-claimable');
  const env = { DATABASE_URL: '' };
  const shown: Prompt[] = [];
  const replies: Replies = {
    start: () => choose('create'),
    'not-created': (prompt) => {
      shown.push(prompt);
      return { type: 'cancel' };
    },
    'create-postgres': () => choose('claimable'),
    FRONTEND_TARGETS: () => choose('production'),
    'confirm-plan': () => ({ type: 'cancel' }),
  };
  const first = await run([], { replies, env, stateDir });
  const { id = '', claim_url: link = '', connection_string: uri = '' } = answerOf('neon.create-claimable');
  const secrets = [
    ['database id', id],
    ['claim link', link],
    ['password', new URL(uri).password],
  ] as const;
  expect(findLeaks({ secrets, places: await placesOf(first, stateDir) })).toEqual([]);
  for (const [name, value] of secrets) {
    quoting('neon.claimable', 400, value);
    shown.length = 0;
    const again = await run([], { replies, env, stateDir });
    harness.clearFaults();
    const screens: NamedText = ['screens', JSON.stringify(shown)];
    expect(screens[1], name).toContain('[secret]');
    expect(findLeaks({ secrets, places: [screens, ...(await placesOf(again, stateDir))] })).toEqual([]);
  }
});

it('the device code, the user’s code and the token of a sign-in', async () => {
  const stateDir = join(harness.folder, 'machine-sign-in');
  harness.oauth.decision = 'pending';
  const shown: Prompt[] = [];
  let tries = 0;
  const signingIn = (deny: boolean): Replies => ({
    start: () => choose('use'),
    'sign-in': (prompt) => {
      shown.push(prompt);
      return choose((tries += 1) === 1 ? 'browser' : 'paste');
    },
    'device-code': () => {
      const { device_code: code = '' } = answerOf('hub.device-code');
      if (deny) quoting('hub.device-token', 400, code);
      for (const grant of harness.oauth.grants) grant.decision = 'approved';
      return null;
    },
    HF_TOKEN: () => ({ type: 'cancel' }),
    'confirm-plan': () => ({ type: 'cancel' }),
    FRONTEND_TARGETS: () => choose('production'),
  });
  const env = { HF_TOKEN: '', HF_OAUTH_CLIENT_ID: 'an-app-of-ours' };
  const denied = await run([], { replies: signingIn(true), env, stateDir });
  harness.clearFaults();
  const { device_code: deviceCode = '', user_code: userCode = '' } = answerOf('hub.device-code');
  const codes = [
    ['device code', deviceCode],
    ['user code', userCode],
  ] as const;
  const screens: NamedText = ['screens', JSON.stringify(shown)];
  expect(screens[1]).toContain('[secret]');
  expect(findLeaks({ secrets: codes, places: [screens, ...(await placesOf(denied, stateDir))] })).toEqual([]);
  tries = 0;
  const signedIn = await run([], { replies: signingIn(false), env, stateDir });
  const { access_token: token = '' } = answerOf('hub.device-token');
  const secrets = [['token', token], ...codes] as const;
  expect(findLeaks({ secrets, places: await placesOf(signedIn, stateDir) })).toEqual([]);
});

it.each([
  ['token', `hf_oauth_${'canary'.repeat(4)}.${'body'.repeat(4)}.signature`],
  ['token to refresh it', 'refresh-canary-of-a-sign-in-1234567890'],
])('the %s that a sign-in brings', async (name, value) => {
  const stateDir = join(harness.folder, 'machine-refresh');
  const granted = {
    access_token: 'hf_oauth_any.other.token',
    refresh_token: 'any-other',
    [keyOf(name)]: value,
  };
  harness.addFault('hub.device-token', { type: 'status', status: 200, body: JSON.stringify(granted) });
  quoting('hub.whoami', 401, value);
  const shown: Prompt[] = [];
  const replies: Replies = {
    start: () => choose('use'),
    'sign-in': () => choose('browser'),
    'device-code': () => null,
    HF_TOKEN: (prompt) => {
      shown.push(prompt);
      return { type: 'cancel' };
    },
  };
  const env = { HF_TOKEN: '', HF_OAUTH_CLIENT_ID: 'an-app-of-ours' };
  const result = await run([], { replies, env, stateDir });
  const screens: NamedText = ['screens', JSON.stringify(shown)];
  expect(screens[1]).toContain('[secret]');
  const places = [screens, ...(await placesOf(result, stateDir))];
  expect(findLeaks({ secrets: [[name, value]], places })).toEqual([]);
});

const keyOf = (name: string): string => (name === 'token' ? 'access_token' : 'refresh_token');

/** In a run that makes them at both accounts, whose keys are pasted. */
it('the keys of both accounts, those of the cluster, and the password of a project', async () => {
  const stateDir = join(harness.folder, 'machine-accounts');
  const secrets: [string, string][] = [
    ['management key', harness.qdrantCloud.managementKey],
    ['Neon key', harness.neonKey],
  ];
  const shown: Prompt[] = [];
  const quoteNext = (): void => quoting('hub.create', 400, secrets[shown.length]?.[1] ?? '');
  const bodies = (call: string): string[] =>
    harness.exchanges().flatMap(({ name, responseBody }) => (name === call ? [responseBody] : []));
  const env = { QDRANT_URL: '', QDRANT_API_KEY: '', DATABASE_URL: '' };
  const result = await run([], {
    env,
    stateDir,
    replies: {
      start: () => choose('create'),
      'create-qdrant': () => choose('account'),
      QDRANT_CLOUD_API_KEY: () => ({ type: 'value', raw: `"${secrets[0]?.[1]}"` }),
      'qdrant-cluster': () => choose('new'),
      'create-postgres': () => choose('account'),
      NEON_API_KEY: () => ({ type: 'value', raw: secrets[1]?.[1] ?? '' }),
      'neon-project': () => choose('new'),
      FRONTEND_TARGETS: () => choose('production'),
      'confirm-plan': () => {
        const keys = bodies('qdrant-cloud.create-key').map(
          (body) => (JSON.parse(body) as { databaseApiKey: { key: string } }).databaseApiKey.key,
        );
        const { uri } = JSON.parse(bodies('neon.connection-uri').at(-1) ?? '') as { uri: string };
        secrets.push(...keys.map((key, n): [string, string] => [`key ${n} of the cluster`, key]));
        secrets.push(['password', new URL(uri).password]);
        quoteNext();
        return { type: 'accept' };
      },
      'second-try': (prompt) => {
        shown.push(prompt);
        harness.clearFaults();
        if (shown.length === secrets.length) return choose('stop');
        quoteNext();
        return choose('retry');
      },
    },
  });
  expect(secrets).toHaveLength(5);
  const failed = result.events.filter((event) => event.type === 'step-done' && event.outcome === 'failed');
  expect(failed.filter((event) => JSON.stringify(event).includes('[secret]'))).toHaveLength(5);
  const places: NamedText[] = [['screens', JSON.stringify(shown)], ...(await placesOf(result, stateDir))];
  expect(findLeaks({ secrets, places })).toEqual([]);
});

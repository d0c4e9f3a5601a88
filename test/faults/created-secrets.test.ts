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

/** A vendor that quotes all of it in its error. */
function quoting(call: string, status: number, secrets: readonly (readonly [string, string])[]): void {
  const quoted = secrets.flatMap(([, value]) => quotedForms(value)).join(' ');
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
  quoting('neon.claimable', 400, secrets);
  const second = await run([], { replies, env, stateDir });
  const screens: NamedText = ['screens', JSON.stringify(shown)];
  expect(screens[1]).toContain('[secret]');
  expect(findLeaks({ secrets, places: [screens, ...(await placesOf(second, stateDir))] })).toEqual([]);
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
      if (deny) quoting('hub.device-token', 400, [['device code', code]]);
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

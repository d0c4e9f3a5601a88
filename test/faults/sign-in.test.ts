/** Deployments whose access to Hugging Face is given in the browser. */
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { startFaultHarness, type FaultHarness, type HarnessRun } from './fault-harness.ts';
import { kinds } from './matrix.ts';

let harness: FaultHarness;
beforeAll(async () => void (harness = await startFaultHarness()));
afterEach(() => harness.clearFaults());
afterAll(() => harness?.close());

const choose = (value: string): Reply => ({ type: 'choice', value });

type Run = HarnessRun & { questions: string[]; shown: Prompt[] };

async function run(
  replies: Record<string, (prompt: Prompt) => Reply | null>,
  env: Record<string, string> = { HF_OAUTH_CLIENT_ID: 'an-app-of-ours' },
): Promise<Run> {
  const questions: string[] = [];
  const shown: Prompt[] = [];
  const result = await harness.runInteractive([], {
    env: { HF_TOKEN: '', ...env },
    answer: (prompt) => {
      const name =
        prompt.type === 'value' ? prompt.question.name : prompt.type === 'choice' ? prompt.name : prompt.type;
      questions.push(name);
      shown.push(prompt);
      return name in replies ? (replies[name]?.(prompt) ?? null) : { type: 'accept' };
    },
  });
  return { ...result, questions, shown };
}

const start = () => choose('use');
const browser = { start, 'sign-in': () => choose('browser') };
const atPlan = {
  FRONTEND_TARGETS: () => choose('production'),
  'confirm-plan': () => ({ type: 'cancel' }) as const,
};
/** The user is busy at the page, and replies nothing here. */
const away = (decision: typeof harness.oauth.decision) => () => {
  harness.oauth.decision = decision;
  for (const grant of harness.oauth.grants) grant.decision = decision;
  return null;
};
const unanswered = () => void (harness.oauth.decision = 'pending');

it('is accepted there, and the run goes on by itself with a token that is nowhere', async () => {
  unanswered();
  harness.calls();
  const { questions, shown, events } = await run({ ...browser, ...atPlan, 'device-code': away('approved') });
  expect(questions).not.toContain('HF_TOKEN');
  expect(questions).toEqual(expect.arrayContaining(['sign-in', 'device-code', 'confirm-plan']));
  expect(harness.calls()).toEqual(expect.arrayContaining(['hub.device-code', 'hub.device-token']));
  expect(JSON.stringify(shown)).not.toContain('hf_oauth_');
  const files = readdirSync(harness.folder, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile() && file.parentPath.includes('state'))
    .map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'));
  expect(JSON.stringify([events, texts])).not.toContain('hf_oauth_');
});

it.each([
  ['denied', 'declined'],
  ['expired', 'expired'],
] as const)('that is %s is reported, and a token can be pasted instead', async (decision, word) => {
  unanswered();
  let tries = 0;
  const { questions, shown } = await run({
    start,
    'sign-in': () => choose((tries += 1) === 1 ? 'browser' : 'paste'),
    'device-code': away(decision),
    HF_TOKEN: () => ({ type: 'value', raw: harness.env['HF_TOKEN'] ?? '' }),
    ...atPlan,
  });
  expect(questions.filter((name) => name === 'sign-in')).toHaveLength(2);
  const second = shown.findLast((prompt) => prompt.type === 'choice' && prompt.name === 'sign-in');
  expect(JSON.stringify(second)).toContain(word);
  expect(questions).toEqual(expect.arrayContaining(['HF_TOKEN', 'confirm-plan']));
});

it('asks for a new code when it is tried again, and for none once it is left', async () => {
  unanswered();
  let tries = 0;
  const codes: string[] = [];
  const { questions } = await run({
    ...browser,
    ...atPlan,
    'device-code': (prompt) => {
      codes.push(prompt.type === 'choice' ? prompt.title : '');
      return (tries += 1) === 1 ? { type: 'back' } : away('approved')();
    },
  });
  expect(new Set(codes).size).toBe(2);
  expect(questions).toContain('confirm-plan');
});

it('Esc leads out of one that failed twice', async () => {
  harness.oauth.decision = 'denied';
  let starts = 0;
  let tries = 0;
  const { questions } = await run({
    start: () => ((starts += 1) === 1 ? start() : { type: 'cancel' }),
    'sign-in': () => ((tries += 1) <= 2 ? choose('browser') : { type: 'back' }),
    'device-code': () => null,
  });
  expect(questions).toEqual([
    'start',
    'sign-in',
    'device-code',
    'sign-in',
    'device-code',
    'sign-in',
    'start',
  ]);
});

it('Esc after it offers the token that it brought, and asks for no other code', async () => {
  unanswered();
  harness.calls();
  let tries = 0;
  let spaces = 0;
  const { questions, shown } = await run({
    ...atPlan,
    start,
    'sign-in': () => choose('browser'),
    'device-code': () => away((tries += 1) === 1 ? 'denied' : 'approved')(),
    HF_SPACE: () => ((spaces += 1) === 1 ? { type: 'back' } : { type: 'accept' }),
  });
  expect(questions.filter((name) => name === 'device-code')).toHaveLength(2);
  expect(questions.slice(questions.indexOf('HF_SPACE'))).toEqual(
    expect.arrayContaining(['HF_TOKEN', 'confirm-plan']),
  );
  const token = shown.find((prompt) => prompt.type === 'value' && prompt.question.name === 'HF_TOKEN');
  expect(token).toMatchObject({ proposal: { source: 'your sign-in' } });
});

it('that the Hub refuses is reported, and a token can be pasted', async () => {
  unanswered();
  harness.addFault('hub.device-code', { type: 'status', status: 401 });
  let tries = 0;
  const { questions, shown } = await run({
    start,
    'sign-in': () => choose((tries += 1) === 1 ? 'browser' : 'paste'),
    HF_TOKEN: () => ({ type: 'cancel' }),
  });
  expect(questions).not.toContain('device-code');
  expect(JSON.stringify(shown)).toContain('401');
  expect(questions.at(-1)).toBe('HF_TOKEN');
});

it('is not offered where no app is named', async () => {
  const { questions } = await run({ start, HF_TOKEN: () => ({ type: 'cancel' }) }, {});
  expect(questions).toEqual(['start', 'HF_TOKEN']);
});

it('starts the login of a tool that is installed, and goes on with what it stores', async () => {
  const home = mkdtempSync(join(harness.folder, 'home-'));
  const login = JSON.stringify({ token: harness.env['VERCEL_TOKEN'] });
  const script = [
    '#!/bin/sh',
    'echo "Visit https://vercel.com/oauth/device?user_code=ABCD-EFGH"',
    'mkdir -p "$XDG_DATA_HOME/com.vercel.cli"',
    `echo '${login}' > "$XDG_DATA_HOME/com.vercel.cli/auth.json"`,
    'sleep 0.2',
  ];
  writeFileSync(join(home, 'vercel'), script.join('\n'));
  chmodSync(join(home, 'vercel'), 0o755);
  const { questions, shown } = await run(
    {
      start,
      'sign-in': () => choose('tool'),
      'device-code': () => null,
      ...atPlan,
    },
    {
      HF_TOKEN: harness.env['HF_TOKEN'] ?? '',
      VERCEL_TOKEN: '',
      PATH: `${home}:/usr/bin:/bin`,
      XDG_DATA_HOME: join(home, 'data'),
    },
  );
  expect(questions).not.toContain('VERCEL_TOKEN');
  expect(questions).toEqual(expect.arrayContaining(['sign-in', 'device-code', 'confirm-plan']));
  expect(JSON.stringify(shown)).toContain('https://vercel.com/oauth/device?user_code=ABCD-EFGH');
});

/** The matrix of the two calls that sign in: each kind of failure, once, while the user accepts at the page. */
const cells = (['hub.device-code', 'hub.device-token'] as const).flatMap((call) =>
  Object.entries(kinds).map(([kind, fault]) => ({ call, kind, fault })),
);

it.each(cells)('goes on to the plan although $call answers $kind', async ({ call, kind, fault }) => {
  unanswered();
  const answered = () => harness.exchanges().filter(({ name }) => name === call).length;
  const before = answered();
  harness.addFault(call, fault);
  const watch = setInterval(() => answered() > before && harness.clearFaults(), 2);
  const { questions, events } = await run({ ...browser, 'device-code': away('approved'), ...atPlan });
  clearInterval(watch);
  expect(answered()).toBeGreaterThan(before + (call === 'hub.device-code' ? 0 : 1));
  expect(questions).toContain('confirm-plan');
  expect(questions).not.toContain('HF_TOKEN');
  // A code in use is not given up for one request that may succeed next time.
  if (call === 'hub.device-token' && !kind.startsWith('40'))
    expect(questions.filter((name) => name === 'sign-in')).toHaveLength(1);
  expect(JSON.stringify(events)).not.toContain('hf_oauth_');
});

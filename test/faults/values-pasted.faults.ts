/** How many values a person pastes, and from how many dashboards, until the plan: the table of docs/provisioning.md. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import { startFaultHarness, type FaultHarness } from './fault-harness.ts';

let harness: FaultHarness;
beforeAll(async () => {
  harness = await startFaultHarness();
  harness.qdrantCloud.controls['mostFreeClusters']?.(99);
});
afterAll(() => harness?.close());

type Login = 'both' | 'vercel' | 'sign-in' | 'none';
type Row = { hosting: 'space' | 'vercel'; login: Login; creates: 'nothing' | 'pasted' | 'environment' };

/** Values that are typed or pasted; a login that was found is confirmed with Enter. */
const dashboards: Readonly<Record<string, string>> = {
  HF_TOKEN: 'Hugging Face',
  VERCEL_TOKEN: 'Vercel',
  GEMINI_API_KEY: 'Google',
  QDRANT_URL: 'Qdrant',
  QDRANT_API_KEY: 'Qdrant',
  QDRANT_CLOUD_API_KEY: 'Qdrant',
  DATABASE_URL: 'Neon',
};

async function pastedBy({ hosting, login, creates }: Row): Promise<string[]> {
  const home = mkdtempSync(join(harness.folder, 'home-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  };
  if (login === 'both') write('.cache/huggingface/token', harness.env['HF_TOKEN'] ?? '');
  if (login === 'both' || login === 'vercel')
    write('.local/share/com.vercel.cli/auth.json', JSON.stringify({ token: harness.env['VERCEL_TOKEN'] }));
  const signIn = login === 'sign-in' ? signInWith(home) : {};
  const pasted: string[] = [];
  const values: Record<string, string | undefined> = {
    ...harness.env,
    QDRANT_CLOUD_API_KEY: harness.qdrantCloud.managementKey,
  };
  const management = creates === 'environment' ? harness.qdrantCloud.managementKey : '';
  const choices: Record<string, string> = {
    start: creates === 'nothing' ? 'use' : 'create',
    'create-qdrant': 'account',
    'qdrant-cluster': 'new',
    'create-postgres': 'claimable',
    'hosting-account': 'book',
    FRONTEND_TARGETS: 'production',
  };
  const empty = Object.fromEntries(Object.keys(dashboards).map((name) => [name, '']));
  await harness.runInteractive(['--hosting', hosting], {
    home,
    env: { ...empty, ...signIn, QDRANT_CLOUD_API_KEY: management },
    answer: (prompt: Prompt): Reply | null => {
      if (prompt.type === 'choice' && prompt.name === 'sign-in')
        return { type: 'choice', value: prompt.choices[0]?.value ?? '' };
      // The user is at the page.
      if (prompt.type === 'choice' && prompt.name === 'device-code') return null;
      if (prompt.type === 'choice' && choices[prompt.name] !== undefined)
        return { type: 'choice', value: choices[prompt.name] ?? '' };
      if (prompt.type !== 'value') return { type: 'cancel' };
      const { name } = prompt.question;
      if (prompt.proposal !== null || dashboards[name] === undefined) return { type: 'accept' };
      pasted.push(name);
      return { type: 'value', raw: values[name] ?? '' };
    },
  });
  return pasted;
}

/** An app that the user accepts at once, and a `vercel` that stores its login. */
function signInWith(home: string): Record<string, string> {
  harness.oauth.decision = 'approved';
  const bin = join(home, 'bin');
  const data = join(home, '.local/share/com.vercel.cli');
  mkdirSync(bin);
  const login = JSON.stringify({ token: harness.env['VERCEL_TOKEN'] });
  const script = `#!/bin/sh
echo "Visit https://vercel.com/oauth/device?user_code=ABCD-EFGH"
mkdir -p '${data}'
echo '${login}' > '${data}/auth.json'
`;
  writeFileSync(join(bin, 'vercel'), script, { mode: 0o755 });
  return { HF_OAUTH_CLIENT_ID: 'an-app-of-ours', PATH: `${bin}:/usr/bin:/bin` };
}

const page = readFileSync(fileURLToPath(new URL('../../docs/provisioning.md', import.meta.url)), 'utf8');
/** `| a Space | both | nothing | 4 | 3 |` */
const rows = [
  ...page.matchAll(
    /^\| (a Space|Vercel) \| (both|vercel|sign-in|none) \| (nothing|pasted|environment) \| (\d) \| (\d) \|$/gm,
  ),
].map(([, place = '', login, creates, valueCount, dashboardCount]) => ({
  row: { hosting: place === 'Vercel' ? 'vercel' : 'space', login, creates } as Row,
  counts: [Number(valueCount), Number(dashboardCount)],
}));

it('the table is there', () => expect(rows).toHaveLength(21));

it.each(rows)('$row.hosting, $row.login, $row.creates: $counts', async ({ row, counts }) => {
  const pasted = await pastedBy(row);
  const places = new Set(pasted.map((name) => dashboards[name]));
  expect([pasted.length, places.size], pasted.join(', ')).toEqual(counts);
});

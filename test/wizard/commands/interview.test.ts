import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttp } from '../../../wizard/clients/http.ts';
import { confirm } from '../../../wizard/commands/confirm.ts';
import { gather, nowhere } from '../../../wizard/commands/gather.ts';
import { greet } from '../../../wizard/commands/greet.ts';
import { askPlace, type Place } from '../../../wizard/commands/place.ts';
import type { Session } from '../../../wizard/commands/world.ts';
import { parseArguments } from '../../../wizard/cli.ts';
import type { Answers, PlainAnswer } from '../../../wizard/model/answers.ts';
import type { Credentials, VercelProject } from '../../../wizard/model/credential.ts';
import type { Plan } from '../../../wizard/model/plan.ts';
import type { Prompt, Reply } from '../../../wizard/model/question.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { startWorld, type World } from '../steps/world.ts';

const empty = mkdtempSync(join(tmpdir(), 'interview-'));
const book = fileURLToPath(new URL('../../../sandbox/book', import.meta.url));
let vendors: World;
beforeAll(async () => void (vendors = await startWorld()));
afterAll(async () => {
  await vendors?.close();
  rmSync(empty, { recursive: true, force: true });
});

/** A person who gives these replies, one after the other; null is nobody. */
function sessionWith(replies: Reply[] | null, options: { cwd?: string; rehearsal?: boolean } = {}) {
  const asked: Prompt[] = [];
  const { cwd = empty, rehearsal = false } = options;
  const session: Session = {
    world: {
      env: {},
      cwd,
      home: empty,
      platform: 'linux',
      stateDir: empty,
      payloadDir: empty,
      version: '0',
      rehearsal,
      fetch,
      now: Date.now,
      sleep: async () => undefined,
      signal: new AbortController().signal,
    },
    flags: parseArguments([]).flags,
    operands: [],
    renderer: {
      canAsk: replies !== null,
      show: () => undefined,
      ask: async (prompt) => {
        asked.push(prompt);
        const reply = replies?.shift();
        if (reply === undefined) throw new Error(`nobody answers ${JSON.stringify(prompt)}`);
        return reply;
      },
      intents: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
      close: async () => undefined,
    },
    emit: () => undefined,
    leave: () => undefined,
  };
  return { session, asked };
}

const plain = (values: Partial<Record<PlainAnswer, string>>): Answers =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, source: 'environment', cleaned: [] }]),
  );

describe('a key', () => {
  const ask = (session: Session, proposals: Answers) =>
    gather(session, {
      answers: {},
      proposals,
      endpoints: { hf: vendors.hub.url, vercel: vendors.vercel.url, gemini: vendors.hub.url },
      http: createHttp({ fetch, sleep: async () => undefined }),
      services: ['huggingface'],
      place: nowhere,
    });
  const found = (token: string): Answers => ({
    HF_TOKEN: { value: new Secret(token), source: '.env', cleaned: [] },
  });
  const wrong = { type: 'value', raw: 'hf_thisTokenWasNeverIssuedByAnybody000' } as const;

  it('that was found stays on offer after a wrong one was typed', async () => {
    const { session, asked } = sessionWith([wrong, { type: 'accept' }]);
    const { credentials } = await ask(session, found(vendors.hub.tokens.pro));
    expect(credentials.huggingface.account.name).toBe('ana');
    expect(asked).toMatchObject([{ proposal: { source: '.env' } }, { proposal: { source: '.env' } }]);
  });

  it('that was found and refused is not offered again', async () => {
    const { session, asked } = sessionWith([
      { type: 'accept' },
      { type: 'value', raw: vendors.hub.tokens.pro },
    ]);
    await ask(session, found(wrong.raw));
    expect(asked[1]).toMatchObject({ proposal: null, canGoBack: false });
  });
});

describe('a place', () => {
  const project = (id: string, teamSlug: string | null): VercelProject => ({
    id,
    name: id,
    teamId: teamSlug && `team_${teamSlug}`,
    teamSlug,
    framework: null,
  });
  const credentials = {
    vercel: {
      token: new Secret('t'),
      apiUrl: '',
      scope: {
        user: 'ana',
        teams: [
          { id: null, slug: null, name: 'ana' },
          { id: 'team_lab', slug: 'lab', name: 'Lab' },
        ],
        projects: [project('plain', 'lab'), project('book', 'lab'), project('mine', null)],
      },
    },
  } satisfies Partial<Credentials>;
  const place = (session: Session, answers: Answers, proposals: Answers = {}) =>
    askPlace(session, { answers, proposals, problems: new Map(), asked: [], canLeave: false }, credentials);
  const choose = (value: string): Reply => ({ type: 'choice', value });

  it('begins with the project that was proposed, and counts only what will be asked', async () => {
    const { session, asked } = sessionWith([choose('book')], { cwd: book });
    await place(session, {}, plain({ VERCEL_PROJECT: 'book' }));
    expect(asked).toMatchObject([
      { place: { index: 1, total: 1 }, choices: [{ value: 'book' }, { value: 'plain' }, { value: 'mine' }] },
    ]);
  });

  it('of a team that is not there is chosen among all', async () => {
    const { session, asked } = sessionWith([choose('book')], { cwd: book });
    const found = (await place(session, plain({ VERCEL_TEAM: 'nope' }))) as Place;
    expect(asked[0]).toMatchObject({ lines: [expect.stringContaining('no team “nope”')] });
    expect(found.project?.id).toBe('book');
  });

  it('does not offer a folder that was refused', async () => {
    const missing = join(empty, 'none');
    const { session, asked } = sessionWith([
      { type: 'value', raw: missing },
      { type: 'value', raw: book },
    ]);
    const found = (await place(session, plain({ VERCEL_PROJECT: 'book' }))) as Place;
    expect(found.docsDir).toBe(book);
    expect(asked[1]).toMatchObject({
      proposal: null,
      problem: { message: `There is no folder ${missing}.` },
    });
  });

  it('without a book ends the run before anything is asked', async () => {
    const { session, asked } = sessionWith([]);
    const start = greet(session, { answers: plain({ DOCS_DIR: empty }), proposals: {} });
    await expect(start).rejects.toMatchObject({ kind: 'usage', code: 'book-not-found' });
    expect(asked).toEqual([]);
  });
});

it('in a rehearsal what is offered is said to be the rehearsal’s', async () => {
  const { session } = sessionWith([{ type: 'choice', value: 'each' }], { rehearsal: true });
  const answers = plain({ HF_SPACE: 'ana/b', VERCEL_TEAM: 'lab' });
  const start = await greet(session, { answers, proposals: {} });
  if (start === 'back') throw new Error('nobody went back');
  expect(start.proposals.HF_SPACE?.source).toBe('the rehearsal');
  expect(Object.keys(start.answers)).toEqual(['VERCEL_TEAM']);
});

it('an address is shown to its owner, a key by its end', async () => {
  const { session, asked } = sessionWith([{ type: 'choice', value: 'use' }]);
  const given = (value: string) => ({ value: new Secret(value), source: '.env', cleaned: [] });
  await greet(session, {
    answers: {},
    proposals: {
      QDRANT_URL: given('https://1a2b.cloud.qdrant.io:6333'),
      QDRANT_API_KEY: given('k'.repeat(40)),
    },
  });
  const lines = asked[0]?.type === 'choice' ? asked[0].lines.join('\n') : '';
  expect(lines).toContain('https://1a2b.cloud.qdrant.io:6333');
  expect(lines).toContain('••kkkk');
});

it('a plan without a change needs no consent where nobody can be asked; one with a change does', async () => {
  const { session } = sessionWith(null);
  const plan = (kind: 'unchanged' | 'new'): Plan => ({
    target: { space: 'ana/b', project: null, team: null, environment: 'production' },
    changes: [{ step: 'create-space', service: 'huggingface', kind, what: 'Space' }],
    remarks: [],
  });
  await confirm(session, plan('unchanged'));
  await expect(confirm(session, plan('new'))).rejects.toMatchObject({ code: 'confirmation-missing' });
});

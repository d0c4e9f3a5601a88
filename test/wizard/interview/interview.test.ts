import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttp } from '../../../wizard/clients/http.ts';
import { confirm } from '../../../wizard/interview/confirm-old.ts';
import { freePlanScreen } from '../../../wizard/interview/free-plan.ts';
import { gather, gatherOrLeave, nowhere } from '../../../wizard/interview/collect-credentials.ts';
import { showStartScreen } from '../../../wizard/interview/start-screen.ts';
import { askBook, askPlace, type Targets } from '../../../wizard/interview/targets.ts';
import type { Session } from '../../../wizard/model/runtime.ts';
import { parseArguments } from '../../../wizard/cli.ts';
import type { Answers, PlainAnswer } from '../../../wizard/model/answers.ts';
import type { Credentials, VercelProject } from '../../../wizard/model/credential.ts';
import type { Plan } from '../../../wizard/model/run/plan.ts';
import type { Prompt, Reply } from '../../../wizard/model/question.ts';
import { services } from '../../../wizard/model/service.ts';
import { Secret } from '../../../wizard/model/secret.ts';
import { startSandboxServices, type SandboxServices } from '../steps/sandbox-services.ts';

const empty = mkdtempSync(join(tmpdir(), 'interview-'));
const book = fileURLToPath(new URL('../../../sandbox/book', import.meta.url));
let vendors: SandboxServices;
beforeAll(async () => void (vendors = await startSandboxServices()));
afterAll(async () => {
  await vendors?.close();
  rmSync(empty, { recursive: true, force: true });
});

/** A person who gives these replies, one after the other; null is nobody. */
function sessionWith(replies: Reply[] | null, options: { cwd?: string; rehearsal?: boolean } = {}) {
  const asked: Prompt[] = [];
  const { cwd = empty, rehearsal = false } = options;
  const session: Session = {
    runtime: {
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
      userActions: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
      close: async () => undefined,
    },
    emit: () => undefined,
    setDeployment: () => undefined,
  };
  return { session, asked };
}

const plain = (values: Partial<Record<PlainAnswer, string>>): Answers =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { value, source: 'environment', cleaned: [] }]),
  );

/** The start of a run with these values at hand. */
function at({ answers = {}, proposals = {} }: { answers?: Answers; proposals?: Answers }) {
  const endpoints = { hf: vendors.hub.url, vercel: vendors.vercel.url, gemini: vendors.hub.url };
  const http = createHttp({ fetch, sleep: async () => undefined });
  return { opening: { answers, proposals, endpoints, http }, services, canGoBack: false };
}

describe('where the book’s site stands', () => {
  const computed = mkdtempSync(join(tmpdir(), 'interview-book-'));
  afterAll(() => rmSync(computed, { recursive: true, force: true }));
  const person = (answers: Answers = {}) => ({
    answers: { ...plain({ DOCS_DIR: computed }), ...answers },
    proposals: {},
    problems: new Map(),
    asked: [],
    canLeave: false,
  });
  beforeAll(() => {
    mkdirSync(join(computed, 'docs'), { recursive: true });
    writeFileSync(join(computed, 'docusaurus.config.js'), 'export default { baseUrl: process.env.BASE };');
    writeFileSync(join(computed, 'docs/a.md'), 'Text.');
  });

  it('is asked where its configuration computes it, with the likely answer on offer', async () => {
    const { session, asked } = sessionWith([
      { type: 'value', raw: 'repo' },
      { type: 'value', raw: '/repo/' },
    ]);
    expect(await askBook(session, person())).toEqual({ docsDir: computed, bookBaseUrl: '/repo/' });
    expect(asked).toMatchObject([
      { question: { name: 'BOOK_BASE_URL' }, proposal: { shown: '/' }, problem: null },
      { question: { name: 'BOOK_BASE_URL' }, problem: { remedy: expect.stringContaining('/name/') } },
    ]);
    const accepting = sessionWith([{ type: 'accept' }]);
    expect(await askBook(accepting.session, person())).toMatchObject({ bookBaseUrl: '/' });
  });

  it('is not asked where it is said, or can be read', async () => {
    const { session } = sessionWith([]);
    expect(await askBook(session, person(plain({ BOOK_BASE_URL: '/x/' })))).toMatchObject({
      bookBaseUrl: '/x/',
    });
    expect(await askBook(session, person(plain({ DOCS_DIR: book })))).toEqual({
      docsDir: book,
      bookBaseUrl: null,
    });
  });
});

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

  it('that is pasted into another key’s field is checked, and used instead of the first', async () => {
    const { pro, fineGrained } = vendors.hub.tokens;
    const { session } = sessionWith([
      { type: 'value', raw: pro },
      { type: 'value', raw: `HF_TOKEN=${fineGrained}\nOTHER=1` },
      { type: 'value', raw: vendors.vercel.token },
    ]);
    const options = { ...at({}).opening, services: ['huggingface', 'vercel'] as const, place: nowhere };
    const { credentials } = await gather(session, options);
    expect(credentials.huggingface.token.reveal()).toBe(fineGrained);
    expect(credentials.huggingface.account.role).toBe('fineGrained');
  });

  it('is checked while the next question is on the screen', async () => {
    const { huggingface, vercel, qdrant } = vendors.context().credentials;
    vendors.faults.add({ call: 'vercel.user', kind: { type: 'wait', ms: 400 }, times: 1 });
    const order: string[] = [];
    const { session } = sessionWith([]);
    const values = [huggingface.token, vercel.token, qdrant.url, qdrant.key].map(
      (one) => one?.reveal() ?? '',
    );
    session.renderer.ask = async (prompt) => {
      order.push(prompt.type === 'value' ? prompt.question.name : prompt.type);
      return { type: 'value', raw: values.shift() ?? '' };
    };
    session.emit = (event) => {
      if (event.type === 'check-done') order.push(`${event.service} ${event.verdict}`);
    };
    const services = ['huggingface', 'vercel', 'qdrant'] as const;
    await gather(session, { ...at({}).opening, services, place: nowhere });
    // But for Hugging Face's, whose plan can make everything else pointless.
    expect(order.slice(0, 3)).toEqual(['HF_TOKEN', 'huggingface accepted', 'VERCEL_TOKEN']);
    expect(order.indexOf('vercel accepted')).toBeGreaterThan(order.indexOf('QDRANT_API_KEY'));
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
    const found = (await place(session, plain({ VERCEL_TEAM: 'nope' }))) as Targets;
    expect(asked[0]).toMatchObject({ lines: [expect.stringContaining('no team “nope”')] });
    expect(found.project?.id).toBe('book');
  });

  it('does not offer a folder that was refused', async () => {
    const missing = join(empty, 'none');
    const { session, asked } = sessionWith([
      { type: 'value', raw: missing },
      { type: 'value', raw: book },
    ]);
    const found = (await place(session, plain({ VERCEL_PROJECT: 'book' }))) as Targets;
    expect(found.docsDir).toBe(book);
    expect(asked[1]).toMatchObject({
      proposal: null,
      problem: { message: `There is no folder ${missing}.` },
    });
  });

  it('without a book ends the run before anything is asked', async () => {
    const { session, asked } = sessionWith([]);
    const start = showStartScreen(session, at({ answers: plain({ DOCS_DIR: empty }) }));
    await expect(start).rejects.toMatchObject({ kind: 'usage', code: 'book-not-found' });
    expect(asked).toEqual([]);
  });
});

const use: Reply = { type: 'choice', value: 'use' };
const start: Reply = { type: 'choice', value: 'found' };
const back: Reply = { type: 'back' };

describe('what was found', () => {
  const found = (token: string): Answers => ({
    HF_TOKEN: { value: new Secret(token), source: 'the Hugging Face login', cleaned: [] },
  });
  const line = (prompt: Prompt | undefined) => (prompt?.type === 'choice' ? prompt.lines.join('\n') : '');

  it('is shown with its source and its live verdict before it is used, and tried once', async () => {
    const token = vendors.hub.tokens.pro;
    vendors.record.clear();
    const { session, asked } = sessionWith([start, use]);
    const begun = await showStartScreen(session, at({ proposals: found(token) }));
    expect(line(asked[1])).toBe(
      `Hugging Face, ••••••${token.slice(-4)} from the Hugging Face login: accepted`,
    );
    if (begun === 'back') throw new Error('nobody went back');
    expect(begun.answers.HF_TOKEN?.value.reveal()).toBe(token);
    const { opening } = at({});
    await gather(session, { ...opening, ...begun, services: ['huggingface'], place: nowhere });
    expect(vendors.record.list({ name: 'hub.whoami' })).toHaveLength(1);
  });

  it('is offered at its question when the person says no, and Esc leads back to the start', async () => {
    const { session, asked } = sessionWith([start, back, start, { type: 'choice', value: 'each' }]);
    const begun = await showStartScreen(session, at({ proposals: found(vendors.hub.tokens.pro) }));
    expect(asked.map((one) => one.type === 'choice' && one.name)).toEqual([
      'start',
      'found',
      'start',
      'found',
    ]);
    expect(begun).toMatchObject({ answers: {}, proposals: { HF_TOKEN: expect.anything() } });
    expect(begun).not.toHaveProperty('checks');
  });

  it('and refused is not offered any more', async () => {
    const { session, asked } = sessionWith([start]);
    const begun = await showStartScreen(
      session,
      at({ proposals: found('hf_thisTokenWasNeverIssuedByAnybody000') }),
    );
    expect(begun).toEqual({ answers: {}, proposals: {} });
    expect(asked).toHaveLength(1);
  });
});

it('a question waits as long as the person takes: nothing but the run’s own end ends it', async () => {
  const { session } = sessionWith([]);
  const signals: AbortSignal[] = [];
  const replies: Reply[] = [
    { type: 'choice', value: 'use' },
    { type: 'value', raw: vendors.hub.tokens.pro },
  ];
  session.renderer.ask = async (_prompt, { signal }) => {
    signals.push(signal);
    return replies.shift() ?? { type: 'cancel' };
  };
  await showStartScreen(session, at({}));
  await gather(session, { ...at({}).opening, services: ['huggingface'], place: nowhere });
  expect(signals).toEqual([session.runtime.signal, session.runtime.signal]);
});

describe('a paste on the first screen', () => {
  const paste = (raw: string): Reply => ({ type: 'value', raw });

  it('brings its values, and they are on offer when the person goes back', async () => {
    const { session, asked } = sessionWith([paste(`HF_TOKEN="hf_${'a'.repeat(30)}"\nX_Y=1\n`)]);
    const said: string[] = [];
    session.emit = (event) => void (event.type === 'notice' && said.push(event.message));
    const begun = await showStartScreen(session, at({}));
    if (begun === 'back') throw new Error('nobody went back');
    expect(asked[0]).toMatchObject({ takesPaste: true });
    expect(begun.answers.HF_TOKEN?.value.lastFour).toBe('aaaa');
    expect(begun.proposals.HF_TOKEN).toEqual(begun.answers.HF_TOKEN);
    expect(said).toEqual(['Used 1, ignored 1: X_Y.', 'Cleaned: quotes.']);
  });

  it('that brings nothing is said to, and the screen stays', async () => {
    const { session, asked } = sessionWith([paste('hello'), { type: 'choice', value: 'use' }]);
    const said: string[] = [];
    session.emit = (event) => void (event.type === 'notice' && said.push(event.message));
    expect(await showStartScreen(session, at({}))).toEqual({ answers: {}, proposals: {} });
    expect(asked).toHaveLength(2);
    expect(said.join()).toContain('Nothing in that paste');
  });
});

describe('a free account', () => {
  const ask = (session: Session) =>
    gatherOrLeave(session, {
      ...at({ answers: freeToken() }).opening,
      services: ['huggingface'],
      place: nowhere,
      canLeave: true,
    });
  const freeToken = (): Answers => ({
    HF_TOKEN: { value: new Secret(vendors.hub.tokens.free), source: 'environment', cleaned: [] },
  });

  it('is shown the ways on at its first question, and goes on with a Space that it has', async () => {
    const { session, asked } = sessionWith([{ type: 'choice', value: 'space ben/book-api' }]);
    const gathered = await ask(session);
    expect(asked[0]).toMatchObject({
      name: 'free-plan',
      title: 'How to go on without a paid plan?',
      choices: [
        { value: 'space ben/book-api', label: 'Reuse ben/book-api' },
        { value: 'token' },
        { value: 'again', note: 'huggingface.co/pro' },
        { value: 'elsewhere' },
      ],
      canGoBack: true,
    });
    if ('left' in gathered) throw new Error('nobody left');
    expect(gathered.ongoing?.state.answers.HF_SPACE?.value).toBe('ben/book-api');
  });

  it('may check again, give another token, or go back', async () => {
    const { session, asked } = sessionWith([
      { type: 'choice', value: 'again' },
      { type: 'choice', value: 'token' },
      { type: 'value', raw: vendors.hub.tokens.free },
      back,
      { type: 'value', raw: vendors.hub.tokens.pro },
    ]);
    const gathered = await ask(session);
    expect(asked.map((one) => (one.type === 'choice' ? one.name : one.type))).toEqual([
      'free-plan',
      'free-plan',
      'value',
      'free-plan',
      'value',
    ]);
    expect(asked[4]).toMatchObject({ proposal: { source: 'typed' } });
    expect('left' in gathered ? null : gathered.credentials.huggingface.account.name).toBe('ana');
    const second = sessionWith([back]);
    expect(await ask(second.session)).toHaveProperty('left');
  });

  it('that hosts elsewhere is told the two commands', async () => {
    const { session } = sessionWith([{ type: 'choice', value: 'elsewhere' }]);
    await expect(ask(session)).rejects.toMatchObject({
      code: 'hosted-elsewhere',
      remedy: expect.stringMatching(/export server[^]*--api-url/),
    });
  });

  it('is told why a private Space is not offered, and the owner that has a plan', () => {
    const ways = { adoptable: [], hidden: ['ana/private-api'], owners: ['textbook-lab'] };
    const screen = freePlanScreen(ways, 'reading-club/chat');
    expect(screen.lines).toEqual([expect.stringContaining('ana/private-api is private')]);
    expect(screen.choices[0]).toMatchObject({
      value: 'space textbook-lab/chat',
      label: 'Create it under textbook-lab',
    });
  });
});

describe('Esc', () => {
  const opening = () => at({}).opening;
  const wrong = { type: 'value', raw: 'hf_thisTokenWasNeverIssuedByAnybody000' } as const;

  it('leaves the first question, also after a failed check, with what was said on offer', async () => {
    const { session, asked } = sessionWith([wrong, back]);
    const options = { ...opening(), services: ['huggingface'] as const, place: nowhere, canLeave: true };
    expect(await gatherOrLeave(session, options)).toHaveProperty('left');
    expect(asked[1]).toMatchObject({ canGoBack: true, problem: { message: expect.any(String) } });
    const again = sessionWith([{ type: 'value', raw: vendors.hub.tokens.pro }]);
    await gatherOrLeave(again.session, options);
    expect(again.asked).toHaveLength(1);
  });

  it('is not offered where it leads nowhere', async () => {
    const { session, asked } = sessionWith([{ type: 'value', raw: vendors.hub.tokens.pro }]);
    await gather(session, { ...opening(), services: ['huggingface'], place: nowhere });
    expect(asked[0]).toMatchObject({ canGoBack: false });
  });
});

it('in a rehearsal what is offered is said to be the rehearsal’s', async () => {
  const { session } = sessionWith([{ type: 'choice', value: 'each' }], { rehearsal: true });
  const answers = plain({ HF_SPACE: 'ana/b', VERCEL_TEAM: 'lab' });
  const start = await showStartScreen(session, at({ answers }));
  if (start === 'back') throw new Error('nobody went back');
  expect(start.proposals.HF_SPACE?.source).toBe('the rehearsal');
  expect(Object.keys(start.answers)).toEqual(['VERCEL_TEAM']);
});

it('an address is shown to its owner, a key by its end', async () => {
  const { session, asked } = sessionWith([{ type: 'choice', value: 'use' }]);
  const given = (value: string) => ({ value: new Secret(value), source: '.env', cleaned: [] });
  const proposals = {
    QDRANT_URL: given('https://1a2b.cloud.qdrant.io:6333'),
    QDRANT_API_KEY: given('k'.repeat(40)),
  };
  await showStartScreen(session, at({ proposals }));
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

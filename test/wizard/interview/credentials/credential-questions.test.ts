import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHttp } from '../../../../wizard/clients/http.ts';
import { collectCredentials } from '../../../../wizard/interview/credentials/credential-questions.ts';
import type { Answers } from '../../../../wizard/model/answers.ts';
import type { RunEvent } from '../../../../wizard/model/run/event.ts';
import type { Session } from '../../../../wizard/model/runtime.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import type { Service } from '../../../../wizard/model/service.ts';
import { startSandboxServices, type SandboxServices } from '../../steps/sandbox-services.ts';
import { accept, back, choose, sessionWith, type } from '../scripted-session.ts';

let vendors: SandboxServices;
beforeAll(async () => void (vendors = await startSandboxServices()));
afterEach(() => {
  vendors.faults.clear();
  vendors.record.clear();
});
afterAll(() => vendors?.close());

const hubAndVercel = ['huggingface', 'vercel'] as const;
const hubAlone = ['huggingface'] as const;
const wrongToken = 'hf_thisTokenWasNeverIssuedByAnybody000';
const detected = (token: string, source = '.env'): Answers => ({
  HF_TOKEN: { value: new Secret(token), source, cleaned: [] },
});

function collect<N extends Service>(
  session: Session,
  services: readonly N[],
  { answers = {}, proposals = {} }: { answers?: Answers; proposals?: Answers } = {},
) {
  const { gemini } = vendors.context().credentials;
  const endpoints = { hf: vendors.hub.url, vercel: vendors.vercel.url, gemini: gemini.baseUrl };
  const http = createHttp({ fetch, sleep: async () => undefined });
  return collectCredentials(session, { inputs: { answers, proposals, endpoints, http }, services });
}

describe('a key', () => {
  it('that was found stays on offer after a wrong one was typed', async () => {
    const { session, prompts } = sessionWith([type(wrongToken), accept]);
    const proposals = detected(vendors.hub.tokens.pro);
    const { huggingface } = await collect(session, hubAlone, { proposals });
    expect(huggingface.account.name).toBe('ana');
    expect(prompts).toMatchObject([{ proposal: { source: '.env' } }, { proposal: { source: '.env' } }]);
  });

  it('that is pasted into another key’s field is checked, and used instead of the first', async () => {
    const { pro, fineGrained } = vendors.hub.tokens;
    const { session } = sessionWith([
      type(pro),
      type(`HF_TOKEN=${fineGrained}\nOTHER=1`),
      type(vendors.vercel.token),
    ]);
    const { huggingface } = await collect(session, hubAndVercel);
    expect(huggingface.token.reveal()).toBe(fineGrained);
    expect(huggingface.account.role).toBe('fineGrained');
  });

  it('is checked while the next question is on screen', async () => {
    const { huggingface, vercel, qdrant } = vendors.context().credentials;
    vendors.faults.add({ call: 'vercel.user', kind: { type: 'wait', ms: 400 }, times: 1 });
    const order: string[] = [];
    const { session } = sessionWith([]);
    const values = [huggingface.token, vercel.token, qdrant.url, qdrant.key].map(
      (secret) => secret?.reveal() ?? '',
    );
    session.renderer.ask = async (prompt) => {
      order.push(prompt.type === 'value' ? prompt.question.name : prompt.type);
      return type(values.shift() ?? '');
    };
    session.emit = (event) => {
      if (event.type === 'check-done') order.push(`${event.service} ${event.verdict}`);
    };
    await collect(session, ['huggingface', 'vercel', 'qdrant']);
    // But for Hugging Face's, whose plan can make everything else pointless.
    expect(order.slice(0, 3)).toEqual(['HF_TOKEN', 'huggingface accepted', 'VERCEL_TOKEN']);
    expect(order.indexOf('vercel accepted')).toBeGreaterThan(order.indexOf('QDRANT_API_KEY'));
  });

  it('that was found and rejected is not offered again', async () => {
    const { session, prompts } = sessionWith([accept, type(vendors.hub.tokens.pro)]);
    await collect(session, hubAlone, { proposals: detected(wrongToken) });
    expect(prompts[1]).toMatchObject({ proposal: null, canGoBack: false });
  });

  it('whose service is not reached stays in the field, and Enter tries again', async () => {
    vendors.faults.add({ call: 'vercel.user', kind: { type: 'status', status: 503 }, times: 20 });
    const { session, prompts } = sessionWith([]);
    const replies = [type(vendors.vercel.token), accept];
    session.renderer.ask = async (prompt) => {
      prompts.push(prompt);
      if (replies.length === 1) vendors.faults.clear();
      return replies.shift() ?? { type: 'cancel' };
    };
    const { vercel } = await collect(session, ['vercel']);
    expect(vercel.token.reveal()).toBe(vendors.vercel.token);
    expect(prompts[1]).toMatchObject({
      proposal: { source: 'typed' },
      problem: { message: expect.any(String) },
    });
  });

  it('is not asked for by a command without a way back to anything', async () => {
    const { session, prompts } = sessionWith([type(vendors.hub.tokens.pro)]);
    await collect(session, hubAlone);
    expect(prompts[0]).toMatchObject({ canGoBack: false });
  });
});

it('several values of one paste are taken back one by one, and each stays on offer', async () => {
  const { huggingface, vercel, qdrant } = vendors.context().credentials;
  const paste = [
    `HF_TOKEN=${huggingface.token.reveal()}`,
    `VERCEL_TOKEN=${vercel.token.reveal()}`,
    `QDRANT_API_KEY=${qdrant.key?.reveal()}`,
  ].join('\n');
  const { session, prompts, notices } = sessionWith([
    type(paste),
    back,
    back,
    accept,
    accept,
    type(qdrant.url.reveal()),
    accept,
  ]);
  const services = ['huggingface', 'vercel', 'qdrant'] as const;
  expect((await collect(session, services)).qdrant.url.reveal()).toBe(qdrant.url.reveal());
  const names = prompts.map((prompt) => prompt.type === 'value' && prompt.question.name);
  expect(names).toEqual([
    'HF_TOKEN',
    'QDRANT_URL',
    'VERCEL_TOKEN',
    'HF_TOKEN',
    'VERCEL_TOKEN',
    'QDRANT_URL',
    'QDRANT_API_KEY',
  ]);
  expect(prompts[2]).toMatchObject({ proposal: { source: 'typed' } });
  expect(prompts[6]).toMatchObject({ proposal: { source: 'typed' } });
  expect(notices[0]).toBe('Used 3, ignored 0.');
});

it('a question waits as long as the user takes: nothing but the end of the run ends it', async () => {
  const { session } = sessionWith([]);
  const signals: AbortSignal[] = [];
  session.renderer.ask = async (_prompt, { signal }) => {
    signals.push(signal);
    return type(vendors.hub.tokens.pro);
  };
  await collect(session, hubAlone);
  expect(signals).toEqual([session.runtime.signal]);
});

describe('a free account', () => {
  const ask = (session: Session) =>
    collect(session, hubAlone, { answers: detected(vendors.hub.tokens.free, 'environment') });

  it('is shown the alternatives at its first question, and goes on with a Space that it has', async () => {
    const { session, prompts } = sessionWith([choose('space ben/book-api')]);
    const { huggingface } = await ask(session);
    expect(prompts).toMatchObject([
      {
        name: 'free-plan',
        title: 'How to go on without a paid plan?',
        choices: [
          { value: 'space ben/book-api', label: 'Reuse ben/book-api' },
          { value: 'token' },
          { value: 'again', note: 'huggingface.co/pro' },
          { value: 'elsewhere' },
        ],
      },
    ]);
    expect(huggingface.account.name).toBe('ben');
  });

  it('may check again, give another token, or go back', async () => {
    const { session, prompts } = sessionWith([
      choose('again'),
      choose('token'),
      type(vendors.hub.tokens.free),
      back,
      type(vendors.hub.tokens.pro),
    ]);
    const { huggingface } = await ask(session);
    expect(prompts.map((prompt) => (prompt.type === 'choice' ? prompt.name : prompt.type))).toEqual([
      'free-plan',
      'free-plan',
      'value',
      'free-plan',
      'value',
    ]);
    expect(prompts[4]).toMatchObject({ proposal: { source: 'typed' } });
    expect(huggingface.account.name).toBe('ana');
  });

  it('that hosts elsewhere gets the two commands', async () => {
    const { session } = sessionWith([choose('elsewhere')]);
    await expect(ask(session)).rejects.toMatchObject({
      code: 'hosted-elsewhere',
      remedy: expect.stringMatching(/export server[^]*--api-url/),
    });
  });
});

describe('where no one can be asked', () => {
  const services = ['huggingface', 'vercel', 'gemini', 'qdrant'] as const;
  const answersWith = (changes: Partial<Record<string, string>> = {}): Answers => {
    const { huggingface, vercel, gemini, qdrant } = vendors.context().credentials;
    const values = {
      HF_TOKEN: huggingface.token.reveal(),
      VERCEL_TOKEN: vercel.token.reveal(),
      GEMINI_API_KEY: gemini.key.reveal(),
      QDRANT_URL: qdrant.url.reveal(),
      QDRANT_API_KEY: qdrant.key?.reveal() ?? '',
      ...changes,
    };
    const entries = Object.entries(values).map(([name, value]) => [
      name,
      { value: new Secret(value), source: 'environment', cleaned: [] },
    ]);
    return Object.fromEntries(entries) as Answers;
  };
  async function collectAlone(answers: Answers) {
    const events: RunEvent[] = [];
    const { session } = sessionWith(null);
    session.emit = (event) => void events.push(event);
    const outcome = await collect(session, services, { answers }).catch((error: unknown) => error);
    return { outcome, events };
  }
  const verdicts = (events: RunEvent[]) =>
    Object.fromEntries(
      events.flatMap((event) => (event.type === 'check-done' ? [[event.service, event.verdict]] : [])),
    );

  it('all are checked, Hugging Face before the others, and nothing is written', async () => {
    const { outcome, events } = await collectAlone(answersWith());
    expect(Object.keys(outcome as object)).toEqual([...services]);
    expect(events.slice(0, 2).map((event) => [event.type, 'service' in event && event.service])).toEqual([
      ['check-started', 'huggingface'],
      ['check-done', 'huggingface'],
    ]);
    expect(new Set(Object.values(verdicts(events)))).toEqual(new Set(['accepted']));
    expect(vendors.record.writes().total).toBe(0);
    expect(JSON.stringify(events)).not.toContain(vendors.vercel.token);
  });

  it('a free account ends it before any other service is called', async () => {
    const { outcome, events } = await collectAlone(answersWith({ HF_TOKEN: vendors.hub.tokens.free }));
    expect(outcome).toMatchObject({ kind: 'rejected', code: 'free-plan', service: 'huggingface' });
    expect(events).toHaveLength(2);
    expect(vendors.record.list().every(({ vendor }) => vendor === 'hub')).toBe(true);
  });

  it('every other verdict is reported, and a rejection ends it before a service that is not reached', async () => {
    vendors.faults.add({ call: 'vercel.*', kind: { type: 'status', status: 503 } });
    const { outcome, events } = await collectAlone(answersWith({ QDRANT_API_KEY: 'some-other-key' }));
    expect(outcome).toMatchObject({ kind: 'rejected', service: 'qdrant' });
    expect(verdicts(events)).toEqual({
      huggingface: 'accepted',
      vercel: 'unreachable',
      gemini: 'accepted',
      qdrant: 'rejected',
    });
  });

  it('nothing is checked while a value is missing, and all that is missing is named at once', async () => {
    const { HF_TOKEN: _, QDRANT_URL: __, ...rest } = answersWith();
    const { outcome, events } = await collectAlone(rest);
    expect(outcome).toMatchObject({ code: 'input-missing', message: 'Missing: HF_TOKEN, QDRANT_URL.' });
    expect(events.map(({ type }) => type)).toEqual(['input-missing']);
  });
});

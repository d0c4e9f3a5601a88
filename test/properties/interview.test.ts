import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createHttp } from '../../wizard/clients/http.ts';
import {
  credentialChecks,
  credentialQuestions,
} from '../../wizard/interview/credentials/credential-questions.ts';
import { runFlow, type FlowQuestion } from '../../wizard/interview/flow.ts';
import { interviewState, type InterviewState } from '../../wizard/interview/interview-state.ts';
import { credentialOf } from '../../wizard/interview/credentials/live-checks.ts';
import { sessionFlow } from '../../wizard/interview/session-flow.ts';
import type { Session } from '../../wizard/model/runtime.ts';
import { parseArguments } from '../../wizard/cli.ts';
import { isSecretAnswer, type AnswerName } from '../../wizard/model/answers.ts';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import type { Service } from '../../wizard/model/service.ts';
import type { RunContext } from '../../wizard/deployment/context.ts';
import { startSandboxServices, type SandboxServices } from '../wizard/steps/sandbox-services.ts';
import { randomFrom, seeds, type Random } from './random.ts';

const services = ['huggingface', 'vercel', 'gemini', 'qdrant'] as const satisfies Service[];
const empty = mkdtempSync(join(tmpdir(), 'interview-property-'));
const book = fileURLToPath(new URL('../../sandbox/book', import.meta.url));
let vendors: SandboxServices | undefined;
let right: Partial<Record<AnswerName, string>>;
let context: RunContext;
/** The Hub's stand-in allows 2,500 requests in five minutes, as the Hub does: new people get a new one. */
const peoplePerHub = 100;
let people = 0;
beforeEach(async () => {
  if (people++ % peoplePerHub > 0) return;
  await vendors?.close();
  vendors = await startSandboxServices();
  context = vendors.context();
  const { huggingface, vercel, gemini, qdrant } = context.credentials;
  right = {
    HF_TOKEN: huggingface.token.reveal(),
    VERCEL_TOKEN: vercel.token.reveal(),
    GEMINI_API_KEY: gemini.key.reveal(),
    QDRANT_URL: qdrant.url.reveal(),
    QDRANT_API_KEY: qdrant.key?.reveal() ?? '',
  };
});
afterAll(async () => {
  await vendors?.close();
  rmSync(empty, { recursive: true, force: true });
});

const wrong: Partial<Record<AnswerName, string>> = {
  HF_TOKEN: 'hf_thisTokenWasNeverIssuedByAnybody000',
  VERCEL_TOKEN: 'neverIssuedByAnybody0123',
  GEMINI_API_KEY: 'AQ.never-issued-by-anybody-0123456789',
  QDRANT_URL: 'http://127.0.0.1:9',
  QDRANT_API_KEY: 'eyJhbGciOiJIUzI1NiJ9.eyJuZXZlciI6MX0.issuedByAnybody',
};
const words = ['back', 'exit', '?', 'q', ' ', 'null', '\u001B'];

type Step = { prompt: Prompt; reply: Reply };

/** A user who does anything for a while, then gives each value as it is asked for. */
function person(random: Random, moves: number): { answer(prompt: Prompt): Reply; steps: Step[] } {
  const steps: Step[] = [];
  const names = Object.keys(right) as AnswerName[];
  const anything = (prompt: Extract<Prompt, { type: 'value' }>): Reply => {
    const { name } = prompt.question;
    const value = (raw: string): Reply => ({ type: 'value', raw });
    switch (random.below(8)) {
      case 0:
      case 1:
        return prompt.canGoBack ? { type: 'back' } : value(right[name] ?? '');
      case 2:
        return prompt.proposal === null ? value(random.pick(words)) : { type: 'accept' };
      case 3:
        return value(wrong[name] ?? 'nothing');
      case 4: {
        // Another field's value, right or wrong, on its own or as a line of a file.
        const other = random.pick(names);
        const raw = (random.once(2) ? right : wrong)[other] ?? '';
        return value(random.once(2) ? raw : `${other}=${raw}\r\nSOMETHING_ELSE=1\n`);
      }
      case 5:
        return value(names.map((name) => `${name}="${(random.once(4) ? wrong : right)[name]}"`).join('\n'));
      default:
        return value(` '${right[name] ?? ''}'\r\n`);
    }
  };
  return {
    steps,
    answer: (prompt) => {
      if (prompt.type !== 'value') throw new Error(`asked ${prompt.type}`);
      const reply: Reply =
        steps.length < moves ? anything(prompt) : { type: 'value', raw: right[prompt.question.name] ?? '' };
      steps.push({ prompt, reply });
      if (steps.length > 400) throw new Error('it goes on forever');
      return reply;
    },
  };
}

async function interview(user: ReturnType<typeof person>) {
  const session: Session = {
    runtime: {
      env: {},
      cwd: book,
      home: empty,
      platform: 'linux',
      stateDir: empty,
      payloadDir: empty,
      version: '0',
      rehearsal: false,
      fetch,
      now: Date.now,
      sleep: async () => undefined,
      signal: new AbortController().signal,
    },
    flags: parseArguments([]).flags,
    operands: [],
    renderer: {
      canAsk: true,
      show: () => undefined,
      ask: async (prompt) =>
        prompt.type === 'choice' ? { type: 'choice', value: 'use' } : user.answer(prompt),
      userActions: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
      close: async () => undefined,
    },
    emit: () => undefined,
    setDeployment: () => undefined,
  };
  const { huggingface, vercel, gemini } = context.credentials;
  const inputs = {
    endpoints: { hf: huggingface.endpoint, vercel: vercel.apiUrl, gemini: gemini.baseUrl },
    http: createHttp({ fetch, sleep: async () => undefined }),
  };
  type State = InterviewState & { hasStarted: boolean };
  const start: FlowQuestion<State> = {
    id: 'start',
    isOpen: ({ hasStarted }) => !hasStarted,
    prompt: () => ({ type: 'choice', name: 'start', title: '', lines: [], choices: [] }),
    answer: (state) => ({ ...state, hasStarted: true }),
  };
  const final = await runFlow<State>({
    ...sessionFlow(session, { questions: [start, ...credentialQuestions<State>({ services })] }),
    initial: { ...interviewState(session, { answers: {}, proposals: {} }), hasStarted: false },
    resources: credentialChecks<State>({ session, inputs, services }),
  });
  if (final === null) throw new Error('the start screen cannot be left');
  return {
    huggingface: credentialOf(final, 'huggingface'),
    vercel: credentialOf(final, 'vercel'),
    gemini: credentialOf(final, 'gemini'),
    qdrant: credentialOf(final, 'qdrant'),
  };
}

function expectValid({ prompt }: Step): void {
  if (prompt.type !== 'value') throw new Error(`asked ${prompt.type}`);
  const { place, question } = prompt;
  expect(question.name in right).toBe(true);
  expect(place.index).toBeGreaterThanOrEqual(1);
  expect(place.index).toBeLessThanOrEqual(place.total);
  expect(place.total).toBeLessThanOrEqual(Object.keys(right).length);
  expect(prompt.canGoBack).toBe(true);
  const shown = JSON.stringify(prompt);
  for (const [name, value] of [...Object.entries(right), ...Object.entries(wrong)])
    if (isSecretAnswer(name as AnswerName) && name !== 'QDRANT_URL') expect(shown).not.toContain(value);
}

describe('whatever a person does at the questions', () => {
  it.each(seeds(12))('(seed %i) every screen is valid, and the end is what was last given', async (seed) => {
    const user = person(randomFrom(seed), 25);
    const { huggingface, vercel, gemini, qdrant } = await interview(user);
    for (const step of user.steps) expectValid(step);
    expect(huggingface.token.reveal()).toBe(right.HF_TOKEN);
    expect(vercel.token.reveal()).toBe(right.VERCEL_TOKEN);
    expect(gemini.key.reveal()).toBe(right.GEMINI_API_KEY);
    expect(qdrant.url.reveal()).toBe(right.QDRANT_URL);
    expect(qdrant.key?.reveal()).toBe(right.QDRANT_API_KEY);
  });

  it.each(seeds(6))('(seed %i) back and forth loses nothing that was given', async (seed) => {
    const random = randomFrom(1_000 + seed);
    const trail: { name: string; shown: string | null }[] = [];
    let forward = 1 + random.below(5);
    let back = 0;
    const user: ReturnType<typeof person> = {
      steps: [],
      answer: (prompt) => {
        if (prompt.type !== 'value') throw new Error(`asked ${prompt.type}`);
        const { name } = prompt.question;
        const seen = trail.find((each) => each.name === name);
        // What was given once is on offer ever after.
        if (seen !== undefined) expect(prompt.proposal).toMatchObject({ source: 'typed' });
        if (back > 0) {
          back -= 1;
          return { type: 'back' };
        }
        if (forward === 0 && trail.length < 40) {
          back = random.below(4);
          forward = 1 + random.below(4);
          if (back > 0) return { type: 'back' };
        }
        forward -= 1;
        trail.push({ name, shown: prompt.proposal?.shown ?? null });
        return prompt.proposal === null ? { type: 'value', raw: right[name] ?? '' } : { type: 'accept' };
      },
    };
    const { qdrant, gemini } = await interview(user);
    expect([gemini.key.reveal(), qdrant.key?.reveal()]).toEqual([right.GEMINI_API_KEY, right.QDRANT_API_KEY]);
  });
});

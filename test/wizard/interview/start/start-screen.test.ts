import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttp } from '../../../../wizard/clients/http.ts';
import {
  credentialChecks,
  credentialQuestions,
  environmentPreferences,
} from '../../../../wizard/interview/credentials/credential-questions.ts';
import { runFlow } from '../../../../wizard/interview/flow.ts';
import { interviewState } from '../../../../wizard/interview/interview-state.ts';
import { sessionFlow } from '../../../../wizard/interview/session-flow.ts';
import { startQuestion } from '../../../../wizard/interview/start/start-screen.ts';
import { detectedVerdict, type StartState } from '../../../../wizard/interview/start/start-state.ts';
import { detectedQuestion, detectedResource } from '../../../../wizard/interview/start/test-detected.ts';
import type { Answers } from '../../../../wizard/model/answers.ts';
import type { Prompt, Reply } from '../../../../wizard/model/question.ts';
import { Secret } from '../../../../wizard/model/secret.ts';
import { startSandboxServices, type SandboxServices } from '../../steps/sandbox-services.ts';
import { back, choose, plainAnswers, sessionWith, type, type SessionOptions } from '../scripted-session.ts';

let vendors: SandboxServices;
beforeAll(async () => void (vendors = await startSandboxServices()));
afterAll(() => vendors?.close());

const services = ['huggingface'] as const;

/** Runs the first screens, and the question for the token where `asksToken`. */
async function begin(
  replies: Reply[],
  input: { answers?: Answers; proposals?: Answers; asksToken?: boolean; options?: SessionOptions } = {},
) {
  const { answers = {}, proposals = {}, asksToken = false, options } = input;
  const scripted = sessionWith(replies, options);
  const { session } = scripted;
  const inputs = {
    endpoints: { hf: vendors.hub.url, vercel: vendors.vercel.url, gemini: vendors.hub.url },
    http: createHttp({ fetch, sleep: async () => undefined }),
  };
  const checks = { session, inputs, services };
  const final = await runFlow<StartState>({
    ...sessionFlow(session, {
      questions: [
        startQuestion<StartState>(session, { isNeeded: () => true, after: [] }),
        detectedQuestion<StartState>(),
        ...(asksToken ? credentialQuestions<StartState>({ services, after: ['detected'] }) : []),
      ],
    }),
    initial: {
      ...interviewState(session, { answers, proposals }),
      hasStarted: false,
      wantsCreation: false,
      testsDetected: false,
      hasDecided: false,
    },
    resources: [
      detectedResource<StartState>({ ...checks, preferences: environmentPreferences(session) }),
      ...(asksToken
        ? credentialChecks<StartState>({
            ...checks,
            isNeeded: ({ hasStarted, detected, hasDecided, testsDetected }) =>
              hasStarted && (!testsDetected || hasDecided || detected?.usable.length === 0),
            knownVerdict: detectedVerdict,
          })
        : []),
    ],
  });
  if (final === null) throw new Error('the flow was left');
  return { ...scripted, final };
}

const detected = (token: string): Answers => ({
  HF_TOKEN: { value: new Secret(token), source: 'the Hugging Face login', cleaned: [] },
});
const linesOf = (prompt: Prompt | undefined) =>
  prompt?.type === 'choice' ? [...(prompt.unlisted ?? []), ...prompt.lines].join('\n') : '';
const namesOf = (prompts: readonly Prompt[]) =>
  prompts.map((prompt) => (prompt.type === 'choice' ? prompt.name : prompt.type));

describe('what was found', () => {
  it('is shown with its source and its live verdict before it is used, and tested once', async () => {
    const token = vendors.hub.tokens.pro;
    vendors.record.clear();
    const { prompts, final } = await begin([choose('found'), choose('use')], {
      proposals: detected(token),
      asksToken: true,
    });
    expect(linesOf(prompts[1])).toBe(
      `Hugging Face, ••••••${token.slice(-4)} from the Hugging Face login: accepted`,
    );
    expect(final.answers.HF_TOKEN?.value.reveal()).toBe(token);
    expect(final.huggingface?.verdict).toBe('accepted');
    expect(vendors.record.list({ name: 'hub.whoami' })).toHaveLength(1);
  });

  it('is offered at its question when the user says no, and Esc leads back to the start', async () => {
    const { prompts, final } = await begin([choose('found'), back, choose('found'), choose('each')], {
      proposals: detected(vendors.hub.tokens.pro),
    });
    expect(namesOf(prompts)).toEqual(['start', 'found', 'start', 'found']);
    expect(final).toMatchObject({ answers: {}, proposals: { HF_TOKEN: expect.anything() } });
  });

  it('and rejected is not offered any more', async () => {
    const { prompts, final } = await begin([choose('found'), type(vendors.hub.tokens.pro)], {
      proposals: detected('hf_thisTokenWasNeverIssuedByAnybody000'),
      asksToken: true,
    });
    expect(namesOf(prompts)).toEqual(['start', 'value']);
    expect(prompts[1]).toMatchObject({ proposal: null });
    expect(final.answers.HF_TOKEN?.value.reveal()).toBe(vendors.hub.tokens.pro);
  });

  it('shows an address to its owner, a key by its end', async () => {
    const answer = (value: string) => ({ value: new Secret(value), source: '.env', cleaned: [] });
    const proposals = {
      QDRANT_URL: answer('https://1a2b.cloud.qdrant.io:6333'),
      QDRANT_API_KEY: answer('k'.repeat(40)),
    };
    const { prompts } = await begin([choose('use')], { proposals });
    expect(linesOf(prompts[0])).toContain('https://1a2b.cloud.qdrant.io:6333');
    expect(linesOf(prompts[0])).toContain('••kkkk');
  });
});

describe('a paste on the first screen', () => {
  it('brings its values, and they are on offer when the user goes back', async () => {
    const { prompts, final, notices } = await begin([type(`HF_TOKEN="hf_${'a'.repeat(30)}"\nX_Y=1\n`)]);
    expect(prompts[0]).toMatchObject({ takesPaste: true });
    expect(final.answers.HF_TOKEN?.value.lastFour).toBe('aaaa');
    expect(final.proposals.HF_TOKEN).toEqual(final.answers.HF_TOKEN);
    expect(notices).toEqual(['Used 1, ignored 1: X_Y.', 'Cleaned: quotes.']);
  });

  it('that brings nothing leaves the screen as it is', async () => {
    const { prompts, final } = await begin([type('hello'), choose('use')]);
    expect(final).toMatchObject({ answers: {}, proposals: {} });
    expect(namesOf(prompts)).toEqual(['start', 'start']);
  });
});

it('names the rehearsal as the source of what it offers', async () => {
  const answers = plainAnswers({ HF_SPACE: 'ana/b', VERCEL_TEAM: 'lab' });
  const { final } = await begin([choose('each')], { answers, options: { rehearsal: true } });
  expect(final.proposals.HF_SPACE?.source).toBe('the rehearsal');
  expect(Object.keys(final.answers)).toEqual(['VERCEL_TEAM']);
});

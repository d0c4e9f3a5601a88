/**
 * People who do anything at the screens of a deployment: keys one by one or as a paste of six, targets, the frontend, the
 * plan, and a run whose steps fail. All is real but the run itself, which fails as often as the test says.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startNeon } from '../../sandbox/neon/neon.ts';
import { startPostgres, type Postgres } from '../../sandbox/postgres/postgres.ts';
import { startQdrantCloud } from '../../sandbox/qdrant-cloud/qdrant-cloud.ts';
import { parseArguments } from '../../wizard/cli.ts';
import { readCommandInputs } from '../../wizard/deployment/command-inputs.ts';
import { deployFlow } from '../../wizard/flows/deploy/deploy-flow.ts';
import type { DeployState, PlannedRun } from '../../wizard/flows/deploy/deploy-state.ts';
import { runFlow } from '../../wizard/interview/flow.ts';
import type { AnswerName } from '../../wizard/model/answers.ts';
import { exitCodes, Failure } from '../../wizard/model/failure.ts';
import type { Choice, Prompt, Reply } from '../../wizard/model/question.ts';
import type { Session } from '../../wizard/model/runtime.ts';
import { startSandboxServices, type SandboxServices } from '../wizard/steps/sandbox-services.ts';
import { randomFrom, seeds, type Random } from './random.ts';

const folder = mkdtempSync(join(tmpdir(), 'deployment-property-'));
// When the tests run as root, PostgreSQL runs as another user, who must be able to enter.
chmodSync(folder, 0o755);
const book = join(folder, 'book');
/** The Hub's stand-in allows 2,500 requests in five minutes, as the Hub does: new people get a new one. */
const peoplePerHub = 30;
let people = 0;
let postgres: Postgres;
let vendors: SandboxServices | undefined;
let creating: { close(): Promise<void> }[] = [];
/** The right answer to each question of a value. */
let right: Partial<Record<AnswerName, string>>;
let endpoints: Record<string, string>;

beforeAll(async () => {
  mkdirSync(join(book, 'docs'), { recursive: true });
  writeFileSync(
    join(book, 'docusaurus.config.js'),
    "module.exports = { url: 'https://book.example', baseUrl: '/' };\n",
  );
  writeFileSync(join(book, 'docs', 'intro.md'), '# Introduction\n\nA robot senses and acts.\n');
  postgres = await startPostgres({ folder: join(folder, 'pg'), password: 'long-password-of-ana' });
});
beforeEach(async () => {
  if (people++ % peoplePerHub > 0) return;
  await closeVendors();
  vendors = await startSandboxServices();
  const { faults, record } = vendors;
  const neon = await startNeon({ faults, record, databases: postgres });
  const qdrantCloud = await startQdrantCloud({ faults, record });
  neon.controls['mostProjects']?.(99);
  qdrantCloud.controls['mostFreeClusters']?.(99);
  creating = [neon, qdrantCloud];
  const { huggingface, vercel, gemini, qdrant } = vendors.context().credentials;
  right = {
    HF_TOKEN: huggingface.token.reveal(),
    VERCEL_TOKEN: vercel.token.reveal(),
    GEMINI_API_KEY: gemini.key.reveal(),
    QDRANT_URL: qdrant.url.reveal(),
    QDRANT_API_KEY: qdrant.key?.reveal() ?? '',
    DATABASE_URL: postgres.url,
    NEON_API_KEY: neon.apiKey,
    QDRANT_CLOUD_API_KEY: qdrantCloud.managementKey,
    VERCEL_PROJECT: 'sample-book',
    HF_SPACE: 'ana/book-chat',
    DOCS_DIR: book,
  };
  endpoints = {
    HF_ENDPOINT: huggingface.endpoint,
    VERCEL_API_URL: vercel.apiUrl,
    GOOGLE_GEMINI_BASE_URL: gemini.baseUrl,
    NEON_API_URL: `${neon.url}/api/v2`,
    NEON_CLAIM_URL: neon.url,
    QDRANT_CLOUD_API_URL: qdrantCloud.url,
  };
});
async function closeVendors(): Promise<void> {
  await vendors?.close();
  await Promise.all(creating.map((vendor) => vendor.close()));
}

afterAll(async () => {
  await closeVendors();
  await postgres.close();
  rmSync(folder, { recursive: true, force: true });
});

const credentialNames = [
  'HF_TOKEN',
  'VERCEL_TOKEN',
  'GEMINI_API_KEY',
  'QDRANT_URL',
  'QDRANT_API_KEY',
  'DATABASE_URL',
] as const;
const accountKeys = ['NEON_API_KEY', 'QDRANT_CLOUD_API_KEY'] as const;
const secretNames = [...credentialNames.filter((name) => name !== 'QDRANT_URL'), ...accountKeys];

const wrong: Partial<Record<AnswerName, string>> = {
  HF_TOKEN: 'hf_thisTokenWasNeverIssuedByAnybody000',
  GEMINI_API_KEY: 'AQ.never-issued-by-anybody-0123456789',
  QDRANT_URL: 'http://127.0.0.1:9',
  VERCEL_PROJECT: 'no-such-project',
  HF_SPACE: 'not a name',
  DOCS_DIR: '/nowhere/at/all',
};

/** Why a run can fail: the remedies of the first differ from the others', and the last asks for a new plan. */
const failureCodes = ['space-build-failed', 'postgres-refused', 'proof-no-answer', 'plan-outdated'] as const;

type Step = { prompt: Prompt; reply: Reply };
type Person = { reply(prompt: Prompt): Reply; steps: Step[]; isDone(): boolean };

/** Does anything for a number of screens, then what leads to the end. */
function person(random: Random, moves: number): Person {
  const steps: Step[] = [];
  const isDone = (): boolean => steps.length >= moves;
  const reply = (prompt: Prompt): Reply => {
    const next = !isDone() && random.once(2) ? anything(random, prompt) : expected(prompt);
    steps.push({ prompt, reply: next });
    if (steps.length > 400) throw new Error('it goes on forever');
    return next;
  };
  return { reply, steps, isDone };
}

function anything(random: Random, prompt: Prompt): Reply {
  if ('canGoBack' in prompt && prompt.canGoBack && random.once(2)) return { type: 'back' };
  if (prompt.type === 'confirm-plan') return { type: 'accept' };
  if (prompt.type === 'choice') {
    if (prompt.takesPaste === true && random.once(2)) return { type: 'value', raw: pasteOfSix(random) };
    // The end of a run is a choice of its own: the tests of the retry question have it.
    return { type: 'choice', value: random.pick(prompt.choices.filter(leadsOn)).value };
  }
  if (prompt.type !== 'value') return { type: 'accept' };
  const { name } = prompt.question;
  if (random.once(3)) return { type: 'value', raw: pasteOfSix(random) };
  if (random.once(2) && prompt.proposal !== null) return { type: 'accept' };
  return { type: 'value', raw: (random.once(2) ? wrong[name] : right[name]) ?? 'nothing' };
}

function pasteOfSix(random: Random): string {
  return credentialNames
    .map((name) => `${name}="${(random.once(6) ? wrong[name] : undefined) ?? right[name]}"`)
    .join('\n');
}

/** What a person who wants the sample book's chat replies. */
function expected(prompt: Prompt): Reply {
  if (prompt.type === 'choice') {
    const wanted = prompt.choices.find(({ label }) => label.includes('sample-book'));
    const choice = wanted ?? prompt.choices.find(leadsOn);
    return { type: 'choice', value: choice?.value ?? '' };
  }
  if (prompt.type !== 'value') return { type: 'accept' };
  return { type: 'value', raw: right[prompt.question.name] ?? '' };
}

function leadsOn({ value }: Choice): boolean {
  return !['stop', 'quit', 'cancel'].includes(value);
}

/** What the run was asked to carry out, attempt by attempt. */
type Attempt = { run: PlannedRun; stepsBefore: number };

async function deploy(user: Person, random: Random) {
  const attempts: Attempt[] = [];
  const session: Session = {
    runtime: {
      env: endpoints,
      cwd: folder,
      home: folder,
      platform: 'linux',
      stateDir: join(folder, `state-${people}`),
      payloadDir: vendors?.payloadDir ?? '',
      version: '0',
      rehearsal: false,
      fetch,
      now: Date.now,
      sleep: (ms, { signal }) => sleep(ms / 200, undefined, { signal }),
      signal: new AbortController().signal,
    },
    flags: parseArguments([]).flags,
    operands: [],
    renderer: {
      canAsk: true,
      show: () => undefined,
      ask: async (prompt) => user.reply(prompt),
      userActions: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
      close: async () => undefined,
    },
    emit: () => undefined,
    setDeployment: () => undefined,
  };
  const inputs = await readCommandInputs(session);
  const flow = deployFlow({ session, inputs, existingSpace: null, isPlanOnly: false });
  const final = await runFlow<DeployState>({
    ...flow,
    resources: (flow.resources ?? []).map((resource) =>
      resource.id !== 'run'
        ? resource
        : {
            ...resource,
            load: async ({ run }): Promise<Partial<DeployState>> => {
              if (run === undefined) return {};
              attempts.push({ run, stepsBefore: user.steps.length });
              if (!user.isDone() && attempts.length < 4) return { failure: failureWith(random) };
              return { result: { deployment: null, exitCode: exitCodes.done } };
            },
          },
    ),
  });
  if (final === null) throw new Error('the first screen cannot be left');
  await final.draft?.tools.journal.close();
  return { final, attempts };
}

/** The project that was chosen last; where one was chosen before the user went back, Enter keeps it. */
function chosenProject(steps: readonly Step[]): string | undefined {
  const last = steps.findLast(
    ({ prompt, reply }) =>
      prompt.type === 'choice' && prompt.name === 'VERCEL_PROJECT' && reply.type === 'choice',
  );
  return last?.reply.type === 'choice' ? last.reply.value : undefined;
}

function failureWith(random: Random): Failure {
  return new Failure({
    code: random.pick(failureCodes),
    message: 'It failed.',
    remedy: 'Run again: it resumes.',
  });
}

function expectValid({ prompt }: Step): void {
  const shown = JSON.stringify(prompt);
  for (const name of secretNames) expect(shown).not.toContain(right[name]);
  if (prompt.type === 'choice') {
    expect(prompt.choices.length).toBeGreaterThan(0);
    expect(new Set(prompt.choices.map(({ value }) => value)).size).toBe(prompt.choices.length);
  }
  const place = 'place' in prompt ? prompt.place : undefined;
  if (place === undefined || place === null) return;
  expect(place.index).toBeGreaterThanOrEqual(1);
  expect(place.index).toBeLessThanOrEqual(place.total);
}

/** A run carries out the plan that was accepted last, or tries it again. */
function expectAccepted({ run, stepsBefore }: Attempt, steps: readonly Step[]): void {
  const before = steps.slice(0, stepsBefore);
  const last = before.findLast(({ prompt }) => prompt.type === 'confirm-plan');
  expect(last?.reply).toEqual({ type: 'accept' });
  expect(last?.prompt.type === 'confirm-plan' && last.prompt.plan).toEqual(run.plan);
  const after = before.slice(before.findLastIndex(({ prompt }) => prompt.type === 'confirm-plan') + 1);
  // Then a second try comes first; what is asked after it follows from the values that were given there.
  const [first] = after;
  expect(first === undefined || (first.prompt.type === 'choice' && first.prompt.name === 'second-try')).toBe(
    true,
  );
}

describe('whatever a person does, from the first screen to the end of a run', () => {
  it.each(seeds(8))('(seed %i) runs only accepted plans, and ends with what was given last', async (seed) => {
    const random = randomFrom(7_000 + seed);
    const user = person(random, 30);
    const { final, attempts } = await deploy(user, random);
    for (const step of user.steps) expectValid(step);
    expect(attempts.length).toBeGreaterThan(0);
    for (const attempt of attempts) expectAccepted(attempt, user.steps);
    const { credentials, target } = attempts.at(-1)?.run.context ?? {};
    expect(credentials?.huggingface.token.reveal()).toBe(right.HF_TOKEN);
    const { createdQdrant, createdPostgres } = final;
    const { QDRANT_API_KEY: key, DATABASE_URL: url } = {
      ...createdQdrant?.answers,
      ...createdPostgres,
    };
    expect(credentials?.qdrant.key?.reveal()).toBe(key?.value.reveal() ?? right.QDRANT_API_KEY);
    expect(credentials?.postgres.url.reveal()).toBe(url?.value.reveal() ?? right.DATABASE_URL);
    expect(target?.projectId).toBe(chosenProject(user.steps));
    expect(final.result?.exitCode).toBe(exitCodes.done);
  });
});

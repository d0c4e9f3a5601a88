/** The moments of a deployment that have a screen of their own; the golden screens and the stills are made of them. */
import type { KeyEntry, Outline } from '../../../../wizard/model/display/outline.ts';
import { questions, type Prompt } from '../../../../wizard/model/question.ts';
import type { Plan } from '../../../../wizard/model/run/plan.ts';
import type { RunEvent } from '../../../../wizard/model/run/event.ts';
import { hostLine, contactedHosts } from '../../../../wizard/model/hosts.ts';
import type { Service } from '../../../../wizard/model/service.ts';
import type { Moment } from './frame.ts';

const started: RunEvent = { type: 'run-started', command: 'deploy', rehearsal: false, version: '0.2.0' };
const contacts: RunEvent[] = contactedHosts.map((host) => ({
  type: 'notice',
  code: 'contacts',
  message: hostLine(host),
  remedy: '',
}));

function key(service: Service, state: KeyEntry['state'], shown = '', source = ''): KeyEntry {
  return { service, state, shown, source };
}

const noKeys: Outline['keys'] = (['huggingface', 'vercel', 'gemini', 'qdrant', 'postgres'] as const).map(
  (service) => key(service, 'missing'),
);
const phases = ['keys', 'targets', 'plan', 'run'] as const;
const atKeys: Outline = { phases, phase: 'keys', target: null, keys: noKeys, targets: [] };

const firstKeys: Outline['keys'] = [
  key('huggingface', 'given', '••••••a1b2', 'the Hugging Face login'),
  key('vercel', 'given', '••••••9f3c', 'environment'),
  key('gemini', 'missing'),
  key('qdrant', 'missing'),
  key('postgres', 'missing'),
];

function valuePrompt(name: string, more: Partial<Extract<Prompt, { type: 'value' }>> = {}): Prompt {
  const question = questions.find((candidate) => candidate.name === name);
  if (question === undefined) throw new Error(`no question ${name}`);
  return {
    type: 'value',
    question,
    place: { index: questions.indexOf(question) + 1, total: 6 },
    problem: null,
    proposal: null,
    canGoBack: true,
    ...more,
  };
}

const acceptedHub: RunEvent[] = [
  { type: 'check-started', service: 'huggingface' },
  {
    type: 'check-done',
    service: 'huggingface',
    verdict: 'accepted',
    code: 'accepted',
    message: 'ana, PRO, token may write',
    remedy: '',
    rights: {
      needed: ['creating a Space for ana', 'its files, secrets and variables'],
      has: ['a token with the role "write"'],
      excess: ['every repository of ana and of textbook-lab'],
      page: 'https://huggingface.co/settings/tokens',
    },
  },
];
const checkingVercel: RunEvent = { type: 'check-started', service: 'vercel' };
const acceptedVercel: RunEvent = {
  type: 'check-done',
  service: 'vercel',
  verdict: 'accepted',
  code: 'accepted',
  message: 'ana, 2 projects in 1 team and the personal scope',
  remedy: '',
};

const plan: Plan = {
  target: { space: 'ana/textbook-chat', project: 'textbook', team: null, environment: 'production' },
  changes: [
    {
      step: 'index-book',
      service: 'qdrant',
      kind: 'new',
      what: 'docusaurus-book: 207 sections of 37 pages; about 16,000 tokens to embed, less than $0.01 with a paid key',
    },
    {
      step: 'create-space',
      service: 'huggingface',
      kind: 'new',
      what: 'ana/textbook-chat, public, Docker, free hardware',
    },
    { step: 'set-secrets', service: 'huggingface', kind: 'new', what: '4 secrets' },
    {
      step: 'set-variables',
      service: 'huggingface',
      kind: 'new',
      what: '9 variables; ALLOWED_ORIGINS allows https://textbook.vercel.app, http://localhost:3000; CHAT_DAILY_BUDGET=300 (set these variables to choose others)',
    },
    { step: 'upload-server', service: 'huggingface', kind: 'new', what: '8 files' },
    {
      step: 'await-build',
      service: 'huggingface',
      kind: 'new',
      what: 'the image is built and started, some minutes',
    },
    {
      step: 'await-health',
      service: 'huggingface',
      kind: 'new',
      what: 'asks /api/health until it is healthy',
    },
    {
      step: 'set-frontend-variable',
      service: 'vercel',
      kind: 'new',
      what: 'REACT_APP_API_BASE_URL = the server’s address, known once it runs',
    },
    {
      step: 'redeploy-frontend',
      service: 'vercel',
      kind: 'changes',
      what: 'rebuilds the newest production deployment (dpl_loAszBywForCUCrlFPGyh1ogb11N)',
    },
    {
      step: 'prove',
      service: 'vercel',
      kind: 'unchanged',
      what: 'asks the server a question as the page would',
    },
  ],
  remarks: [
    'The Space is PUBLIC: readers’ browsers must reach it. Its secrets are not.',
    'The server creates its Postgres tables at its first start; existing conversations are kept.',
    'A new Docker Space needs a paid Hugging Face plan; its hardware is free.',
    'Indexing and one question at the end use your Gemini quota.',
  ],
  estimate: ['about 6 min', '$0.00 a month'],
};
const atPlan: Outline = {
  phases,
  phase: 'plan',
  target: 'ana/textbook-chat',
  keys: firstKeys.map((entry) => ({ ...entry, state: 'given' })),
  targets: [{ label: 'Space', value: 'ana/textbook-chat' }],
};
const planReady: RunEvent = { type: 'plan-ready', target: plan.target, changes: plan.changes };

const build = { step: 'await-build', service: 'huggingface' } as const;
const indexing = { step: 'index-book', service: 'qdrant' } as const;

function done(
  step: 'create-space' | 'set-secrets' | 'set-variables' | 'upload-server',
  reason: string,
): RunEvent[] {
  const event = { step, service: 'huggingface' } as const;
  return [
    { type: 'step-started', ...event },
    { type: 'step-done', ...event, outcome: 'changed', reason, ms: 900 },
  ];
}

const running: RunEvent[] = [
  started,
  planReady,
  ...done('create-space', 'ana/textbook-chat created'),
  ...done('set-secrets', '4 secrets'),
  ...done('set-variables', '9 variables'),
  ...done('upload-server', '8 files in commit 8ed5eda'),
  { type: 'step-started', ...indexing },
  { type: 'step-progress', ...indexing, done: 160, total: 207, note: '' },
  { type: 'step-started', ...build, lastMs: 100_000 },
];
const logged: RunEvent[] = [
  '--> FROM node:24-slim',
  '--> COPY --chown=1000:1000 server.js ./',
  'ERROR: failed to solve: node:24-slim: not found',
].map((text) => ({ type: 'log', source: 'build', text, step: 'await-build' }));
const failedBuild: RunEvent[] = [
  { type: 'step-done', ...indexing, outcome: 'changed', reason: '207 sections', ms: 5000 },
  {
    type: 'step-done',
    ...build,
    outcome: 'failed',
    reason: 'The build of ana/textbook-chat failed: node:24-slim was not found.',
    ms: 42_000,
  },
];

const proof = { step: 'prove', service: 'vercel' } as const;
const finishing: RunEvent[] = [
  { type: 'step-done', ...indexing, outcome: 'changed', reason: '207 sections of 37 pages', ms: 5000 },
  { type: 'step-done', ...build, outcome: 'changed', reason: 'the Space is running', ms: 98_000 },
  { type: 'step-started', ...proof },
  {
    type: 'notice',
    code: 'answer',
    message: 'Physical AI is the study of agents that act in the physical world. [1]',
    remedy: '/module-01/chapter-01#core-ideas',
  },
  {
    type: 'step-done',
    ...proof,
    outcome: 'changed',
    reason: 'Asked “What is physical AI?”: cited /module-01/chapter-01#core-ideas',
    ms: 3000,
  },
];
const live: RunEvent = {
  type: 'run-finished',
  ok: true,
  exitCode: 0,
  failure: null,
  deployment: {
    space: 'ana/textbook-chat',
    url: 'https://ana-textbook-chat.hf.space',
    health: 'healthy',
    frontend: 'https://textbook.vercel.app',
  },
};

/** Each moment by its name. */
export const moments: Readonly<Record<string, Moment>> = {
  start: {
    events: [started, ...contacts],
    outline: {
      ...atKeys,
      keys: [
        key('huggingface', 'offered', '••••••a1b2', 'the Hugging Face login'),
        key('vercel', 'missing'),
        key('gemini', 'offered', '••••••x7Qa', '.env'),
        key('qdrant', 'missing'),
        key('postgres', 'missing'),
      ],
    },
    prompt: {
      type: 'choice',
      name: 'start',
      title: 'Your book’s chat assistant, live on a Hugging Face Space',
      lines: ['Each key is tried live; none is written to disk. Nothing changes before you accept a plan.'],
      choices: [
        { value: 'use', label: 'Begin', note: 'confirm or enter each key' },
        { value: 'found', label: 'Test the 2 values found', note: 'before you confirm them' },
      ],
      takesPaste: true,
      canGoBack: false,
    },
  },
  key: {
    events: [started, ...contacts, ...acceptedHub, checkingVercel, acceptedVercel],
    outline: { ...atKeys, keys: firstKeys },
    prompt: valuePrompt('GEMINI_API_KEY'),
    keys: '\u001B[200~AQ.Ab8RN6canary-0123456789-x7Qa\u001B[201~',
  },
  'key-refused': {
    events: [started, ...contacts, ...acceptedHub, checkingVercel, acceptedVercel],
    outline: { ...atKeys, keys: firstKeys },
    prompt: valuePrompt('GEMINI_API_KEY', {
      problem: {
        message: 'Gemini does not take this key: keys that begin with AIza were retired in September 2026.',
        remedy: 'Make a new one at https://aistudio.google.com/apikey',
      },
    }),
  },
  permissions: {
    events: [started, ...contacts, ...acceptedHub, checkingVercel, acceptedVercel],
    outline: { ...atKeys, keys: firstKeys },
    prompt: valuePrompt('GEMINI_API_KEY'),
    keys: '\u0010',
  },
  help: {
    events: [started, ...contacts, ...acceptedHub, checkingVercel, acceptedVercel],
    outline: { ...atKeys, keys: firstKeys },
    prompt: valuePrompt('GEMINI_API_KEY'),
    keys: '\u001BOP',
  },
  target: {
    events: [started, ...contacts, ...acceptedHub, acceptedVercel],
    outline: {
      ...atPlan,
      phase: 'targets',
      target: null,
      targets: [
        { label: 'project', value: 'textbook' },
        { label: 'book', value: '~/textbook' },
      ],
    },
    prompt: valuePrompt('HF_SPACE', {
      place: { index: 2, total: 2 },
      proposal: { shown: 'ana/textbook-chat', source: 'default' },
    }),
  },
  plan: {
    events: [started, ...contacts, ...acceptedHub, acceptedVercel, planReady],
    outline: atPlan,
    prompt: { type: 'confirm-plan', plan, canGoBack: true },
  },
  'plan-details': {
    events: [started, ...contacts, ...acceptedHub, acceptedVercel, planReady],
    outline: atPlan,
    prompt: { type: 'confirm-plan', plan, canGoBack: true },
    keys: 'd',
  },
  progress: {
    events: [...running, ...logged],
    outline: { ...atPlan, phase: 'run' },
  },
  log: {
    events: [...running, ...logged],
    outline: { ...atPlan, phase: 'run' },
    keys: 'l',
  },
  failed: {
    events: [...running, ...logged, ...failedBuild],
    outline: { ...atPlan, phase: 'run' },
    prompt: {
      type: 'choice',
      name: 'second-try',
      title: 'What now?',
      lines: ['Look at the log on https://huggingface.co/spaces/ana/textbook-chat?logs=build'],
      choices: [
        { value: 'retry', label: 'Build it from scratch and go on', note: 'no key is asked for' },
        { value: 'stop', label: 'Stop here', note: 'nothing is rolled back' },
      ],
      canGoBack: true,
    },
  },
  receipt: {
    events: [...running, ...finishing, live],
    outline: { ...atPlan, phase: 'run' },
  },
};

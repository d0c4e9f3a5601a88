/**
 * The screens without vendors, for tests in a terminal: shows a prompt or plays a run, and prints the reply.
 * `node demo.mjs ACT [plain|ink|ndjson]`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../../wizard/model/run/event.ts';
import { Failure } from '../../../wizard/model/failure.ts';
import type { Change } from '../../../wizard/model/run/plan.ts';
import { questions, type Prompt } from '../../../wizard/model/question.ts';
import type { Renderer } from '../../../wizard/model/renderer.ts';
import { createRenderer, type RendererKind } from '../../../wizard/ui/renderer.ts';

const target = {
  space: 'ana/textbook-chat',
  project: 'textbook',
  team: 'ana-team',
  environment: 'production',
} as const;

const changes: Change[] = [
  { step: 'index-book', service: 'qdrant', kind: 'new', what: 'docusaurus-book-2: 302 sections' },
  { step: 'create-space', service: 'huggingface', kind: 'new', what: 'Space ana/textbook-chat, public' },
  { step: 'set-secrets', service: 'huggingface', kind: 'new', what: '4 secrets' },
  { step: 'set-variables', service: 'huggingface', kind: 'new', what: '6 variables' },
  { step: 'upload-server', service: 'huggingface', kind: 'new', what: '5 files' },
  { step: 'set-frontend-variable', service: 'vercel', kind: 'changes', what: 'REACT_APP_API_BASE_URL' },
  { step: 'redeploy-frontend', service: 'vercel', kind: 'new', what: 'a production deployment' },
];

const plan = {
  target,
  changes,
  remarks: ['The Space is public: readers’ browsers must reach it.'],
  estimate: ['about 8 min', '$0.00 a month'],
};

function valuePrompt(name: string, more: Partial<Extract<Prompt, { type: 'value' }>> = {}): Prompt {
  const question = questions.find((candidate) => candidate.name === name);
  if (question === undefined) throw new Error(`no question ${name}`);
  const index = questions.indexOf(question) + 1;
  return {
    type: 'value',
    question,
    place: { index, total: 6 },
    problem: null,
    proposal: null,
    canGoBack: true,
    ...more,
  };
}

const prompts: Record<string, Prompt> = {
  secret: valuePrompt('GEMINI_API_KEY'),
  proposal: valuePrompt('GEMINI_API_KEY', { proposal: { shown: '••••••x7Qa', source: '.env' } }),
  problem: valuePrompt('HF_TOKEN', {
    problem: {
      message: 'Hugging Face refused this token (401).',
      remedy: 'Make one with the role "write" at https://huggingface.co/settings/tokens',
    },
  }),
  open: valuePrompt('QDRANT_URL'),
  choice: {
    type: 'choice',
    name: 'free-plan',
    title: 'ana is on the free plan; new Docker Spaces need PRO (402).',
    lines: ['Your other keys are not asked for before this is settled.'],
    choices: [
      { value: 'adopt', label: 'Reuse ana/book-api', note: 'replaces its Dockerfile and README.md' },
      { value: 'team', label: 'Create under textbook-lab', note: 'Team plan' },
      { value: 'again', label: 'I upgraded, check again', note: null },
      { value: 'export', label: 'Host elsewhere: export the server', note: null },
    ],
    canGoBack: true,
  },
  many: {
    type: 'choice',
    name: 'project',
    title: 'Which Vercel project is the book?',
    lines: [],
    choices: Array.from({ length: 20 }, (_, i) => ({
      value: `p${i + 1}`,
      label: `project-${i + 1}`,
      note: null,
    })),
    canGoBack: false,
  },
  searched: {
    type: 'choice',
    name: 'project',
    title: 'Which Vercel project is the book?',
    lines: [],
    choices: Array.from({ length: 60 }, (_, i) => ({
      value: `p${i + 1}`,
      label: `lab/project-${i + 1}`,
      note: i === 41 ? 'docusaurus-2' : null,
    })),
    isSearched: true,
    canGoBack: true,
  },
  // No screen can render this prompt.
  broken: {
    type: 'choice',
    name: 'broken',
    title: 'Broken',
    lines: [],
    choices: null,
    canGoBack: false,
  } as never,
  plan: { type: 'confirm-plan', plan, canGoBack: true },
  pause: {
    type: 'pause',
    title: 'Everything is still up on this machine:',
    lines: ['Space http://127.0.0.1:7860'],
  },
};

const started: RunEvent = { type: 'run-started', command: 'deploy', rehearsal: true, version: '0.1.0' };
const ok = { ok: true, exitCode: 0, failure: null } as const;
const live: RunEvent = {
  type: 'run-finished',
  ...ok,
  deployment: {
    space: 'ana/textbook-chat',
    url: 'https://ana-textbook-chat.hf.space',
    health: 'healthy',
    frontend: 'https://textbook.vercel.app',
  },
};
const cancelled: Extract<RunEvent, { type: 'run-finished' }> = {
  type: 'run-finished',
  ok: false,
  exitCode: 130,
  failure: {
    kind: 'cancelled',
    code: 'cancelled',
    message: 'Cancelled.',
    remedy: 'Run the same command again.',
    service: null,
  },
  deployment: null,
};

/** A deployment up to the build, which runs until the user acts. */
async function play(renderer: Renderer): Promise<void> {
  renderer.show(started);
  const rights = {
    needed: ['repo.write for ana'],
    has: ['role "write"'],
    excess: ['every repository of ana'],
    page: 'https://huggingface.co/settings/tokens',
  };
  renderer.show({ type: 'check-started', service: 'huggingface' });
  renderer.show({
    type: 'check-done',
    service: 'huggingface',
    verdict: 'accepted',
    code: 'accepted',
    message: 'ana, PRO',
    remedy: '',
    rights,
  });
  renderer.show({ type: 'plan-ready', target, changes });
  const first = { step: 'index-book', service: 'qdrant' } as const;
  renderer.show({ type: 'step-started', ...first });
  renderer.show({ type: 'step-progress', ...first, done: 120, total: 302, note: 'sections' });
  renderer.show({
    type: 'step-done',
    ...first,
    outcome: 'changed',
    reason: '302 sections written',
    ms: 4200,
  });
  const second = { step: 'create-space', service: 'huggingface' } as const;
  renderer.show({ type: 'step-started', ...second });
  for (let n = 1; n <= 9; n++) renderer.show({ type: 'log', source: 'build', text: `line ${n}` });
  let hasCancelledBefore = false;
  for await (const action of renderer.userActions()) {
    if (action.type === 'open-log') continue;
    // Until the user presses Ctrl-C a second time.
    if (action.type === 'cancel' && !hasCancelledBefore) {
      hasCancelledBefore = true;
      continue;
    }
    renderer.show({ type: 'step-done', ...second, outcome: 'changed', reason: 'created', ms: 800 });
    renderer.show(action.type === 'cancel' ? cancelled : live);
    return;
  }
}

/** Many events per second, to count how often the screen is redrawn. */
async function storm(renderer: Renderer): Promise<void> {
  const step = { step: 'index-book', service: 'qdrant' } as const;
  renderer.show({ type: 'step-started', ...step });
  for (let done = 1; done <= 300; done++) {
    renderer.show({ type: 'step-progress', ...step, done, total: 300, note: 'sections' });
    await sleep(5);
  }
  renderer.show({ type: 'step-done', ...step, outcome: 'changed', reason: 'stormed', ms: 1500 });
}

/** No step runs and no prompt is open. */
async function wait(renderer: Renderer): Promise<string> {
  for await (const action of renderer.userActions()) return `${action.type}\n`;
  return '';
}

const [act = 'play', kind = 'ink'] = process.argv.slice(2);
const { stdin, stdout, stderr, env } = process;
const renderer = await createRenderer({
  kind: kind as RendererKind,
  stdin,
  stdout,
  stderr,
  now: Date.now,
  env,
});
let output = '';
if (act === 'play') await play(renderer);
else if (act === 'wait') output = await wait(renderer);
else if (act === 'storm') await storm(renderer);
else {
  const signal = new AbortController().signal;
  if (env['DEMO_REHEARSAL'] === '1') renderer.show(started);
  for (const name of act.split(',')) {
    const prompt = prompts[name];
    if (prompt === undefined) throw new Error(`no act ${name}`);
    const reply = await renderer.ask(prompt, { signal }).catch((error: unknown) => {
      if (!(error instanceof Failure) || error.kind !== 'bug') throw error;
      renderer.show({ ...cancelled, failure: error.report() });
      return error.report();
    });
    output += `reply ${JSON.stringify(reply)}\n`;
  }
}
await renderer.close();
stdout.write(output);
stdout.write('demo ended\n');

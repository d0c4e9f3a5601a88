import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../../../wizard/model/run/event.ts';
import { elapsed } from '../../../../wizard/model/display/elapsed.ts';
import { endedStepLines, fractionOf, progressText } from '../../../../wizard/model/display/step-lines.ts';
import { line, textLines } from '../../../../wizard/model/display/line.ts';
import { eventLines, finishedLines } from '../../../../wizard/model/display/lines.ts';
import { planLines, planRows } from '../../../../wizard/model/display/plan-lines.ts';
import { emptyView, foldView, type View } from '../../../../wizard/model/display/view.ts';

const step = { step: 'await-build', service: 'huggingface' } as const;
const target = { space: 'ana/b', project: null, team: null, environment: 'production' } as const;
const planned: RunEvent = {
  type: 'plan-ready',
  target,
  changes: [
    { step: 'create-space', service: 'huggingface', kind: 'new', what: 'Space' },
    { ...step, kind: 'new', what: 'build' },
    { step: 'await-health', service: 'huggingface', kind: 'new', what: 'health' },
  ],
};

function fold(...events: (RunEvent | [RunEvent, number])[]): View {
  return events.reduce<View>((view, entry) => {
    const [event, at] = Array.isArray(entry) ? entry : ([entry, 0] as const);
    return foldView(view, event, at);
  }, emptyView);
}

function texts(lines: readonly { text: string }[]): string[] {
  return lines.map(({ text }) => text);
}

describe('the view', () => {
  it('tells how far a running step is: by its count, else by the time it took before', () => {
    const view = fold(
      planned,
      [{ type: 'step-started', ...step, lastMs: 100_000 }, 1000],
      [{ type: 'step-started', step: 'index-book', service: 'qdrant' }, 1000],
      [
        { type: 'step-progress', step: 'index-book', service: 'qdrant', done: 160, total: 200, note: '' },
        5000,
      ],
    );
    const [building, indexing] = [view.steps[1], view.steps[3]];
    if (building === undefined || indexing === undefined) throw new Error('no steps');
    expect(fractionOf(building, 59_000)).toBeCloseTo(0.58);
    expect(fractionOf(building, 500_000)).toBe(0.95);
    expect(progressText(building, 59_000, { isShort: false })).toBe(
      '0:58 of about 1:40 · last change 58 s ago',
    );
    expect(fractionOf(indexing, 5000)).toBe(0.8);
    expect(progressText(indexing, 5000, { isShort: false })).toBe('160 of 200 · 40/s · 0:04');
    expect(progressText(indexing, 5000, { isShort: true })).toBe('160 of 200 · 0:04');
  });

  it('keeps of a failed step the lines of the log that say why', () => {
    const log = (text: string): RunEvent => ({ type: 'log', source: 'build', text, step: step.step });
    const view = fold(
      planned,
      { type: 'step-started', ...step },
      log('COPY'),
      log('npm ERROR one'),
      log('done'),
      { type: 'step-done', ...step, outcome: 'failed', reason: 'The build failed', ms: 10 },
    );
    expect(texts(endedStepLines(view))).toEqual([
      '✗ Wait for the build failed: The build failed',
      '  npm ERROR one',
    ]);
  });

  it('tells how long it took by the clock: steps run side by side', () => {
    const done = { type: 'step-done', outcome: 'changed', reason: '', ms: 9_000 } as const;
    const other = { step: 'create-space', service: 'huggingface' } as const;
    const ended: RunEvent = { type: 'run-finished', ok: true, exitCode: 0, failure: null, deployment: null };
    const view = fold(
      planned,
      [{ type: 'step-started', ...other }, 1000],
      [{ type: 'step-started', ...step }, 1000],
      [{ ...done, ...other }, 10_000],
      [{ ...done, ...step }, 10_000],
      [ended, 12_000],
    );
    expect(texts(finishedLines(view))).toEqual(['✓ Done in 0:09']);
  });

  it('keeps the last five lines of the log, of the step that runs', () => {
    const logs = Array.from({ length: 9 }, (_, n): RunEvent => ({ type: 'log', source: 's', text: `${n}` }));
    const view = fold({ type: 'step-started', ...step }, ...logs);
    expect(texts(view.log)).toEqual(['4', '5', '6', '7', '8']);
    expect(foldView(view, { type: 'step-started', ...step }, 1).log).toEqual([]);
  });

  it('shows a check that was given again by its last verdict', () => {
    const verdict = (verdict: 'rejected' | 'accepted'): RunEvent => ({
      type: 'check-done',
      service: 'gemini',
      verdict,
      code: '',
      message: '',
      remedy: '',
    });
    const view = fold(verdict('rejected'), { type: 'check-started', service: 'gemini' }, verdict('accepted'));
    expect(view.checks.map(({ state }) => state)).toEqual(['accepted']);
  });
});

describe('lines', () => {
  it('put an address on a line of its own, without its full stop', () => {
    expect(textLines('Make one at https://a.b/c.')).toEqual([
      { text: 'Make one at', tone: 'plain', indent: 0 },
      { text: 'https://a.b/c', tone: 'link', indent: 0 },
    ]);
  });

  it('put an address on a line of its own amid a sentence too', () => {
    const lines = textLines('Make a token (https://a.b/c), and give that one. Or see https://a.b/d.');
    expect(texts(lines)).toEqual([
      'Make a token',
      'https://a.b/c',
      'and give that one. Or see',
      'https://a.b/d',
    ]);
  });

  it('hold nothing that a terminal obeys', () => {
    expect(line('\u001B[2Ja\u001B]0;title\u0007b\rc').text).toBe('abc');
  });

  it('report what happened, what to do, and what exists', () => {
    const failure = {
      kind: 'failed',
      code: 'x',
      message: 'It broke.',
      remedy: 'Fix it.',
      service: null,
    } as const;
    const finished: RunEvent = { type: 'run-finished', ok: false, exitCode: 1, failure, deployment: null };
    const done: RunEvent = { type: 'step-done', ...step, outcome: 'changed', reason: '', ms: 1 };
    expect(texts(finishedLines(fold(planned, finished)))).toEqual([
      '✗ It broke.',
      'Fix it.',
      'Nothing was changed.',
    ]);
    expect(texts(finishedLines(fold(planned, done, finished)))).toContain(
      'Done before it ended: Wait for the build.',
    );
  });

  it('say what an accepted key may do, and name a page only where it may do too much', () => {
    const rights = { needed: ['a'], has: ['b', 'c'], page: 'https://a.b/keys' };
    const done = (excess: string[]): RunEvent => ({
      type: 'check-done',
      service: 'gemini',
      verdict: 'accepted',
      code: 'accepted',
      message: 'ok',
      remedy: '',
      rights: { ...rights, excess },
    });
    expect(texts(eventLines(done([])))).toEqual([
      '✓ Gemini accepted: ok',
      '  needs     a',
      '  has       b, c',
    ]);
    expect(texts(eventLines(done(['d'])))).toEqual([
      '✓ Gemini accepted: ok',
      '  needs     a',
      '  has       b, c',
      '  beyond    d. It works; a narrower one is made at',
      'https://a.b/keys',
    ]);
  });

  it('say once that a key was refused', () => {
    const refusal = { service: 'gemini', code: 'x', message: 'Refused.', remedy: 'Make one.' } as const;
    const done: RunEvent = { type: 'check-done', verdict: 'rejected', ...refusal };
    const failure = { kind: 'rejected', ...refusal } as const;
    const finished: RunEvent = { type: 'run-finished', ok: false, exitCode: 3, failure, deployment: null };
    expect(texts(eventLines(done))).toEqual(['✗ Gemini rejected: Refused.', 'Make one.']);
    expect(texts(finishedLines(fold(done, finished)))).toEqual(['Nothing was changed.']);
  });

  it('say nothing of changes where a command only looked', () => {
    const failure = {
      kind: 'failed',
      code: 'findings',
      message: '1 thing is wrong.',
      remedy: 'Fix it.',
    } as const;
    const ended = (command: 'doctor' | 'index'): string[] =>
      texts(
        finishedLines(
          fold(
            { type: 'run-started', command, rehearsal: false, version: '1' },
            {
              type: 'run-finished',
              ok: false,
              exitCode: 1,
              failure: { ...failure, service: null },
              deployment: null,
            },
          ),
        ),
      );
    expect(ended('doctor')).toEqual(['✗ 1 thing is wrong.', 'Fix it.']);
    expect(ended('index').at(-1)).toBe('Nothing was changed.');
  });

  it('end a deployment with what may be wanted later, a rehearsal without', () => {
    const stands = {
      space: 'ana/chat',
      url: 'https://a-chat.hf.space',
      health: 'healthy',
      frontend: null,
    } as const;
    const ended = (rehearsal: boolean): string[] =>
      texts(
        finishedLines(
          fold(
            { type: 'run-started', command: 'deploy', rehearsal, version: '1' },
            { type: 'step-started', step: 'prove', service: 'vercel' },
            { type: 'run-finished', ok: true, exitCode: 0, failure: null, deployment: stands },
          ),
        ),
      );
    const text = ended(false).join('\n');
    for (const command of ['index', 'rotate', 'doctor', 'undo'])
      expect(text).toContain(`npx rag-space-setup ${command} `);
    expect(text).toContain('Sleeps');
    expect(ended(true).join()).not.toContain('npx');
  });

  const stands = {
    space: null,
    url: 'https://chat.example',
    health: 'unknown',
    frontend: null,
  } as const;
  const ended: RunEvent = {
    type: 'run-finished',
    ok: true,
    exitCode: 0,
    failure: null,
    deployment: stands,
  };

  it('end a proved deployment with the question, the answer and a link to what it cites', () => {
    const proof = { step: 'prove', service: 'vercel' } as const;
    const reason = 'Asked “What is “it”?”: cited /a#b';
    const view = fold(
      { type: 'run-started', command: 'deploy', rehearsal: false, version: '1' },
      { type: 'step-started', ...proof },
      { type: 'notice', code: 'answer', message: 'It is. [1]', remedy: '/a#b /c' },
      { type: 'step-done', ...proof, outcome: 'changed', reason, ms: 1 },
      { ...ended, deployment: { ...stands, frontend: 'https://book.example', health: 'healthy' } },
    );
    const lines = finishedLines(view).map(({ text, link = '' }) => `${text}${link}`);
    expect(lines.slice(0, 6)).toEqual([
      '✓ Live in 0:00, proved from https://book.example',
      '  “What is “it”?”',
      '  It is. [1]',
      '  https://book.example/a#b',
      '  Chat     https://book.example',
      '  API      https://chat.example',
    ]);
  });

  it('call a server that runs elsewhere what it is', () => {
    const view = fold({ ...planned, target: { ...target, space: null } }, ended);
    const [, ...lines] = finishedLines(view).map(({ text, link = '' }) => `${text}${link}`);
    expect(lines).toEqual(['  API      https://chat.example', '  Server']);
  });

  it('of a rehearsal that is over hold no address', () => {
    const over: RunEvent = { type: 'notice', code: 'rehearsal-over', message: 'Gone.', remedy: '' };
    const text = texts(finishedLines(fold(planned, over, ended))).join('\n');
    expect(text).not.toContain('https://');
    expect(text).toContain('gone with the rehearsal');
  });

  it('of a plan say the same thing once', () => {
    const what = 'the server runs elsewhere';
    const skipped = { service: 'huggingface', kind: 'unchanged', what } as const;
    const changes = [
      { ...skipped, step: 'create-space' },
      { ...skipped, step: 'set-secrets' },
    ] as const;
    expect(texts(planLines({ target, changes })).filter((text) => text.includes(what))).toHaveLength(1);
  });

  it('of a plan in a few rows count what stays, join counts, and name the proof', () => {
    const hub = { service: 'huggingface' } as const;
    const changes = [
      { ...hub, step: 'create-space', kind: 'unchanged', what: 'ana/b' },
      { ...hub, step: 'set-secrets', kind: 'changes', what: '2 secrets' },
      { ...hub, step: 'upload-server', kind: 'changes', what: '8 files; 3 new (big)' },
      { service: 'vercel', step: 'set-frontend-variable', kind: 'unchanged', what: 'left as it is' },
      { service: 'vercel', step: 'prove', kind: 'unchanged', what: 'asks the server' },
    ] as const;
    const rows = planRows(changes).map(({ title, sign, text }) => `${title}|${sign} ${text}`);
    expect(rows).toEqual([
      'Hugging Face|~ 2 secrets, 8 files',
      '|= 1 unchanged',
      'Vercel|= left as it is',
      'Then|  a real question as the page asks it',
    ]);
  });

  it('name all that is missing, with its flag and variable', () => {
    const missing = [
      { name: 'GEMINI_API_KEY', flag: null, env: 'GEMINI_API_KEY' },
      { name: 'HF_SPACE', flag: '--space', env: 'HF_SPACE' },
    ];
    const text = texts(eventLines({ type: 'input-missing', missing })).join('\n');
    expect(text).toContain('set GEMINI_API_KEY');
    expect(text).toContain('or give --space');
  });

  it.each([
    [0, '0:00'],
    [72_900, '1:12'],
    [3_725_000, '1:02:05'],
  ])('%i ms is %s', (ms, text) => expect(elapsed(ms)).toBe(text));
});

it('shows a run whose answer could not be proved as no success', () => {
  const view = fold(
    planned,
    { type: 'step-done', step: 'prove', service: 'vercel', outcome: 'unproven', reason: 'not live', ms: 5 },
    {
      type: 'run-finished',
      ok: false,
      exitCode: 11,
      failure: null,
      deployment: { space: 'ana/b', url: 'https://ana-b.hf.space', health: 'healthy', frontend: null },
    },
  );
  const lines = finishedLines(view);
  expect(texts(lines)[0]).toMatch(/^\? Deployed in .*not proved$/);
  expect(lines.some(({ tone, text }) => tone === 'good' || text.includes('✓'))).toBe(false);
});

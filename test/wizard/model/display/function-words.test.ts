import { expect, it } from 'vitest';
import { planLines } from '../../../../wizard/model/display/plan-lines.ts';
import { finishedLines } from '../../../../wizard/model/display/lines.ts';
import { stepDoneLines } from '../../../../wizard/model/display/step-lines.ts';
import { emptyView, foldView } from '../../../../wizard/model/display/view.ts';
import type { RunEvent } from '../../../../wizard/model/run/event.ts';
import type { Change, StepId } from '../../../../wizard/model/run/plan.ts';

const space = 'vercel/~ana/book-chat';
const change = (step: StepId): Change => ({ step, service: 'vercel', kind: 'new', what: 'ana/book-chat' });
const changes = [change('create-space'), change('await-build'), change('await-health')];
const target = { space, project: 'book', team: null, environment: 'production' } as const;
const texts = (lines: readonly { text: string }[]): string => lines.map(({ text }) => text).join('\n');

it('names a Vercel Function, and no Space, on every screen of its deployment', () => {
  const plan = texts(planLines({ target, changes }, { isFull: false }));
  expect(plan).toContain('Vercel Function ana/book-chat; Vercel book, production');
  expect(plan).toContain('its deployment, health');
  const done = changes.map(({ step }): RunEvent => ({
    type: 'step-done',
    step,
    service: 'vercel',
    outcome: 'changed',
    reason: '',
    ms: 1,
  }));
  const steps = done.flatMap((event) => (event.type === 'step-done' ? stepDoneLines(event) : []));
  expect(texts(steps)).toContain('Create the project');
  expect(texts(steps)).toContain('Wait for the deployment');
  const events: RunEvent[] = [
    { type: 'run-started', command: 'deploy', version: '0.1.0', rehearsal: false },
    { type: 'plan-ready', target, changes },
    ...done,
    {
      type: 'run-finished',
      ok: true,
      exitCode: 0,
      failure: null,
      deployment: { space, url: 'https://book-chat.vercel.app', frontend: null, health: 'healthy' },
    },
  ];
  const end = texts(finishedLines(events.reduce((view, event) => foldView(view, event, 0), emptyView)));
  expect(end).toContain('Function ana/book-chat healthy');
  expect(end).toContain('after minutes without a reader');
  for (const screen of [plan, texts(steps), end]) expect(screen).not.toMatch(/Space|vercel\/~|Hugging Face/);
});

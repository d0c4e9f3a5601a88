import { expect, it } from 'vitest';
import { diagnoseWorkflow } from '../../../wizard/diagnosis/diagnose-workflow.ts';

const now = Date.UTC(2026, 10, 29, 12);

it('warns of the workflow’s key two weeks before it expires', () => {
  const on = (ciKeyExpires: string) => diagnoseWorkflow({ version: 1, ciKeyExpires }, { now });
  expect([diagnoseWorkflow(null, { now }), on('2026-12-14')]).toEqual([[], []]);
  expect(on('2026-12-13')).toMatchObject([
    { code: 'ci-key-expires', message: expect.stringContaining('expires in 14 days') },
  ]);
  expect(on('2026-11-30')[0]?.message).toContain('expires in 1 day,');
  expect(on('2026-11-29')[0]?.message).toContain('has expired');
});

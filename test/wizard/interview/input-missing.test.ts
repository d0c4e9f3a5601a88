import { expect, it } from 'vitest';
import { inputMissing, missingAnswer } from '../../../wizard/interview/input-missing.ts';
import type { RunEvent } from '../../../wizard/model/run/event.ts';

it('names each missing answer with its flag and its variable, all at once', () => {
  const events: RunEvent[] = [];
  const emit = (event: RunEvent): void => void events.push(event);
  const missing = [missingAnswer('HF_SPACE'), missingAnswer('HF_TOKEN')];
  expect(missing).toEqual([
    { name: 'HF_SPACE', flag: '--space', env: 'HF_SPACE' },
    { name: 'HF_TOKEN', flag: null, env: 'HF_TOKEN' },
  ]);
  expect(inputMissing({ emit }, missing)).toMatchObject({
    kind: 'input-missing',
    message: 'Missing: --space (or HF_SPACE), HF_TOKEN.',
  });
  expect(events).toEqual([{ type: 'input-missing', missing }]);
});

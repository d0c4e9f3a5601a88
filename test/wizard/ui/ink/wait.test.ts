import { expect, it } from 'vitest';
import { openWindow, show } from './frame.ts';
import { moments } from './moments.ts';

const seconds = 4;

it('draws at most four frames a second while two steps run, of few bytes', async () => {
  const moment = moments['progress'];
  if (moment === undefined) throw new Error('no moment');
  const window = openWindow();
  await show(window, moment);
  const before = window.output().length;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const written = window.output().slice(before);
  await window.close();
  const frames = written.split('\u001B[?2026h').length - 1;
  expect(frames).toBeGreaterThan(seconds / 2);
  expect(frames).toBeLessThanOrEqual(seconds * 4);
  // The screen before this one wrote 298 with one step.
  expect(written.length / seconds).toBeLessThan(300);
}, 15_000);

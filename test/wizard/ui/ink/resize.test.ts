import { expect, it } from 'vitest';
import { openWindow, show } from './frame.ts';
import { moments } from './moments.ts';

const screens = ['start', 'key', 'key-refused', 'target', 'plan', 'progress', 'failed'];
/** At 40 columns the terminal wraps these to more rows than its window has: their top rows leave it for the history. */
const tall = new Set(['start', 'key-refused', 'plan']);

it.each(screens)('resizing 120, 40, 80 columns at %s leaves exactly the new screen', async (name) => {
  const moment = moments[name];
  if (moment === undefined) throw new Error(`no moment ${name}`);
  const now = (): number => 72_000;
  const [resized, fresh] = [openWindow({ columns: 120, now }), openWindow({ columns: 80, now })];
  await show(fresh, moment);
  await show(resized, moment);
  resized.resize(40, 24);
  await resized.frame();
  resized.resize(80, 24);
  const [got, wanted] = [await resized.frame(), await fresh.frame()];
  const history = await resized.scrollback();
  await Promise.all([resized.close(), fresh.close()]);
  // Above the frame is finished output, which the terminal has wrapped and unwrapped itself.
  const live = (text: string): string => text.slice(text.lastIndexOf('rag-space-setup'));
  expect(live(got)).toBe(live(wanted));
  // No ghost of an earlier frame.
  expect(got.split('● ')).toHaveLength(2);
  if (!tall.has(name)) expect(history.split('● ')).toHaveLength(2);
});

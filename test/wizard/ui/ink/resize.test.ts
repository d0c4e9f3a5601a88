import { expect, it } from 'vitest';
import { openWindow, show } from './frame.ts';
import { moments } from './moments.ts';

// Not the first screen, a refused key and the plan: at 40 columns their rows exceed the window, and what scrolled away
// remains.
const live = ['key', 'target', 'progress', 'failed'];

it.each(live)('resizing 120, 40, 80 columns at %s leaves exactly the new screen', async (name) => {
  const moment = moments[name];
  if (moment === undefined) throw new Error(`no moment ${name}`);
  const now = (): number => 72_000;
  const [resized, fresh] = [openWindow({ columns: 120, now }), openWindow({ columns: 80, now })];
  await show(fresh, moment);
  await show(resized, moment);
  resized.resize(40, 24);
  await resized.frame();
  resized.resize(80, 24);
  const header = (text: string): string => text.slice(text.lastIndexOf('rag-space-setup'));
  const [got, wanted] = [await resized.scrollback(), await fresh.scrollback()];
  await Promise.all([resized.close(), fresh.close()]);
  expect(header(got)).toBe(header(wanted));
  // No ghost of an earlier frame: each header and footer is there once.
  expect(got.split('F1 help')).toHaveLength(2);
  expect(got.split('● ')).toHaveLength(2);
});

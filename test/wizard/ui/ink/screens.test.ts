/** Golden screens: each moment of a deployment in a terminal emulator, at two sizes and without colours. */
import { afterEach, describe, expect, it } from 'vitest';
import { openWindow, show, type ScreenWindow, type WindowOptions } from './frame.ts';
import { moments } from './moments.ts';

let window: ScreenWindow | undefined;
afterEach(() => window?.close());

async function frameOf(name: string, options: WindowOptions): Promise<string> {
  const moment = moments[name];
  if (moment === undefined) throw new Error(`no moment ${name}`);
  // The clock is still, so that times and spinners are the same in every run.
  window = openWindow({ ...options, now: () => 72_000 });
  await show(window, moment);
  return window.frame();
}

describe.each([
  { columns: 80, rows: 24 },
  { columns: 40, rows: 15 },
])('at $columns×$rows', ({ columns, rows }) => {
  it.each(Object.keys(moments))('the screen of %s', async (name) => {
    const frame = await frameOf(name, { columns, rows });
    await expect(`${frame}\n`).toMatchFileSnapshot(`frames/${name}-${columns}x${rows}.txt`);
    // Nothing was cleared, so the scrollback is whole.
    for (const clear of ['\u001B[2J', '\u001B[3J']) expect(window?.output()).not.toContain(clear);
  });
});

it.each(Object.keys(moments))('the screen of %s says the same without colours', async (name) => {
  const colored = await frameOf(name, {});
  // oxlint-disable-next-line no-control-regex -- the escape sequences of styles
  expect(window?.output()).toMatch(/\u001B\[(?:1|2|3[0-7])m/);
  await window?.close();
  expect(await frameOf(name, { hasColor: false })).toBe(colored);
  // Weight and underlines remain; colours do not.
  // oxlint-disable-next-line no-control-regex -- the escape sequences of colours
  expect(window?.output()).not.toMatch(/\u001B\[(?:3[0-7]|9[0-7])m/);
});

describe('a field', () => {
  const reply = async (keys: readonly string[]): Promise<string> => {
    const moment = moments['target'];
    if (moment === undefined) throw new Error('no moment');
    window = openWindow();
    const { reply: pending } = await show(window, moment);
    for (const key of keys) await window.type(key);
    await window.type('\r');
    const answer = await pending;
    return answer?.type === 'value' ? answer.raw : (answer?.type ?? '');
  };

  it('takes no answer of the terminal for text', async () => {
    const answers = [
      '\u001B]11;rgb:1d1d/2121/2727\u0007',
      '\u001B]11;rgb:1d1d/2121/2727\u001B\\',
      '\u001BP>|xterm(388)\u001B\\',
      '\u001B_Gi=31;OK\u001B\\',
      // In two pieces.
      '\u001BP1+r544e=7874',
      '65726d\u001B\\',
      '\u001B[?62;22c',
    ];
    expect(await reply(['a', ...answers, 'b'])).toBe('ab');
  });

  it('deletes forwards with the Delete key, and backwards with Backspace', async () => {
    expect(await reply(['abcd', '\u001B[D', '\u001B[D', '\u001B[3~', '\u007F'])).toBe('ad');
  });

  it.each(['q', 'd', 'l', '?', 'j'])(
    'keeps the letter %s: only Ctrl and function keys are commands',
    async (letter) => {
      expect(await reply([letter])).toBe(letter);
    },
  );

  it('keeps what was typed while the help is open', async () => {
    expect(await reply(['a', '\u001BOP', 'x', '\u001B', 'b'])).toBe('ab');
  });
});

it('asks for the page to be opened only on Ctrl-O', async () => {
  const moment = moments['key-refused'];
  if (moment === undefined) throw new Error('no moment');
  window = openWindow();
  await show(window, moment);
  expect(window.actions).toEqual([]);
  await window.type('\u000F');
  expect(window.actions).toEqual([{ type: 'open-page', url: 'https://aistudio.google.com/apikey' }]);
});

it('scrolls the plan by every arrow key of a burst', async () => {
  const moment = moments['plan-details'];
  if (moment === undefined) throw new Error('no moment');
  window = openWindow({ columns: 40, rows: 15 });
  await show(window, moment);
  const rows = (text: string): string[] => text.split('\n').slice(1);
  const before = rows(await window.frame());
  await window.type('\u001B[B'.repeat(3));
  expect(rows(await window.frame())[0]).toBe(before[3]);
});

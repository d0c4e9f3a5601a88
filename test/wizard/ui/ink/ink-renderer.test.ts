import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keys } from '../../../terminal.ts';
import { buildDemo, type Demo } from '../demo-terminal.ts';

const key = 'AQ.Ab8RN6canary-0123456789-x7Qa';
let demo: Demo;
beforeAll(async () => void (demo = await buildDemo()));
afterAll(() => demo.close());

/** The lines from the header on. */
function liveLines(screen: string): string[] {
  return screen.slice(screen.lastIndexOf('rag-space-setup')).split('\n');
}

describe('a secret', () => {
  it('shows bullets, its end and its length, and is sent by Enter', async () => {
    const terminal = demo.open('secret');
    const first = await terminal.waitFor('Enter next');
    expect(first).toContain('4 of 6  Gemini API key');
    expect(first.split('\n')).toContain('https://aistudio.google.com/apikey');
    terminal.paste(key);
    expect(await terminal.waitFor('x7Qa')).toContain('> ••••••x7Qa   31 characters');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback()).toContain(`reply {"type":"value","raw":"${key}"}`);
    const shown = terminal.transcript().replace(/reply .*/, '');
    expect(shown).not.toContain(key.slice(0, 16));
    expect(shown).not.toContain('canary');
  });

  it('treats a newline in a paste as data, with or without paste markers, and waits for a separate Enter', async () => {
    const terminal = demo.open('secret');
    await terminal.waitFor('Enter next');
    terminal.paste(`"${key}"\r`);
    await terminal.waitFor('32 characters');
    terminal.write(keys.ctrlU);
    await terminal.waitFor(/> +\n/);
    terminal.write(`${key}\r`);
    await terminal.waitFor('31 characters');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback()).toContain(String.raw`"raw":"${key}\r"`);
  });

  it('accepts two chunks 40 ms apart as one value, with or without paste markers', async () => {
    const half = key.length / 2;
    for (const [open, close] of [
      ['', ''],
      ['\u001B[200~', '\u001B[201~'],
    ] as const) {
      const terminal = demo.open('secret');
      await terminal.waitFor('Enter next');
      terminal.write(`${open}${key.slice(0, half)}`);
      await sleep(40);
      terminal.write(`${key.slice(half)}\r\n${close}`);
      await terminal.waitFor('31 characters');
      terminal.write(keys.enter);
      await terminal.exited;
      expect(terminal.scrollback()).toMatch(/"raw":"AQ\.Ab8RN6canary-0123456789-x7Qa(\\r)?(\\n)?"/);
    }
  });

  it('handles text, paste and backspace in one chunk', async () => {
    const terminal = demo.open('secret');
    await terminal.waitFor('Enter next');
    terminal.write('\u001B[200~abcdef\u001B[201~x\u007F\u007Fgh');
    await terminal.waitFor('•••••••');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('"raw":"abcdegh"');
  });

  it('shows the number of pasted lines, not their text', async () => {
    const terminal = demo.open('secret');
    await terminal.waitFor('Enter next');
    terminal.paste('HF_TOKEN=hf_a\nGEMINI_API_KEY=AQ.b\n\nQDRANT_URL=c\n');
    await terminal.waitFor('a text of 3 lines');
    expect(terminal.screen()).not.toContain('QDRANT_URL');
  });

  it('treats words as data, and goes back on Esc', async () => {
    const terminal = demo.open('secret,secret');
    await terminal.waitFor('Enter next');
    for (const letter of 'back') terminal.write(letter);
    await terminal.waitFor('> ••••');
    terminal.write(keys.enter);
    await terminal.waitFor('Gemini API key: ••••');
    await terminal.waitFor(/> +\n/);
    terminal.write(keys.escape);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('"raw":"back"');
    expect(terminal.scrollback()).toContain('reply {"type":"back"}');
  });

  it('is not sent when empty, but Enter accepts a proposed one', async () => {
    const terminal = demo.open('secret,proposal');
    await terminal.waitFor('Enter next');
    terminal.write(keys.enter);
    await terminal.waitFor('A value is needed.');
    for (const letter of 'key') terminal.write(letter);
    await terminal.waitFor('> •••');
    terminal.write(keys.enter);
    await terminal.waitFor('Found: ••••••x7Qa, from .env');
    expect(terminal.screen()).toContain('Enter use it');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('"raw":"key"');
    expect(terminal.scrollback()).toContain('reply {"type":"accept"}');
  });

  it('is masked in an unmasked field too', async () => {
    const terminal = demo.open('open');
    await terminal.waitFor('Qdrant cluster URL');
    terminal.paste('postgresql://ana:hunter2@db.example/book');
    await terminal.waitFor('••••••book');
    expect(terminal.transcript()).not.toContain('hunter2');
    terminal.write(keys.ctrlU);
    terminal.paste('https://xyz.cloud.qdrant.io:6333');
    await terminal.waitFor('> https://xyz.cloud.qdrant.io:6333');
  });
});

describe('Ctrl-C', () => {
  it.each(['secret', 'choice', 'plan', 'pause'])('cancels at %s and gives the cursor back', async (act) => {
    const terminal = demo.open(act);
    await terminal.waitFor(/Ctrl-C cancel|Any key/);
    terminal.write(keys.ctrlC);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('reply {"type":"cancel"}');
    expect(terminal.isCursorShown()).toBe(true);
    expect(terminal.transcript()).toContain('\u001B[?2004l');
  });
});

describe('a long list', () => {
  it('is filtered by what is typed; Esc first clears the filter', async () => {
    const terminal = demo.open('searched,searched');
    await terminal.waitFor('60 in all');
    for (const letter of 'jdoc') terminal.write(letter);
    await terminal.waitFor('“jdoc”: 0 of 60');
    terminal.write(keys.escape);
    await terminal.waitFor('60 in all');
    for (const letter of 'DOCU') terminal.write(letter);
    const screen = await terminal.waitFor('“DOCU”: 1 of 60');
    expect(screen).toContain('> lab/project-42');
    expect(screen).not.toContain('lab/project-1');
    terminal.write(keys.enter);
    await terminal.waitFor('60 in all');
    for (const letter of '-6') terminal.write(letter);
    await terminal.waitFor('“-6”: 2 of 60');
    terminal.write(keys.down);
    await terminal.waitFor('> lab/project-60');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback().match(/"value":"\w+"/g)).toEqual(['"value":"p42"', '"value":"p60"']);
  });
});

describe('a choice', () => {
  it('moves by arrow, j and number, and is selected by Enter', async () => {
    const terminal = demo.open('choice,choice,choice');
    await terminal.waitFor('> 1 Reuse');
    terminal.write(keys.down);
    await terminal.waitFor('> 2 Create');
    terminal.write(keys.enter);
    await terminal.waitFor('> 1 Reuse');
    terminal.write('j');
    await terminal.waitFor('> 2 Create');
    terminal.write('j');
    await terminal.waitFor('> 3 I upgraded');
    terminal.write(keys.enter);
    await terminal.waitFor('> 1 Reuse');
    terminal.write('4');
    await terminal.waitFor('> 4 Host');
    terminal.write(keys.enter);
    await terminal.exited;
    expect(terminal.scrollback().match(/"value":"\w+"/g)).toEqual([
      '"value":"team"',
      '"value":"again"',
      '"value":"export"',
    ]);
  });

  it('of many shows a few around the selected one', async () => {
    const terminal = demo.open('many');
    await terminal.waitFor('> 1 project-1');
    expect(liveLines(terminal.screen()).length).toBeLessThanOrEqual(12);
    terminal.write(keys.up);
    await terminal.waitFor('> 20 project-20');
  });
});

describe('the plan', () => {
  it('is applied by Enter only', async () => {
    const terminal = demo.open('plan');
    const screen = await terminal.waitFor('Enter apply');
    expect(screen).toContain('about 8 min · $0.00 a month');
    expect(screen).toContain('  Vercel         ~ REACT_APP_API_BASE_URL');
    expect(screen).toContain('                 + 4 secrets, 6 variables, 5 files');
    terminal.write('d');
    expect(await terminal.waitFor('d summary')).toContain('+ 6 variables\n');
    terminal.write('d');
    await terminal.waitFor('d every change');
    terminal.paste('y\r');
    for (const letter of ['y', ' ', 'q', '1']) terminal.write(letter);
    terminal.write(keys.escape);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('reply {"type":"back"}');
    const second = demo.open('plan');
    await second.waitFor('Enter apply');
    second.write(keys.enter);
    await second.exited;
    expect(second.scrollback()).toContain('reply {"type":"accept"}');
    // What was accepted stays in the scrollback.
    expect(second.scrollback()).toContain(
      'Hugging Face ana/textbook-chat; Vercel ana-team/textbook, production',
    );
  });
});

describe('a run', () => {
  it('lists its steps, opens the log, and ends with its links', async () => {
    const terminal = demo.open('play');
    const screen = await terminal.waitFor(/⠋|⠙|⠹|⠸|⠼|⠴|⠦|⠧|⠇|⠏/);
    expect(screen).toContain('  ✓ Index the book               302 sections written');
    expect(screen).toMatch(/ {2}\S Create the Space +0:00/);
    expect(screen).toContain('  · Set its secrets · Set its variables');
    expect(screen).toMatch(/REHEARSAL {2}rag-space-setup deploy +ana\/textbook-chat · 0:0\d\n/);
    expect(screen).not.toContain('line 8');
    terminal.write('l');
    expect(await terminal.waitFor('line 5')).not.toContain('line 4');
    terminal.write('l');
    await sleep(200);
    terminal.write('q');
    await terminal.exited;
    const all = terminal.scrollback();
    expect(all.match(/Index the book: 302/g)).toHaveLength(1);
    expect(all).toContain('REHEARSAL  ✓ Live in');
    expect(all).toContain('  API      https://ana-textbook-chat.hf.space\n');
    expect(all).not.toContain('q leave');
  });

  it('shows that it is stopping after Ctrl-C, then what was done', async () => {
    const terminal = demo.open('play');
    await terminal.waitFor('q leave');
    terminal.write(keys.ctrlC);
    expect(await terminal.waitFor('Ctrl-C again exits at once')).toContain('Stopping cleanly…');
    terminal.write(keys.ctrlC);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('Cancelled.');
    expect(terminal.scrollback()).toContain('Done before it ended: Index the book, Create the Space.');
  });

  it('shows the elapsed time and how to cancel while waiting', async () => {
    const terminal = demo.open('wait');
    expect(await terminal.waitFor(/Working, 0:0[1-9]/)).toContain('Ctrl-C cancel');
    terminal.write(keys.ctrlC);
    await terminal.exited;
    expect(terminal.scrollback()).toContain('cancel');
  });

  it('draws at most four frames per second', async () => {
    const terminal = demo.open('storm');
    await terminal.exited;
    const frames = terminal.transcript().match(/of 300/g)?.length ?? 0;
    expect(frames).toBeGreaterThan(1);
    // 300 events of at least 5 ms each.
    expect(frames).toBeLessThan(20);
  });
});

describe('any size', () => {
  it.each([
    [80, 24],
    [40, 15],
    [60, 20],
    [120, 40],
  ])('fits %i×%i without clearing the screen or truncating a line', async (columns, rows) => {
    const terminal = demo.open('problem,choice', { columns, rows, env: { DEMO_REHEARSAL: '1' } });
    const screen = await terminal.waitFor('Ctrl-C cancel');
    expect(screen).toContain('REHEARSAL');
    expect(screen).toContain('1 of 6  Hugging Face');
    expect(screen.replaceAll(/\s+/g, ' ')).toContain('Hugging Face refused this token (401).');
    expect(screen.split('\n')).toContain('https://huggingface.co/settings/tokens');
    terminal.write(keys.ctrlC);
    const choice = await terminal.waitFor('4 Host elsewhere');
    expect(choice).toContain('Ctrl-C cancel');
    for (const clear of ['\u001B[2J', '\u001B[1;1H']) expect(terminal.transcript()).not.toContain(clear);
  });

  it('makes a URL one hyperlink, also when it is wrapped', async () => {
    const terminal = demo.open('problem', { columns: 30 });
    await terminal.waitFor('Ctrl-C cancel');
    const link = '\u001B]8;;https://huggingface.co/settings/tokens\u001B\\';
    expect(terminal.transcript().split(link).length - 1).toBeGreaterThanOrEqual(2);
  });

  it('leaves no remains of a screen when the terminal becomes narrower, and keeps the scrollback', async () => {
    const terminal = demo.open('choice', { columns: 120, env: { DEMO_REHEARSAL: '1' } });
    await terminal.waitFor('Ctrl-C cancel');
    await terminal.settled();
    terminal.resize(40, 24);
    await terminal.waitFor(/new Docker\s*\nSpaces[\s\S]*Ctrl-C cancel/);
    terminal.resize(60, 24);
    await terminal.waitFor('new Docker Spaces');
    terminal.resize(44, 24);
    await terminal.waitFor(/new Docker Spaces\s*\nneed[\s\S]*Ctrl-C cancel/);
    const all = terminal.scrollback();
    for (const pattern of [/REHEARSAL {2}/g, /ana is on the free/g, /1 Reuse/g, /Esc back/g]) {
      expect(all.match(pattern)).toHaveLength(1);
    }
  });

  it('leaves no remains of a running build when the terminal becomes narrower, and keeps the scrollback', async () => {
    const terminal = demo.open('play', { columns: 120, rows: 24 });
    await terminal.waitFor('Create the Space');
    // What is on its way when a terminal is resized was drawn for the other width.
    await terminal.settled();
    terminal.resize(40, 24);
    await terminal.waitFor(/l log {3}q leave, resume later\s+F1 help\s+Ctrl-C cancel/);
    terminal.write('l');
    await terminal.waitFor('line 5');
    terminal.write('l');
    await sleep(200);
    terminal.write('q');
    await terminal.exited;
    const all = terminal.scrollback();
    expect(all.match(/F1 help/g) ?? []).toHaveLength(0);
    expect(all.match(/Index the book: 302/g)).toHaveLength(1);
    for (const clear of ['\u001B[2J', '\u001B[3J']) expect(terminal.transcript()).not.toContain(clear);
  });

  it('shows the same without colours', async () => {
    const terminal = demo.open('problem', { env: { NO_COLOR: '1' } });
    await terminal.waitFor('✗ Hugging Face refused');
    expect(terminal.transcript()).not.toMatch(/\u001B\[3[0-7]m/);
    const colored = demo.open('problem');
    await colored.waitFor('✗ Hugging Face refused');
    expect(colored.transcript()).toMatch(/\u001B\[31m/);
  });
});

it('reports a screen that throws as a bug, and restores the terminal', async () => {
  const terminal = demo.open('broken');
  await terminal.exited;
  expect(terminal.scrollback()).toContain('✗ The screen could not be drawn');
  expect(terminal.scrollback()).toContain('"kind":"bug","code":"screen-crashed"');
  expect(terminal.isCursorShown()).toBe(true);
});

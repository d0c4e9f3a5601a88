import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../wizard', import.meta.url));
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(root, path), 'utf8') }));
const filesWith = (pattern: RegExp): string[] =>
  sources.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

it('starts no program but git, the rehearsal’s sandbox, and a browser or a login that the user asked for, and none through a shell', () => {
  expect(filesWith(/node:child_process/).sort()).toEqual([
    'commands/rehearse.ts',
    'frontend/browser/open-browser.ts',
    'frontend/wiring/git.ts',
    'interview/sign-in/tool-login.ts',
    'ui/open-page.ts',
  ]);
  expect(filesWith(/\bshell: true|execSync/)).toEqual([]);
});

it('opens no login page and no port: keys are pasted, nothing calls back', () => {
  expect(filesWith(/createServer|\.listen\(|node:http['"]/)).toEqual([]);
  // Ctrl-O at a question opens the page where its value is made.
  expect(filesWith(/openPage\(/)).toEqual(['main.ts', 'ui/open-page.ts']);
});

it('names no folder of one system: temporary files and homes are asked for', () => {
  expect(filesWith(/['"`]\/tmp|['"`]~\/|process\.env\.HOME\b/)).toEqual([]);
});

it('keeps keys out of keychains and files: what writes files writes no secret', () => {
  const writers = filesWith(/import \{[^}]*\bwrite(?:File|Atomically)\b[^}]*\} from '/).sort();
  expect(writers).toEqual([
    'commands/export-command.ts',
    'frontend/wiring/write-files.ts',
    'insights/write-page.ts',
    'project-file/accepted-settings.ts',
    'project-file/offer-project-file.ts',
    // The one exception: a claim link, for its owner only.
    'provisioning/created-file.ts',
    'run/journal-file.ts',
    'run/last-failure.ts',
    'run/write-atomically.ts',
  ]);
  const revealing = sources.filter(({ path, text }) => writers.includes(path) && text.includes('.reveal()'));
  expect(revealing.map(({ path }) => path)).toEqual([]);
  expect(filesWith(/keytar|keychain|safeStorage/i)).toEqual([]);
});

it('puts every question by the one gate: nothing else reads the keyboard', () => {
  // Both read the lines of a program that they started.
  expect(filesWith(/node:readline|\.question\(/).sort()).toEqual([
    'commands/rehearse.ts',
    'frontend/browser/open-browser.ts',
  ]);
  expect(filesWith(/stdin\.setRawMode\(/)).toEqual(['ui/line-reader.ts']);
});

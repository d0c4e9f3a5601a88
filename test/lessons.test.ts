import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What was learned from other wizards, and the test that holds it here: file, and the beginning of its title. */
type Row = readonly [lesson: string, file: string, title: string];

const ink = 'wizard/ui/ink.test.ts';
const plain = 'wizard/ui/lines.test.ts';
const manners = 'e2e/terminal-manners.test.ts';
const interview = 'wizard/interview/interview.test.ts';
const apply = 'wizard/run/apply.test.ts';
const http = 'wizard/clients/http.test.ts';
const never = 'wizard/what-it-never-does.test.ts';
const attended = 'faults/attended.test.ts';
const screens = 'faults/screens.test.ts';
const build = 'wizard/steps/await-build.test.ts';

const acceptance: readonly Row[] = [
  [
    'no terminal: all missing inputs at once, exit 12, no hang (/dev/null, open pipe)',
    manners,
    '(stdin: %s) all that is missing',
  ],
  ['CI is nobody to ask, terminal or not', plain, 'never asks where nobody can answer'],
  [
    'pastes: quotes, KEY=val, export, CRLF, NBSP, BOM, zero-width',
    'wizard/intake/clean.test.ts',
    '%j becomes the clean key',
  ],
  ['pastes: brackets, no silent submit', ink, 'keeps a paste’s newline as data, marked or not'],
  ['pastes: two chunks 40 ms apart', ink, 'takes two pieces, 40 ms apart, for one value'],
  [
    'pastes: a .env of five lines, what was cleaned is said',
    manners,
    'a key is asked for after a .env of five lines',
  ],
  ['the words back, exit and ? are data', manners, 'the word %s in a key’s field is a bad key'],
  ['Ctrl-C at each screen: 130, cursor back', ink, 'cancels at %s and gives the cursor back'],
  [
    'Ctrl-C while steps run: what exists, how to go on; the second at once',
    ink,
    'says that it is ending after Ctrl-C',
  ],
  [
    'resize 120 to 40 during a build: no ghost frame, no full clear',
    ink,
    'leaves no ghost of a build that goes on',
  ],
  [
    'a value that failed can be given again in place',
    interview,
    'that was found stays on offer after a wrong one',
  ],
  ['every call has a deadline', http, 'ends a try at its deadline'],
  [
    'every wait shows its time and its last change',
    'wizard/model/view.test.ts',
    'counts steps, tells their time, what moved last',
  ],
  ['every wait has an end', build, 'does not wait for ever on a build that says nothing'],
  [
    'the canary: no secret anywhere',
    'e2e/deploy.test.ts',
    'the canary finds no secret in events, logs, argv, journal',
  ],
  ['a second run writes nothing', apply, 'writes nothing the second time'],
  [
    'kill -9 after each journal entry: the same end',
    'wizard/run/interruption.test.ts',
    'after “%s” is finished by the next one',
  ],
  ['a written value is read back', 'wizard/steps/settings.test.ts', 'fail when the Hub keeps something else'],
  [
    'a written value is read back at Vercel',
    'wizard/steps/vercel-quirks.test.ts',
    'a value that does not read back',
  ],
];

const complaints: readonly Row[] = [
  ['2.1.1 the target is shown before anything is written', ink, 'is applied by Enter and by nothing else'],
  ['2.1.2 bounded retries, said aloud', http, 'retries what may pass, waiting as long as it is told'],
  [
    '2.1.3 no wait without an end',
    'wizard/steps/await-health.test.ts',
    'has an end when nothing of ours answers',
  ],
  ['2.1.4 a guard for the missing terminal', plain, 'never asks where nobody can answer'],
  ['2.1.5 a question waits for ever', interview, 'a question waits as long as the person takes'],
  [
    '2.1.6 an address stands alone and unbroken',
    'wizard/ui/wrap.test.ts',
    'breaks a long word, or keeps it whole',
  ],
  ['2.1.6 an address is a link as a whole', ink, 'makes an address a link as a whole'],
  [
    '2.1.7 a folder named .env is no crash',
    'wizard/intake/found-answers.test.ts',
    'are left where they are when they are examples',
  ],
  [
    '2.1.8 nothing is started through a shell, no folder is hard-coded',
    never,
    'starts no program but git and the rehearsal',
  ],
  ['2.1.8 no folder of one system', never, 'names no folder of one system'],
  ['2.1.9 80×24 and 40 columns', ink, 'fits %i×%i: no full clear, no line cut'],
  ['2.1.9 cancelling is 130 at every screen', screens, 'Ctrl-C at %s ends with 130'],
  ['2.2.1 a change is drawn without a key or a resize', ink, 'leaves what is done above, shows what runs'],
  ['2.2.2 no browser is opened', never, 'opens no browser and no port'],
  [
    '2.2.3 what was made is kept in a journal',
    'wizard/run/journal-file.test.ts',
    'is one file that only its owner reads',
  ],
  ['2.2.4 it ends when it says so', 'e2e/deploy.test.ts', 'is gone within two seconds of its last word'],
  ['2.2.5 no call without a deadline', http, 'gives up at once when the run is cancelled'],
  ['2.2.6 no keychain, no key on disk', never, 'keeps keys out of keychains and files'],
  [
    '2.2.7 exit codes say what happened',
    'e2e/refusals.test.ts',
    'a rejected %s ends with exit 3 before anything is written',
  ],
  ['2.2.7 a reader that goes away is no crash', plain, 'ends quietly when its reader went away'],
  ['2.2.9 signals give the terminal back', manners, '%s at a question ends with 130'],
  ['2.2.9 no carriage returns in plain logs', plain, 'plain tells where a run is without moving anything'],
  [
    '2.2.10 no runtime dependencies',
    'architecture/package.test.ts',
    'the package installs nothing beside itself',
  ],
  ['2.3 CI is nobody to ask', plain, 'never asks where nobody can answer'],
  [
    '2.3 what is new to ask has a default for scripts',
    'e2e/deploy.test.ts',
    'ends healthy, exit 0, with run-finished once and last',
  ],
  ['2.3 numbers and j/k choose too', ink, 'moves by arrow, j and number'],
  ['2.3 the cursor is back after Ctrl-C', ink, 'cancels at %s and gives the cursor back'],
  ['2.4 source and last four of every key', interview, 'is shown with its source and its live verdict'],
  ['2.4 no character of a key is dropped', 'wizard/intake/clean.test.ts', 'leaves %s alone'],
  ['2.4 four frames a second at most', ink, 'draws four frames a second at most'],
  ['2.4 a wrong key is told from a network', 'wizard/probes/gemini.test.ts', 'is unreachable, not rejected'],
  ['2.5 one way to ask, and no second', never, 'puts every question by the one gate'],
  [
    '2.5 a re-run asks for nothing that it has',
    'e2e/coming-back.test.ts',
    'asks for no key that stays in the Space',
  ],
  ['2.6 one resolved target for every write', apply, 'makes everything new, and ends on an answer'],
  ['2.6 a key is pasted, nobody is called back', never, 'opens no browser and no port'],
  [
    '2.6 secrets are written one by one',
    'wizard/steps/settings.test.ts',
    'secrets are written one after the other',
  ],
  ['2.6 Ctrl-C at the plan applies nothing', 'e2e/rehearsal.test.ts', 'Ctrl-C at %s leaves with 130'],
  ['2.7 no trailing newline in a value', 'wizard/intake/clean.test.ts', '%j becomes the clean key'],
  ['2.7 a key never in an address', 'e2e/deploy.test.ts', 'puts no key into an address'],
  ['2.7 a token of one project is taken', 'wizard/probes/vercel.test.ts', 'takes a token of one project'],
  ['2.7 a key never in argv', 'wizard/cli/cli.test.ts', 'does not repeat what could be a key'],
  [
    '2.8 a failed launch leaves one Space, not two',
    'wizard/steps/create-space.test.ts',
    'makes one Space and not two',
  ],
  [
    '2.8 the kind of token is named, and the one that is needed',
    'wizard/probes/vercel.test.ts',
    'says what a token of %j with %j is',
  ],
  [
    '2.8 everything is checked before the first write',
    'wizard/run/validate.test.ts',
    'accepts all five, Hugging Face before',
  ],
  [
    '2.8 differences by fingerprint, never by value',
    'wizard/space/fingerprint.test.ts',
    'is eight hex digits',
  ],
  ['2.8 a stuck build is noticed', build, 'does not wait for ever on a build that says nothing'],
  ['2.8 and its rebuild offered', attended, 'a build that is %s has its remedy under one key'],
  [
    '2.8 the journal is advice, the vendors the truth',
    'wizard/run/interruption.test.ts',
    'after “%s” is finished by the next one',
  ],
  [
    '2.8 what the run can do without is no end',
    'wizard/probes/vercel.test.ts',
    'is not refused for what Vercel does not tell of it',
  ],
  ['2.8 an unchanged secret is unchanged', apply, 'writes one secret, one id and nothing else'],
  ['2.8 only a fixed list is uploaded', 'wizard/space/payload.test.ts', 'is exactly the list'],
  [
    '2.8 looked at first, made only when missing',
    'wizard/steps/create-space.test.ts',
    'is taken over when it was named',
  ],
  ['2.9 a bad key is not kept', interview, 'and refused is not offered any more'],
  ['2.9 words are no navigation', ink, 'takes words as data, and Esc as the way back'],
  ['2.9 what follows a key question hides a pasted key', ink, 'is hidden in an open field too'],
  [
    '2.9 what was redacted cannot be written back',
    'wizard/model/secret.test.ts',
    'prints as [secret] wherever it is printed',
  ],
  [
    '2.9 the footer tells the truth',
    'wizard/ui/keys.test.ts',
    'names keys that do what it says, and Ctrl-C always',
  ],
  [
    '2.9 a reuse is offered by source and end',
    'e2e/commands-terminal.test.ts',
    'shows what it found, with source and last four',
  ],
  [
    '2.9 back is possible everywhere',
    'properties/interview.test.ts',
    '(seed %i) back and forth loses nothing',
  ],
  [
    '2.9 what is typed while a check runs is not lost',
    interview,
    'is checked while the next question is on the screen',
  ],
  ['2.9 a step that failed is no end, nor a spinner', attended, 'a step that failed can be tried again'],
  ['2.9 no check runs for ever', 'wizard/clients/http.test.ts', 'ends a try at its deadline'],
  ['2.10 /dev/null and an open pipe', manners, '(stdin: %s) all that is missing'],
];

/** True when a test of the file is called so: the text begins what `it` or `it.each(…)` is given. */
function hasTest(source: string, title: string): boolean {
  const begins = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?:\\b(?:it|test)|[\\])])\\(\\s*['"\`]${begins}`).test(source);
}

describe.each([
  ['acceptance checks', acceptance],
  ['complaints', complaints],
])('%s', (_, rows) => {
  it.each(rows)('%s', (_lesson, file, title) => {
    const path = new URL(`./${file}`, import.meta.url);
    expect(existsSync(path), `test/${file} is gone`).toBe(true);
    const isThere = hasTest(readFileSync(path, 'utf8'), title);
    expect(isThere, `test/${file} has no test “${title}…”`).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { runFlow } from '../../../../wizard/interview/flow.ts';
import {
  findingIn,
  findingQuestion,
  findingUnclear,
} from '../../../../wizard/interview/frontend/frontend-source.ts';
import {
  undecidedFrontend,
  type FrontendSource,
  type FrontendState,
} from '../../../../wizard/interview/frontend/frontend-state.ts';
import { askUser } from '../../../../wizard/interview/session-flow.ts';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { planWiring } from '../../../../wizard/frontend/wiring/plan-wiring.ts';
import type { Reply } from '../../../../wizard/model/question.ts';
import { projectWith } from '../../frontend/detect-api-url/sample-project.ts';
import { choose, sessionWith } from '../scripted-session.ts';

const filesOf = (files: Record<string, string>, dependencies?: Record<string, string>) =>
  new Map(Object.entries(projectWith(files, dependencies)));
const twoFiles = filesOf({
  'src/a.js': "fetch(process.env.REACT_APP_API_URL + '/api/chat');",
  'src/b.js': "fetch(process.env.REACT_APP_BACKEND_URL + '/api/chat');",
});
const two = detectApiUrl(twoFiles);
const source: FrontendSource = { folder: { dir: '/a', top: null }, files: twoFiles, detection: two };

async function ask(replies: Reply[] | null, argv: string[] = []) {
  const { session, prompts } = sessionWith(replies, { argv });
  const final = await runFlow<FrontendState>({
    initial: { ...undecidedFrontend, isInteractive: replies !== null, frontendSource: source },
    questions: [findingQuestion<FrontendState>(session, [])],
    ask: askUser(session),
    signal: session.runtime.signal,
    canLeave: true,
  });
  return { final, prompts };
}

describe('two variables that the chat may use', () => {
  it('are shown with the user’s own lines, to choose from', async () => {
    const { final, prompts } = await ask([choose('1')]);
    expect(final?.chosenFinding).toEqual({ on: source, value: 1 });
    expect(two.findings[1]).toMatchObject({ variable: 'REACT_APP_BACKEND_URL' });
    expect(prompts).toMatchObject([
      {
        lines: [
          "src/a.js:1: fetch(process.env.REACT_APP_API_URL + '/api/chat');",
          "src/b.js:1: fetch(process.env.REACT_APP_BACKEND_URL + '/api/chat');",
        ],
        canGoBack: true,
      },
    ]);
  });

  it('can be gone back from', async () => {
    expect((await ask([{ type: 'back' }])).final).toBeNull();
  });

  it('are not asked about in a run without questions: it fails with both lines', async () => {
    expect((await ask(null)).prompts).toEqual([]);
    expect((await ask([], ['--yes'])).prompts).toEqual([]);
    expect(findingIn(two, null)).toBe('unclear');
    expect(findingUnclear(two.findings)).toMatchObject({
      code: 'frontend-unclear',
      kind: 'input-missing',
      message: expect.stringMatching(/src\/a\.js:1.*src\/b\.js:1/),
      remedy: expect.stringContaining('--frontend-variable'),
    });
  });

  it('are decided by the name that is given', () => {
    expect(findingIn(two, 'REACT_APP_BACKEND_URL')).toMatchObject({ location: { file: 'src/b.js' } });
  });

  it('are none where another name is given: the pages are read', () => {
    expect(findingIn(two, 'SOMETHING_ELSE')).toBeNull();
  });
});

describe('two hosts written in the code that both get a typed question', () => {
  const ask = (host: string, question: string) =>
    `const ask${question} = (${question}) => fetch(${host} + '/api/ask', { method: 'POST', body: JSON.stringify({ question: ${question} }) }).then((r) => r.json()).then((d) => setAnswer(d.answer));`;
  const detectionOf = (...lines: string[]) => detectApiUrl(filesOf({ 'src/a.js': lines.join('\n') }));
  const hosts = detectionOf(ask("'https://one.example.app'", 'a'), ask("'https://two.example.app'", 'b'));

  it('are two servers, whatever name is given: the user has to choose', () => {
    expect(hosts.findings.map(({ source: { name } }) => name)).toEqual([
      'https://one.example.app',
      'https://two.example.app',
    ]);
    expect(findingIn(hosts, null)).toBe('unclear');
    expect(findingIn(hosts, 'REACT_APP_ANY')).toBe('unclear');
    expect(findingUnclear(hosts.findings).remedy).toContain('without --yes');
  });

  it('are one server where both are the same', () => {
    const same = detectionOf(ask("'https://one.example.app'", 'a'), ask("'https://one.example.app'", 'b'));
    expect(findingIn(same, null)).toMatchObject({ location: { line: 1 } });
  });

  it('are one server where one call takes either: a setting, and what it is without', () => {
    const setting = detectionOf(
      `const defaults = { baseUrl: 'https://two.example.app' };`,
      `const config = { ...defaults, ...(process.env.REACT_APP_API_URL ? { baseUrl: process.env.REACT_APP_API_URL } : {}) };`,
      ask('config.baseUrl', 'a'),
    );
    expect(setting.findings).toHaveLength(2);
    expect(findingIn(setting, null)).toMatchObject({ variable: 'REACT_APP_API_URL' });
  });

  it('are two servers also where a variable sets one of them', () => {
    const mixed = detectionOf(
      ask('process.env.REACT_APP_API_URL', 'a'),
      ask("'https://two.example.app'", 'b'),
    );
    expect(findingIn(mixed, null)).toBe('unclear');
    expect(findingIn(mixed, 'REACT_APP_API_URL')).toMatchObject({ location: { line: 1 } });
  });
});

it('a URL that is written in the code gets the name that is given', () => {
  const files = filesOf({ 'src/a.js': "fetch('https://old.hf.space/api/chat');" }, { vite: '^7' });
  const detection = detectApiUrl(files);
  const finding = findingIn(detection, 'VITE_BOOK_CHAT');
  if (finding === null || finding === 'unclear') throw new Error('nothing was found');
  const wiring = planWiring({ files, detection, finding, api: null });
  expect(wiring).toMatchObject({ type: 'change', variable: 'VITE_BOOK_CHAT' });
  expect(wiring.type === 'change' && wiring.files.get('src/a.js')).toBe(
    "fetch((import.meta.env.VITE_BOOK_CHAT || 'https://old.hf.space') + '/api/chat');",
  );
});

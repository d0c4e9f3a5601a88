import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../wizard/cli.ts';
import { chooseFinding } from '../../../wizard/interview/choose-finding.ts';
import type { Session } from '../../../wizard/model/runtime.ts';
import { detectApiUrl } from '../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { planWiring } from '../../../wizard/frontend/wiring/plan-wiring.ts';
import type { Prompt, Reply } from '../../../wizard/model/question.ts';
import { projectWith } from '../frontend/detect-api-url/sample-project.ts';

/** Somebody who gives this reply, or nobody. */
function sessionWith({ argv = [] as string[], reply = null as Reply | null } = {}) {
  const asked: Prompt[] = [];
  const renderer: Session['renderer'] = {
    canAsk: reply !== null,
    show: () => undefined,
    ask: async (prompt) => {
      asked.push(prompt);
      if (reply === null) throw new Error('Nobody is there.');
      return reply;
    },
    userActions: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
    close: async () => undefined,
  };
  const runtime = { signal: new AbortController().signal } as Session['runtime'];
  return { asked, session: { flags: parseArguments(argv).flags, renderer, runtime } };
}

const filesOf = (files: Record<string, string>, dependencies?: Record<string, string>) =>
  new Map(Object.entries(projectWith(files, dependencies)));
const two = detectApiUrl(
  filesOf({
    'src/a.js': "fetch(process.env.REACT_APP_API_URL + '/api/chat');",
    'src/b.js': "fetch(process.env.REACT_APP_BACKEND_URL + '/api/chat');",
  }),
);

describe('two variables that the chat may go by', () => {
  it('are shown with the person’s own lines, to choose from', async () => {
    const { asked, session } = sessionWith({ reply: { type: 'choice', value: '1' } });
    const found = await chooseFinding(session, two);
    expect(found).toMatchObject({ variable: 'REACT_APP_BACKEND_URL' });
    expect(asked).toMatchObject([
      {
        lines: [
          "src/a.js:1: fetch(process.env.REACT_APP_API_URL + '/api/chat');",
          "src/b.js:1: fetch(process.env.REACT_APP_BACKEND_URL + '/api/chat');",
        ],
      },
    ]);
  });

  it('lead back, where that is wanted', async () => {
    const { session } = sessionWith({ reply: { type: 'back' } });
    expect(await chooseFinding(session, two)).toBe('back');
  });

  it.each([[[]], [['--yes']]])('end a run in which nobody is asked, with both lines: %j', async (argv) => {
    const { session } = sessionWith({ argv });
    await expect(chooseFinding(session, two)).rejects.toMatchObject({
      code: 'frontend-unclear',
      kind: 'input-missing',
      message: expect.stringMatching(/src\/a\.js:1.*src\/b\.js:1/),
      remedy: expect.stringContaining('--frontend-variable'),
    });
  });

  it('are settled by the name that is given', async () => {
    const { session } = sessionWith({ argv: ['--frontend-variable', 'REACT_APP_BACKEND_URL'] });
    expect(await chooseFinding(session, two)).toMatchObject({ location: { file: 'src/b.js' } });
  });

  it('are none where another name is given: the pages are looked at', async () => {
    const { session } = sessionWith({ argv: ['--yes', '--frontend-variable', 'SOMETHING_ELSE'] });
    expect(await chooseFinding(session, two)).toBeNull();
  });
});

it('an address that is written there gets the name that is given', async () => {
  const files = filesOf({ 'src/a.js': "fetch('https://old.hf.space/api/chat');" }, { vite: '^7' });
  const detection = detectApiUrl(files);
  const { session } = sessionWith({ argv: ['--frontend-variable', 'VITE_BOOK_CHAT'] });
  const finding = await chooseFinding(session, detection);
  if (finding === null || finding === 'back') throw new Error('nothing was found');
  const wiring = planWiring({ files, detection, finding, api: null });
  expect(wiring).toMatchObject({ type: 'change', variable: 'VITE_BOOK_CHAT' });
  expect(wiring.type === 'change' && wiring.files.get('src/a.js')).toBe(
    "fetch((import.meta.env.VITE_BOOK_CHAT || 'https://old.hf.space') + '/api/chat');",
  );
});

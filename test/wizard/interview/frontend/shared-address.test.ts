import { expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import {
  undecidedFrontend,
  type FrontendState,
} from '../../../../wizard/interview/frontend/frontend-state.ts';
import {
  addressShared,
  lostRequests,
  moveQuestion,
} from '../../../../wizard/interview/frontend/shared-address.ts';
import type { Flags } from '../../../../wizard/model/run/flags.ts';

const code = `const API = import.meta.env.VITE_API_URL;
fetch(API + '/auth/login', { method: 'POST', body: JSON.stringify({ email: 1, password: 2 }) });
fetch(API + '/chat', { method: 'POST', body: JSON.stringify({ message: document.title }) });
`;
const files = new Map([
  ['package.json', '{"dependencies":{"vite":"^7"}}'],
  ['index.html', '<script type="module" src="/src/main.js"></script>'],
  ['src/main.js', code],
]);
const detection = detectApiUrl(files);
const state: FrontendState = {
  ...undecidedFrontend,
  isInteractive: true,
  frontendSource: { folder: { dir: '/book', top: null }, files, detection },
};
const question = (yes: boolean) =>
  moveQuestion<FrontendState>({ flags: { yes, frontendVariable: null } as Flags }, []);

it('asks a person what moves, with the requests that the new server does not answer', () => {
  const { isOpen, prompt, answer } = question(false);
  expect(isOpen(state)).toBe(true);
  const asking = prompt(state);
  if (asking?.type !== 'choice') throw new Error('no choice');
  expect(asking.lines).toContain('POST /auth/login (src/main.js:2)');
  expect(asking.choices.map(({ value }) => value)).toEqual(['chat', 'none', 'all']);
  const next = answer(state, { type: 'choice', value: 'all' }) as FrontendState;
  expect(next.chosenMove?.value).toBe('all');
  expect(isOpen(next)).toBe(false);
});

it('asks nothing under --yes: the run ends with exit code 12', () => {
  expect(question(true).isOpen(state)).toBe(false);
  const lost = lostRequests(detection, detection.findings[0]!);
  expect(addressShared(lost, { why: null, canBeWritten: true })).toMatchObject({
    kind: 'input-missing',
    code: 'frontend-unclear',
    remedy: expect.stringContaining('--write-frontend'),
  });
});

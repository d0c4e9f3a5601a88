import { expect, it } from 'vitest';
import { resumeMenu, isNewer } from '../../../../wizard/flows/deploy/resume-menu.ts';
import type { ExistingSpace } from '../../../../wizard/flows/deploy/deploy-state.ts';

const seen: ExistingSpace = {
  space: 'ana/book-chat',
  stage: 'RUNNING',
  health: 'healthy',
  serverVersion: '0.1.0',
  version: '0.1.0',
  unfinished: [],
  projectId: null,
};
const values = (space: ExistingSpace) => resumeMenu(space).choices.map(({ value }) => value);

it('says how the Space is, and offers what may be wanted of it', () => {
  expect(resumeMenu(seen).title).toBe('ana/book-chat is running, healthy');
  expect(values(seen)).toEqual(['converge', 'content', 'rotate', 'other-project', 'new-space']);
});

it('calls a Space that sleeps normal, and offers first to wake it', () => {
  for (const stage of ['SLEEPING', 'STOPPED']) {
    const asleep = { ...seen, stage, health: null };
    expect(resumeMenu(asleep).title).toContain('is asleep (normal after 48 hours without visitors)');
    expect(values(asleep)[0]).toBe('wake');
  }
  expect(values({ ...seen, stage: 'PAUSED' })).not.toContain('wake');
});

it('tells a newer server, and what was begun and not finished', () => {
  const older = resumeMenu({ ...seen, version: '0.10.0', serverVersion: '0.9.1' });
  expect(older.lines).toContain('! Open     A newer server: 0.10.0; it runs 0.9.1.');
  expect(older.choices[0]?.label).toBe('Update the server');
  const begun = resumeMenu({ ...seen, unfinished: ['Upload the server'] });
  expect(begun.lines).toContain('! Open     Begun and not finished: Upload the server.');
  expect(begun.choices[0]?.label).toBe('Finish it');
});

it('is a dashboard: the server, the book, the last change, what is open', () => {
  const { lines } = resumeMenu({
    ...seen,
    health: 'degraded',
    sections: 207,
    changedAt: '2026-11-28T14:02:33.000Z',
    problems: ['gemini: quota exceeded'],
  });
  expect(lines.slice(0, 4)).toEqual([
    '! Server   degraded, 0.1.0',
    '✓ Book     207 sections',
    '· Changed  2026-11-28 14:02',
    '! Open     gemini: quota exceeded',
  ]);
});

it.each([
  ['0.2.0', '0.1.9', true],
  ['0.1.0', '0.1.0', false],
  ['0.1.0', '0.2.0', false],
  ['1.0.0', '0.9.9', true],
  ['0.1.0', null, false],
])('%s is newer than %s: %s', (version, serverVersion, wanted) => {
  expect(isNewer({ version, serverVersion })).toBe(wanted);
});

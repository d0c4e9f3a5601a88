import { describe, expect, it } from 'vitest';
import { RemoteState } from '../../../wizard/deployment/remote-state.ts';

/** Loads 1, 2, 3 … */
function counter(): () => Promise<string> {
  let count = 0;
  return async () => String(++count);
}

describe('what a run has read', () => {
  it('is loaded once, also by readers at the same time', async () => {
    const state = new RemoteState();
    const load = counter();
    expect(await Promise.all([state.serverUrl(load), state.serverUrl(load)])).toEqual(['1', '1']);
    expect(await state.serverUrl(load)).toBe('1');
  });

  it('is loaded again once it is invalidated, and in the state of another run', async () => {
    const state = new RemoteState();
    const load = counter();
    await state.serverUrl(load);
    state.invalidate('serverUrl');
    expect(await state.serverUrl(load)).toBe('2');
    expect(await new RemoteState().serverUrl(load)).toBe('3');
  });

  it('is loaded again after a failure, which every reader gets', async () => {
    const state = new RemoteState();
    const load = counter();
    const fail = (): Promise<never> => Promise.reject(new Error('unreachable'));
    const readers = [state.bookJson(fail), state.bookJson(load)];
    for (const reader of readers) await expect(reader).rejects.toThrow('unreachable');
    expect(await state.bookJson(load)).toBe('1');
  });

  it('is kept by the path for files of the Space', async () => {
    const state = new RemoteState();
    const load = counter();
    expect(await state.spaceFile('README.md', load)).toBe('1');
    expect(await state.spaceFile('book.json', load)).toBe('2');
    expect(await state.spaceFile('README.md', load)).toBe('1');
  });
});

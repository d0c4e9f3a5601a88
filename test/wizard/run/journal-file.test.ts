import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertJournalReadable, openJournal } from '../../../wizard/run/journal-file.ts';

let stateDir = '';
const space = 'ana/book';
const entry = {
  step: 'create-space',
  type: 'done',
  change: 'created',
  thing: 'space',
  id: space,
  place: space,
  previous: null,
} as const;

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'journal-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

describe('a journal', () => {
  it('is one file that only its owner reads, and survives a crash', async () => {
    const first = await openJournal({ stateDir, space, now: () => 0 });
    await first.add(entry);
    await first.remember({ DOCS_DIR: './docs' });
    await first.keepTime?.('await-build', 100_000);
    expect(await readdir(stateDir)).toEqual(['ana--book.json', 'ana--book.json.lock']);
    expect((await stat(first.path)).mode & 0o777).toBe(0o600);
    await first.close();
    const again = await openJournal({ stateDir, space });
    expect(again.entries).toEqual([{ ...entry, at: '1970-01-01T00:00:00.000Z' }]);
    expect(again.answers).toEqual({ DOCS_DIR: './docs' });
    expect(again.took).toEqual({ 'await-build': 100_000 });
    await again.close();
  });

  it('keeps the newest state when entries come faster than the disk', async () => {
    const journal = await openJournal({ stateDir, space });
    await Promise.all(Array.from({ length: 50 }, (_, n) => journal.add({ ...entry, id: String(n) })));
    const state = JSON.parse(await readFile(journal.path, 'utf8')) as { entries: { id: string }[] };
    expect(state.entries.at(-1)?.id).toBe('49');
    await journal.close();
  });

  it('allows one run at a time on a Space, and others on other Spaces', async () => {
    const journal = await openJournal({ stateDir, space });
    await expect(openJournal({ stateDir, space })).rejects.toMatchObject({ code: 'space-locked' });
    await (await openJournal({ stateDir, space: 'ana/other' })).close();
    await journal.close();
    await (await openJournal({ stateDir, space })).close();
  });

  it('takes over the lock of a process that has exited', async () => {
    await writeFile(join(stateDir, 'ana--book.json.lock'), '4194305');
    await (await openJournal({ stateDir, space })).close();
  });

  it('takes over a lock with its own process id that it did not make: in a container that is 1 every time', async () => {
    await writeFile(join(stateDir, 'ana--book.json.lock'), String(process.pid));
    await (await openJournal({ stateDir, space })).close();
  });

  it('takes over the lock of a running process that does not renew it, and respects one just renewed', async () => {
    const path = join(stateDir, 'ana--book.json.lock');
    await writeFile(path, String(process.ppid));
    await expect(openJournal({ stateDir, space })).rejects.toMatchObject({ code: 'space-locked' });
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(path, longAgo, longAgo);
    await (await openJournal({ stateDir, space })).close();
  });

  it('gives a stale lock to exactly one of many', async () => {
    for (let round = 0; round < 10; round += 1) {
      await writeFile(join(stateDir, 'ana--book.json.lock'), '4194305');
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, () => openJournal({ stateDir, space })),
      );
      const held = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
      expect(held).toHaveLength(1);
      await held[0]!.close();
    }
  });

  it('leaves a file of a newer version alone, and names the version to run', async () => {
    const path = join(stateDir, 'ana--book.json');
    await writeFile(path, JSON.stringify({ v: 2, space, answers: {}, entries: [] }));
    await expect(openJournal({ stateDir, space })).rejects.toMatchObject({
      kind: 'failed',
      code: 'journal-newer',
    });
    expect(await readdir(stateDir)).toEqual(['ana--book.json']);
    await expect(assertJournalReadable({ stateDir, space })).rejects.toMatchObject({ code: 'journal-newer' });
    await writeFile(path, '{"half');
    await expect(assertJournalReadable({ stateDir, space })).rejects.toMatchObject({
      code: 'journal-unreadable',
    });
    await rm(path);
    await assertJournalReadable({ stateDir, space });
  });

  it('is no bug when its folder cannot be written: it names the folder, and writes again once it can', async () => {
    const file = join(stateDir, 'a-file');
    await writeFile(file, '');
    const refused = { kind: 'failed', code: 'state-folder' };
    await expect(openJournal({ stateDir: join(file, 'state'), space })).rejects.toMatchObject(refused);
    const journal = await openJournal({ stateDir, space });
    await mkdir(journal.path);
    await expect(journal.add(entry)).rejects.toMatchObject(refused);
    expect(await readdir(stateDir)).toEqual(['a-file', 'ana--book.json', 'ana--book.json.lock']);
    await rm(journal.path, { recursive: true });
    await journal.add(entry);
    await journal.close();
  });

  it('moves a file that may not be read, and does not overwrite it', async () => {
    await mkdir(join(stateDir, 'ana--book.json'));
    const journal = await openJournal({ stateDir, space });
    expect(journal.backupPath).not.toBeNull();
    await journal.close();
  });

  it('moves an unreadable file instead of failing', async () => {
    await writeFile(join(stateDir, 'ana--book.json'), '{"half');
    const journal = await openJournal({ stateDir, space, now: () => 7 });
    expect(journal.entries).toEqual([]);
    expect(await readFile(journal.backupPath ?? '', 'utf8')).toBe('{"half');
    await journal.close();
  });
});

import { syncBook, type SyncReport } from '../../../indexer/sync/sync-book.ts';

/** Runs `syncBook` to its end; `notes` are the sentences of its progress. */
export async function runSync(
  request: Parameters<typeof syncBook>[0],
): Promise<SyncReport & { notes: string[] }> {
  const work = syncBook(request);
  const notes: string[] = [];
  for (;;) {
    const step = await work.next();
    if (step.done === true) return { ...step.value, notes };
    if (step.value.note !== '') notes.push(step.value.note);
  }
}

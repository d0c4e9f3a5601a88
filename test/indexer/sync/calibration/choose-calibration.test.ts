import { expect, it } from 'vitest';
import { chooseCalibration } from '../../../../indexer/sync/calibration/choose-calibration.ts';
import { builtInQuestions } from '../../../../indexer/sync/calibration/learn-calibration.ts';
import { textSample } from '../../../../indexer/sync/calibration/text-sample.ts';
import { expectedStamp, withHash } from '../../../../indexer/sync/section-fingerprints.ts';
import { memoryStore } from '../../../../eval/memory-store.ts';
import { findBook } from '../../../../indexer/docusaurus/find-book.ts';
import { readBook } from '../../../../indexer/docusaurus/read-book.ts';
import type { Book } from '../../../../indexer/book.ts';
import type { Calibration } from '../../../../server/collection/stamp.ts';
import { embedderStandIn } from '../stand-ins.ts';

const { signal } = new AbortController();
const { embedder } = embedderStandIn();

const site = await findBook({ dir: 'sandbox/book', signal });
const whole = await readBook({ site: site!, signal });
const book: Book = { ...whole, sections: [...whole.sections].slice(0, 80) };

/** What a run would write after `before` was learnt; `isLearnt` says whether the collection was asked. */
async function chooseFor(book: Book, before: Calibration | undefined) {
  const sections = Array.from(book.sections, (section) => withHash(section, embedder));
  const documents = sections.map(({ title, content }) => ({ title, text: content }));
  const vectors = await embedder.embedDocuments({ documents, signal });
  const stored = memoryStore(sections, vectors);
  let isLearnt = false;
  const store = {
    ...stored,
    searchDense: (request: Parameters<typeof stored.searchDense>[0]) => {
      isLearnt = true;
      return stored.searchDense(request);
    },
  };
  const after = expectedStamp({ book, embedder });
  const stamp = before === undefined ? after : { ...after, calibration: before };
  const request = { book, embedder, store, sleep: async () => undefined, now: Date.now, signal };
  const sample = textSample(sections.map(({ hash }) => hash));
  const work = chooseCalibration(request, { before: stamp, after, sample, withoutVector: 0 });
  let step = await work.next();
  while (step.done !== true) step = await work.next();
  return { calibration: step.value.calibration!, isLearnt };
}

function rewritten(book: Book, share: number): Book {
  const sections = [...book.sections].map((section, index) =>
    index < share * book.sections.length ? { ...section, content: `${section.content} It is new.` } : section,
  );
  return { ...book, sections };
}

it('learns again when much of a book of the same size is rewritten, also by many small changes', async () => {
  const first = await chooseFor(book, undefined);
  expect(first).toMatchObject({ isLearnt: true, calibration: { questions: builtInQuestions } });

  const little = await chooseFor(rewritten(book, 0.1), first.calibration);
  // It still names the texts that it was learnt from, so that the next small change counts from there.
  expect(little).toEqual({ isLearnt: false, calibration: first.calibration });

  const much = await chooseFor(rewritten(book, 0.6), little.calibration);
  expect(much.isLearnt).toBe(true);
  expect(much.calibration.sample).not.toEqual(first.calibration.sample);
});

it('keeps one of an older version, and one from questions of one’s own', async () => {
  const { calibration } = await chooseFor(book, undefined);
  const { sample: _, ...older } = calibration;
  expect(await chooseFor(rewritten(book, 0.6), older)).toEqual({ isLearnt: false, calibration: older });
  const own = { ...calibration, questions: 'Our questions' };
  expect((await chooseFor(rewritten(book, 1), own)).isLearnt).toBe(false);
});

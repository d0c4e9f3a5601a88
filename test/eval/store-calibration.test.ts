import { afterAll, beforeAll, expect, it } from 'vitest';
import { calibrate } from '../../eval/calibrate.ts';
import { readDataSet } from '../../eval/data-set/read-data-set.ts';
import { lexicalCandidates } from '../../eval/retrieve-candidates.ts';
import { storeCalibration } from '../../eval/store-calibration.ts';
import { Faults } from '../../sandbox/exchange/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../sandbox/exchange/exchange-record.ts';
import { createQdrantStore } from '../../server/adapters/qdrant/qdrant-store.ts';
import { readBook } from '../../indexer/docusaurus/read-book.ts';
import { findBook } from '../../indexer/docusaurus/find-book.ts';
import { syncBook } from '../../indexer/sync/sync-book.ts';
import { BookIndex } from '../../server/chat/book-index/book-index.ts';
import { chatSettings } from '../../server/chat/settings.ts';
import { calibratedSettings } from '../../server/chat/retrieval/calibrated-settings.ts';
import { embedderStandIn } from '../indexer/sync/stand-ins.ts';

const { signal } = new AbortController();
let qdrant: QdrantStandIn;

beforeAll(async () => {
  qdrant = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
});
afterAll(() => qdrant.close());

it('reaches the server through the stamp, and is kept by the next indexing', async () => {
  const site = await findBook({ dir: 'sandbox/book', signal });
  const book = await readBook({ site: site!, signal });
  const { embedder } = embedderStandIn();
  const store = createQdrantStore({ url: qdrant.url, apiKey: qdrant.apiKey, collection: 'book' });
  const index = async (pages: typeof book): Promise<void> => {
    const work = syncBook({
      book: pages,
      embedder,
      store,
      now: Date.now,
      sleep: async () => undefined,
      signal,
    });
    while ((await work.next()).done !== true);
  };
  await index(book);

  const data = await readDataSet({ file: 'eval/weather-station.json', signal });
  const tuning = lexicalCandidates(data).filter(({ question }) => question.half === 'tuning');
  const settings = calibrate(tuning, chatSettings);
  const environment = {
    QDRANT_URL: qdrant.url,
    QDRANT_API_KEY: qdrant.apiKey,
    QDRANT_COLLECTION: 'book',
  };
  const bookIndex = new BookIndex({ store, embedder, readBundledBook: async () => null });
  await bookIndex.refresh({ signal });
  const learnt = bookIndex.snapshot.calibration;
  expect(learnt).toMatchObject({ questions: 'built-in', sections: book.sections.length });

  const sentence = await storeCalibration({ data, settings, hasVectors: false, environment, signal });
  expect(sentence).toContain('Written to book');
  await index({ ...book, sections: [...book.sections].slice(1) });
  await bookIndex.refresh({ signal });
  const served = calibratedSettings(chatSettings, bookIndex.snapshot.calibration);
  expect(served.relevance).toEqual({
    // Without the collection's own model, what was learnt about its vectors stays.
    both: {
      type: 'sum',
      coverageWeight: learnt?.vectors?.coverage_weight,
      threshold: learnt?.vectors?.threshold,
      ...(learnt?.vectors?.second !== undefined && {
        second: {
          coverageWeight: learnt.vectors.second.coverage_weight,
          threshold: learnt.vectors.second.threshold,
        },
      }),
    },
    cosineAlone: learnt?.vectors?.cosine_alone,
    coverageAlone: settings.relevance.coverageAlone,
  });
});

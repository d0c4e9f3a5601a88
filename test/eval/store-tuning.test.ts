import { afterAll, beforeAll, expect, it } from 'vitest';
import { calibrate } from '../../eval/calibrate.ts';
import { readDataSet } from '../../eval/data-set.ts';
import { chooseEmbedder } from '../../eval/embedders.ts';
import { findLexically } from '../../eval/legs.ts';
import { storeTuning } from '../../eval/store-tuning.ts';
import { Faults } from '../../sandbox/faults.ts';
import { startQdrant, type QdrantStandIn } from '../../sandbox/qdrant/qdrant.ts';
import { ExchangeRecord } from '../../sandbox/record.ts';
import { createQdrantStore } from '../../server/adapters/qdrant.ts';
import { readBook } from '../../server/book/read-book.ts';
import { findBook } from '../../server/book/site.ts';
import { syncBook } from '../../server/book/sync.ts';
import { Library } from '../../server/chat/library.ts';
import { chatSettings } from '../../server/chat/settings.ts';
import { tunedSettings } from '../../server/chat/tuned-settings.ts';
import { embedderStandIn } from '../server/book/stand-ins.ts';

const { signal } = new AbortController();
let qdrant: QdrantStandIn;

beforeAll(async () => {
  qdrant = await startQdrant({ faults: new Faults(), record: new ExchangeRecord() });
});
afterAll(() => qdrant.close());

it('what is calibrated reaches the server through the stamp, and the next indexing keeps it', async () => {
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
  const findings = findLexically(data);
  const tuned = calibrate(findings.filter(({ question }) => question.half === 'tuning'));
  const environment = {
    QDRANT_URL: qdrant.url,
    QDRANT_API_KEY: qdrant.apiKey,
    QDRANT_COLLECTION: 'book',
  };
  const said = await storeTuning({ data, findings, tuned, hasVectors: false, environment, signal });
  expect(said).toContain('Written to book');
  await index({ ...book, sections: [...book.sections].slice(1) });

  const library = new Library({ store, embedder, readBundledBook: async () => null });
  await library.look({ signal });
  const settings = tunedSettings(chatSettings, library.holding.tuning);
  expect(settings.refusal).toEqual({ coverage: tuned.refusal.coverage, cosine: chatSettings.refusal.cosine });
  expect(settings.weights).toEqual(chatSettings.weights);
});

it('the sandbox’s vectors are never scored', async () => {
  const choice = await chooseEmbedder({
    GEMINI_API_KEY: 'k',
    GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:1',
  });
  expect(choice.isServers).toBe(false);
});

import { expect, test } from 'vitest';
import { CircuitBreaker } from '../../../../server/chat/resilience/circuit-breaker.ts';
import type { IndexSnapshot } from '../../../../server/chat/retrieval/book-index.ts';
import { hybridSearch } from '../../../../server/chat/retrieval/hybrid-search.ts';
import { chatSettings } from '../../../../server/chat/settings.ts';
import { buildBm25Index } from '../../../../server/collection/bm25-index.ts';
import { storeStandIn } from '../../../indexer/sync/stand-ins.ts';
import { sampleSections } from '../../sample-sections.ts';

const holding: IndexSnapshot = {
  lexicalBackend: 'memory',
  size: sampleSections.length,
  bm25: buildBm25Index(sampleSections),
  sections: new Map(sampleSections.map((section) => [section.id, section])),
  from: 'collection',
  writtenAt: null,
  vectors: { usable: true },
  calibration: null,
};

function build(of: (text: string) => Promise<number[]>) {
  const asked: string[] = [];
  const logged: unknown[] = [];
  const parts = {
    vectors: { of: (text: string) => (asked.push(text), of(text)) },
    store: storeStandIn().store,
    breakers: { qdrant: new CircuitBreaker({ service: 'qdrant' }) },
    settings: chatSettings,
    log: (failure: unknown) => void logged.push(failure),
  };
  const ask = (signal: AbortSignal) =>
    hybridSearch({ text: 'How far does a lidar measure?', holding, parts, signal });
  return { ask, asked, logged };
}

test('a leg that fails is done without, named and logged', async () => {
  const down = new Error('down');
  const { ask, logged } = build(() => Promise.reject(down));
  const { ranked, strategies: rungs, cosine } = await ask(new AbortController().signal);
  expect([ranked[0]?.section.title, rungs, cosine]).toEqual(['Lidar', ['lexical'], null]);
  expect(logged).toEqual([down]);
});

test('for a reader who has gone nothing is asked, and for one who goes nothing is waited for', async () => {
  const left = new Error('left');
  const { ask, asked, logged } = build(() => new Promise(() => undefined));
  await expect(ask(AbortSignal.abort(left))).rejects.toBe(left);
  expect(asked).toEqual([]);
  const leaving = new AbortController();
  const found = ask(leaving.signal);
  leaving.abort(left);
  await expect(found).rejects.toBe(left);
  expect([asked.length, logged]).toEqual([1, []]);
});

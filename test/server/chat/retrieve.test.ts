import { expect, test } from 'vitest';
import { Breaker } from '../../../server/chat/breaker.ts';
import type { Holding } from '../../../server/chat/library.ts';
import { retrieve } from '../../../server/chat/retrieve.ts';
import { chatSettings } from '../../../server/chat/settings.ts';
import { buildLexicon } from '../../../server/index/bm25.ts';
import { storeStandIn } from '../book/stand-ins.ts';
import { sampleSections } from '../sample-sections.ts';

const holding: Holding = {
  words: 'memory',
  size: sampleSections.length,
  lexicon: buildLexicon(sampleSections),
  sections: new Map(sampleSections.map((section) => [section.id, section])),
  from: 'collection',
  writtenAt: null,
  dense: { usable: true },
  tuning: null,
};

function build(of: (text: string) => Promise<number[]>) {
  const asked: string[] = [];
  const logged: unknown[] = [];
  const parts = {
    vectors: { of: (text: string) => (asked.push(text), of(text)) },
    store: storeStandIn().store,
    breakers: { qdrant: new Breaker({ service: 'qdrant' }) },
    settings: chatSettings,
    log: (failure: unknown) => void logged.push(failure),
  };
  const ask = (signal: AbortSignal) =>
    retrieve({ text: 'How far does a lidar measure?', holding, parts, signal });
  return { ask, asked, logged };
}

test('a leg that fails is done without, named and logged', async () => {
  const down = new Error('down');
  const { ask, logged } = build(() => Promise.reject(down));
  const { ranked, rungs, cosine } = await ask(new AbortController().signal);
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

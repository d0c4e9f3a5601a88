import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openEnrichmentFile } from '../../../../wizard/deployment/book/enrichment-file.ts';

const enrichment = { context: 'About pumps.', questions: ['How?'] };

it('keeps what was written through the end of a run, at any moment, and forgets it at the end', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'enrichment-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  const open = () => openEnrichmentFile({ stateDir, collection: 'book/../x' });
  const path = join(stateDir, 'enrichment-book%2F..%2Fx.jsonl');
  await (await open()).put('a', enrichment);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  appendFileSync(path, '\n{"hash":"b","enrich');
  const again = await open();
  await again.put('c', enrichment);
  const last = await open();
  expect([last.get('a'), last.get('b'), last.get('c')]).toEqual([enrichment, undefined, enrichment]);
  await last.clear();
  expect([existsSync(path), (await open()).get('a')]).toEqual([false, undefined]);
});

it('a folder that cannot be written costs only the memory of an interrupted run', async () => {
  const cache = await openEnrichmentFile({ stateDir: '/dev/null/none', collection: 'book' });
  await cache.put('a', enrichment);
  expect(cache.get('a')).toEqual(enrichment);
  await cache.clear();
});

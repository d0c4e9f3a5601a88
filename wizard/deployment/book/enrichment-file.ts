import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import type { EnrichmentCache } from '../../../indexer/sync/enrichment/enricher.ts';
import { enrichmentSchema, type Enrichment } from '../../../server/collection/enrichment/enrichment.ts';

const lineSchema = z.object({ hash: z.string(), enrichment: enrichmentSchema });

/**
 * What a model has written about sections that the collection does not have yet, in the user's state folder: a line for
 * each, so that a run that ends at any moment loses none. A line that was cut off is ignored.
 */
export async function openEnrichmentFile(options: {
  stateDir: string;
  collection: string;
}): Promise<EnrichmentCache> {
  const name = encodeURIComponent(options.collection).slice(0, 100);
  const path = join(options.stateDir, `enrichment-${name}.jsonl`);
  const entries = new Map<string, Enrichment>();
  for (const line of (await readFile(path, 'utf8').catch(() => '')).split('\n')) {
    const entry = parseLine(line);
    if (entry !== null) entries.set(entry.hash, entry.enrichment);
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch(() => undefined);
  return {
    get: (hash) => entries.get(hash),
    async put(hash, enrichment) {
      entries.set(hash, enrichment);
      // Where nothing can be stored, only what is written to the collection is safe from an interruption.
      const line = `\n${JSON.stringify({ hash, enrichment })}`;
      await appendFile(path, line, { mode: 0o600 }).catch(() => undefined);
    },
    async clear() {
      entries.clear();
      await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

function parseLine(line: string): z.infer<typeof lineSchema> | null {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

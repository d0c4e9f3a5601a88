import { setTimeout as sleep } from 'node:timers/promises';
import { enrichSections } from '../indexer/sync/enrichment/enrich-sections.ts';
import type { Enricher } from '../indexer/sync/enrichment/enricher.ts';
import { createRateLimiter } from '../indexer/sync/rate-limiter.ts';
import { composeEnrichment } from '../sandbox/gemini/compose-enrichment.ts';
import {
  createGeminiEnricher,
  enrichmentPrompt,
  parseEnrichment,
} from '../server/adapters/gemini/gemini-enricher.ts';
import type { Enrichment } from '../server/collection/enrichment/enrichment.ts';
import type { Section } from '../server/collection/section.ts';
import { defaults } from '../server/contract.ts';
import { geminiOptions } from './choose-embedder.ts';
import type { DataSet } from './data-set/data-set.ts';

type Environment = { [name: string]: string | undefined };

const standInNote =
  'No GEMINI_API_KEY: sections are enriched by the sandbox, from their own words. That shows what enriching passes through, not what it gains.';

/** The data set as indexing with `--enrich` writes it: by Gemini with a key, else by the sandbox's stand-in. */
export async function enrichDataSet(
  data: DataSet,
  {
    environment,
    print,
    signal,
  }: { environment: Environment; print: (text: string) => void; signal: AbortSignal },
): Promise<DataSet> {
  const options = geminiOptions(environment);
  if (options === null) print(standInNote);
  const model = environment['GEMINI_MODEL'] ?? defaults.answerModel;
  const enrich = options === null ? enrichBySandbox : createGeminiEnricher({ ...options, model, fetch });
  const enrichments = new Map<string, Enrichment>();
  const enricher: Enricher = {
    enrich,
    cache: {
      get: (hash) => enrichments.get(hash),
      put: async (hash, enrichment) => void enrichments.set(hash, enrichment),
      clear: async () => enrichments.clear(),
    },
  };
  const work = enrichSections(
    data.sections.map((section) => ({ ...section, hash: section.id })),
    {
      embedder: { model: '', dimensions: 0 },
      enricher,
      store: { sectionsById: async () => [] },
      rateLimiter: createRateLimiter({ now: Date.now, perMinute: 10 }),
      mayCall: true,
      sleep: (ms) => sleep(ms, undefined, { signal }),
      signal,
    },
  );
  for (;;) {
    const step = await work.next();
    if (step.done === true) return { ...data, sections: step.value.sections };
    print(step.value);
  }
}

async function enrichBySandbox({ section }: { section: Section }): Promise<Enrichment> {
  return parseEnrichment(composeEnrichment(enrichmentPrompt(section)) ?? '');
}

import type { Credentials } from '../model/credential.ts';
import type { ProbePreferences } from '../probes/probe-service.ts';
import type { Finding } from './finding.ts';
import { unavailableModels } from './space-models.ts';

/** Whether a Gemini key opens the models that the server is set to. Pure. */
export function diagnoseModels(
  gemini: Credentials['gemini'] | undefined,
  wanted: ProbePreferences,
): Finding[] {
  if (gemini === undefined) return [];
  return unavailableModels(gemini, wanted).map((model) => ({
    code: 'model-not-open',
    service: 'gemini',
    message: `This Gemini key does not open ${model}, which the server is to use.`,
    remedy: 'Run npx rag-space-setup: it takes models that the key opens, and indexes again where it must.',
  }));
}

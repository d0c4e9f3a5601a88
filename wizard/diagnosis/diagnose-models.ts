import type { Credentials } from '../model/credential.ts';
import type { Wanted } from '../run/validate.ts';
import type { Finding } from './finding.ts';
import { modelsNotOpen } from './space-settings.ts';

/** Whether a Gemini key opens the models that the Space is set to. Pure. */
export function diagnoseModels(gemini: Credentials['gemini'] | undefined, wanted: Wanted): Finding[] {
  if (gemini === undefined) return [];
  return modelsNotOpen(gemini, wanted).map((model) => ({
    code: 'model-not-open',
    service: 'gemini',
    message: `This Gemini key does not open ${model}, which the server is to use.`,
    remedy: 'Run npx rag-space-setup: it takes models that the key opens, and indexes anew where it must.',
  }));
}

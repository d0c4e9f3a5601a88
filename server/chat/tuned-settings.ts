import type { Tuning } from '../index/stamp.ts';
import type { ChatSettings } from './settings.ts';

/** The server's settings with what was calibrated for the collection it answers from. */
export function tunedSettings(settings: ChatSettings, tuning: Tuning | null): ChatSettings {
  if (tuning === null) return settings;
  const { coverage, cosine = settings.refusal.cosine, weights = settings.weights } = tuning;
  return { ...settings, weights, refusal: { coverage, cosine } };
}

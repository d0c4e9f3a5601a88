import type { Calibration } from '../../collection/stamp.ts';
import type { ChatSettings } from '../settings.ts';

/** The server's settings with what was calibrated for the collection it answers from. */
export function calibratedSettings(settings: ChatSettings, tuning: Calibration | null): ChatSettings {
  if (tuning === null) return settings;
  const { coverage, cosine = settings.relevance.cosine, weights = settings.weights } = tuning;
  return { ...settings, weights, relevance: { coverage, cosine } };
}

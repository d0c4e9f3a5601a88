import type { Calibration } from '../../collection/stamp.ts';
import type { ChatSettings } from '../settings.ts';

/** The server's settings, overridden by what was calibrated for the collection. */
export function calibratedSettings(settings: ChatSettings, calibration: Calibration | null): ChatSettings {
  if (calibration === null) return settings;
  const { coverage, cosine = settings.relevance.cosine, weights = settings.weights } = calibration;
  return { ...settings, weights, relevance: { coverage, cosine } };
}

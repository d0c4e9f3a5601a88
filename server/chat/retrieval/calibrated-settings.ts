import type { Calibration } from '../../collection/stamp.ts';
import type { ChatSettings } from '../settings.ts';

/** The server's settings, overridden by what was learnt about the collection. */
export function calibratedSettings(settings: ChatSettings, calibration: Calibration | null): ChatSettings {
  if (calibration === null) return settings;
  const { coverage_alone: coverageAlone, vectors } = calibration;
  if (vectors === undefined) return { ...settings, relevance: { ...settings.relevance, coverageAlone } };
  const { second } = vectors;
  return {
    ...settings,
    fusion: { denseWeight: vectors.dense_weight, cosineDeviation: vectors.cosine_deviation },
    relevance: {
      both: {
        type: 'sum',
        coverageWeight: vectors.coverage_weight,
        threshold: vectors.threshold,
        ...(second !== undefined && {
          second: { coverageWeight: second.coverage_weight, threshold: second.threshold },
        }),
      },
      coverageAlone,
      cosineAlone: vectors.cosine_alone,
    },
  };
}

import { expect, test } from 'vitest';
import { clusterNeed } from '../../../indexer/sync/cluster-need.ts';

test.each([
  [50_000, null],
  [50_001, 'its cluster needs about 230 MB of memory'],
  [100_000, 'its cluster needs about 460 MB of memory'],
  // Quantised from here on.
  [100_001, 'its cluster needs about 120 MB of memory'],
  [900_000, 'its cluster needs about 1 GB of memory'],
  [1_000_000, 'its cluster needs about 1.2 GB of memory, more than a free one has (1 GB)'],
])('%i sections of 768 dimensions: %s', (sections, need) =>
  expect(clusterNeed({ sections, dimensions: 768 })).toBe(need),
);

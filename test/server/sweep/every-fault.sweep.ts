/** Every fault, there from the start and begun later. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { sampleSections } from '../sample-sections.ts';
import { startVendors, writeBook, type Vendors } from '../vendors.ts';
import { sweptFaults } from './faults.ts';
import { sweep } from './sweep.ts';

let vendors: Vendors;
beforeAll(async () => {
  vendors = await startVendors();
  await writeBook(vendors, sampleSections);
});
afterAll(() => vendors.close());

describe.each(['start', 'later'] as const)('%s', (when) => {
  const faults = sweptFaults.filter(({ settings }) => when === 'start' || settings === undefined);
  test.each(faults)('$name', async (fault) => {
    await sweep({ vendors, fault, when, logLevel: when === 'start' ? 'debug' : 'info' });
  });
});

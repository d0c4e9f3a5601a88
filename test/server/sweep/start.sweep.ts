/** Every fault, from before the server starts. */
import { afterAll, beforeAll, test } from 'vitest';
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

test.each(sweptFaults)('$name', async (fault) => {
  await sweep({ vendors, fault, when: 'start', logLevel: 'trace' });
});

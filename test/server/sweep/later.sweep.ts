/** Every fault, beginning after the server was healthy; invalid settings can only be tested from the start. */
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

test.each(sweptFaults.filter(({ settings }) => settings === undefined))('$name', async (fault) => {
  await sweep({ vendors, fault, when: 'later', logLevel: 'info' });
});

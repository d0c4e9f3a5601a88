/** Under a fault, nothing that the server prints or sends contains a secret or a vendor's message. All faults: test:sweep. */
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

const quick = sweptFaults.filter((fault) => fault.quick === true);

test.each(quick)('$name', async (fault) => {
  await sweep({ vendors, fault, when: fault.settings === undefined ? 'later' : 'start', logLevel: 'trace' });
});

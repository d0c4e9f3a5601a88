import { afterAll, beforeAll, beforeEach } from 'vitest';
import { sampleSections } from './sample-sections.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { startVendors, writeBook, type Vendors } from './vendors.ts';

export type ServedBook = {
  readonly url: string;
  readonly vendors: Vendors;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** Names of the calls to a model since the test began. */
  modelCalls(): string[];
};

/** A server of the sample book with its vendors, for all tests of a file; to be called outside of them. */
export function serveSampleBook(): ServedBook {
  let vendors: Vendors;
  let server: RunningServer;
  beforeAll(async () => {
    vendors = await startVendors();
    await writeBook(vendors, sampleSections);
    server = await startServer(vendors);
  });
  afterAll(async () => {
    await server.close();
    await vendors.close();
  });
  beforeEach(() => vendors.record.clear());
  return {
    get url() {
      return server.url;
    },
    get vendors() {
      return vendors;
    },
    get: (path, headers = {}) => fetch(server.url + path, { headers }),
    modelCalls: () =>
      vendors.record.list().flatMap(({ name }) => (/embed|generate/i.test(name) ? [name] : [])),
  };
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Vendor } from './vendor.ts';

/** One call at a stand-in and what became of it. */
export type RecordedExchange = {
  vendor: Vendor;
  name: string;
  method: string;
  path: string;
  at: string;
  writes: boolean;
  requestHeaders: IncomingHttpHeaders;
  requestBody: string;
  status: number | null;
  responseHeaders: Record<string, string>;
  responseBody: string;
  /** True where a fault answered in the vendor's place. */
  faulted: boolean;
};

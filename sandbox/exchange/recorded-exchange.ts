import type { IncomingHttpHeaders } from 'node:http';
import type { Vendor } from './vendor.ts';

/** One call of a stand-in and its response. */
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
  /** True when a fault answered instead of the stand-in. */
  faulted: boolean;
};

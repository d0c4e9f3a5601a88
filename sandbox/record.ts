import type { IncomingHttpHeaders } from 'node:http';
import type { Vendor } from './exchange.ts';

export type Exchange = {
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
};

const KEPT = 5_000;
const MAX_TEXT = 256 * 1024;

/** Every exchange of every stand-in, newest last, for tests to read; bounded. */
export class ExchangeRecord {
  readonly #exchanges = new Map<number, Exchange>();
  #next = 0;

  begin(request: {
    vendor: Vendor;
    name: string;
    method: string;
    path: string;
    requestHeaders: IncomingHttpHeaders;
    requestBody: Buffer;
    writes: boolean;
  }): number {
    const id = this.#next++;
    this.#exchanges.set(id, {
      ...request,
      requestBody: request.requestBody.subarray(0, MAX_TEXT).toString('utf8'),
      at: new Date().toISOString(),
      status: null,
      responseHeaders: {},
      responseBody: '',
    });
    this.#exchanges.delete(id - KEPT);
    return id;
  }

  end(id: number, response: { status: number; headers: Record<string, string>; body: string }): void {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return;
    exchange.status = response.status;
    exchange.responseHeaders = response.headers;
    exchange.responseBody = response.body.slice(0, MAX_TEXT);
  }

  list(): Exchange[] {
    return [...this.#exchanges.values()];
  }

  /** Calls that changed something and were answered with success, by vendor and by name. */
  writes(): { total: number; byVendor: Record<string, number>; byName: Record<string, number> } {
    const byVendor: Record<string, number> = {};
    const byName: Record<string, number> = {};
    let total = 0;
    for (const one of this.#exchanges.values()) {
      if (!one.writes || one.status === null || one.status >= 400) continue;
      total += 1;
      byVendor[one.vendor] = (byVendor[one.vendor] ?? 0) + 1;
      byName[one.name] = (byName[one.name] ?? 0) + 1;
    }
    return { total, byVendor, byName };
  }

  clear(): void {
    this.#exchanges.clear();
  }
}

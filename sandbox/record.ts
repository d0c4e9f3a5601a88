import type { IncomingHttpHeaders } from 'node:http';
import type { Vendor } from './vendor.ts';

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

/** Every exchange of every stand-in, newest last, for tests to read; bounded. Writes are counted without bound. */
export class ExchangeRecord {
  readonly #exchanges = new Map<number, Exchange>();
  readonly #writes = new Map<string, { vendor: Vendor; count: number }>();
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
    const succeeded = response.status >= 200 && response.status < 400;
    if (!exchange.writes || !succeeded) return;
    const counted = this.#writes.get(exchange.name) ?? { vendor: exchange.vendor, count: 0 };
    this.#writes.set(exchange.name, { ...counted, count: counted.count + 1 });
  }

  list(filter: { vendor?: string | null; name?: string | null } = {}): Exchange[] {
    return [...this.#exchanges.values()].filter(
      (one) => one.vendor === (filter.vendor ?? one.vendor) && one.name === (filter.name ?? one.name),
    );
  }

  /** Calls that changed something and were answered with success, by vendor and by name. */
  writes(): { total: number; byVendor: Record<string, number>; byName: Record<string, number> } {
    const byVendor: Record<string, number> = {};
    const byName: Record<string, number> = {};
    let total = 0;
    for (const [name, { vendor, count }] of this.#writes) {
      total += count;
      byVendor[vendor] = (byVendor[vendor] ?? 0) + count;
      byName[name] = count;
    }
    return { total, byVendor, byName };
  }

  clear(): void {
    this.#exchanges.clear();
    this.#writes.clear();
  }
}

import type { IncomingHttpHeaders } from 'node:http';
import type { RecordedExchange } from './recorded-exchange.ts';
import { ExchangeLog } from './exchange-log.ts';
import type { Vendor } from './vendor.ts';

const MAX_EXCHANGES = 5_000;
const MAX_TEXT = 256 * 1024;

/** The last exchanges of all stand-ins, newest last, for tests to read. Writes are counted without limit. */
export class ExchangeRecord {
  readonly #exchanges = new Map<number, RecordedExchange>();
  readonly #writes = new Map<string, { vendor: Vendor; count: number }>();
  readonly #log: ExchangeLog | null;
  /** Full request bodies of calls in progress; kept only when there is an exchange log. */
  readonly #bodies = new Map<number, Buffer>();
  #next = 0;

  /** `SANDBOX_RECORD_DIR` names a folder for an exchange log, for checks of a whole test run. */
  constructor(folder: string | undefined = process.env['SANDBOX_RECORD_DIR']) {
    this.#log = folder === undefined || folder === '' ? null : new ExchangeLog(folder);
  }

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
      faulted: false,
    });
    if (this.#log !== null) this.#bodies.set(id, request.requestBody);
    this.#exchanges.delete(id - MAX_EXCHANGES);
    return id;
  }

  end(
    id: number,
    response: { status: number; headers: Record<string, string>; body: string; faulted?: boolean },
  ): void {
    const exchange = this.#exchanges.get(id);
    const fullBody = this.#bodies.get(id);
    this.#bodies.delete(id);
    if (exchange === undefined) return;
    exchange.status = response.status;
    exchange.responseHeaders = response.headers;
    exchange.responseBody = response.body.slice(0, MAX_TEXT);
    exchange.faulted = response.faulted ?? false;
    if (fullBody !== undefined) {
      this.#log?.add({
        ...exchange,
        requestBody: fullBody.toString('utf8'),
        responseBody: response.body,
      });
    }
    const succeeded = response.status >= 200 && response.status < 400;
    if (!exchange.writes || !succeeded) return;
    const previous = this.#writes.get(exchange.name) ?? { vendor: exchange.vendor, count: 0 };
    this.#writes.set(exchange.name, { ...previous, count: previous.count + 1 });
  }

  list(filter: { vendor?: string | null; name?: string | null } = {}): RecordedExchange[] {
    return [...this.#exchanges.values()].filter(
      (exchange) =>
        exchange.vendor === (filter.vendor ?? exchange.vendor) &&
        exchange.name === (filter.name ?? exchange.name),
    );
  }

  /** Successful calls that changed something, by vendor and by name. */
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

import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** A failure that a call simulates. `times` limits how often; without it the fault stays until removed. */
export type Fault = {
  /** `hub.runtime`, or `hub.*` for every call of a vendor. */
  call: string;
  kind:
    | { type: 'status'; status: number; headers?: Record<string, string>; body?: string }
    /** Answers as usual, after `ms`. */
    | { type: 'wait'; ms: number }
    /** Closes the connection without a byte. */
    | { type: 'cut' }
    /** Sends a success's head and half a JSON body, then closes. */
    | { type: 'half' }
    /** Sends 200 with HTML where JSON is expected. */
    | { type: 'rubbish' };
  times?: number;
  /** Calls that succeed before the fault begins. */
  after?: number;
};

/** The faults that are set; every call consults them. */
export class Faults {
  #faults: { fault: Fault; left: number; after: number }[] = [];
  readonly #latency = new Map<string, number>();

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, after: fault.after ?? 0 });
  }

  clear(): void {
    this.#faults = [];
    this.#latency.clear();
  }

  /** Milliseconds added to every call of a vendor. */
  setLatency(vendor: string, ms: number): void {
    this.#latency.set(vendor, ms);
  }

  list(): Fault[] {
    return this.#faults.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault));
  }

  /** The fault for this call, counted down; null when it runs normally. */
  take(call: string): Fault | null {
    const [vendor = ''] = call.split('.');
    for (const entry of this.#faults) {
      if (entry.fault.call !== call && entry.fault.call !== `${vendor}.*`) continue;
      if (entry.after > 0) {
        entry.after -= 1;
        continue;
      }
      entry.left -= 1;
      if (entry.left <= 0) this.#faults = this.#faults.filter((other) => other !== entry);
      return entry.fault;
    }
    const latency = this.#latency.get(vendor) ?? 0;
    return latency > 0 ? { call, kind: { type: 'wait', ms: latency } } : null;
  }

  /** Carries out a fault. `continue` means that the call still runs; a number is the status that was sent. */
  async apply(
    fault: Fault,
    { response, signal }: { response: ServerResponse; signal: AbortSignal },
  ): Promise<'continue' | 'closed' | number> {
    const { kind } = fault;
    switch (kind.type) {
      case 'wait':
        await sleep(kind.ms, undefined, { signal }).catch(() => undefined);
        return signal.aborted ? 'closed' : 'continue';
      case 'cut':
        response.destroy();
        return 'closed';
      case 'half':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' });
        response.write('{"result": {"half": "of a bod');
        await sleep(5);
        response.destroy();
        return 'closed';
      case 'rubbish':
        response.writeHead(200, { 'content-type': 'text/html' });
        response.end('<!doctype html><title>Hello</title><p>This is not what you asked for.</p>');
        return 200;
      case 'status':
        response.writeHead(kind.status, { 'content-type': 'application/json', ...kind.headers });
        response.end(kind.body ?? JSON.stringify({ error: `sandbox fault ${kind.status}` }));
        return kind.status;
      default:
        return kind satisfies never;
    }
  }
}

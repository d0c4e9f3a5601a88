/**
 * The sandbox's admin port, for tests: faults, latency, controls, recorded exchanges and writes. Loopback only;
 * it belongs to no vendor.
 */
import { serveRoutes, type RouteCall, type RouteReply, type Route } from './exchange/serve-routes.ts';
import { Faults, type Fault } from './exchange/faults.ts';
import { ExchangeRecord } from './exchange/exchange-record.ts';
import type { StandIn } from './stand-in.ts';

const NO_CONTENT: RouteReply = { status: 204 };

/** Serves the admin port; the keys of `standIns` are the names that `POST /world` uses. */
export async function startAdmin(options: {
  faults: Faults;
  record: ExchangeRecord;
  standIns: Record<string, StandIn>;
  port?: number;
}): Promise<{ url: string; close(): Promise<void> }> {
  const routes = [
    ...faultRoutes(options.faults),
    ...recordRoutes(options.record),
    ...stateRoutes(options.standIns),
  ];
  // Admin calls must not suffer the vendors' faults, nor appear in their record.
  const own = { faults: new Faults(), record: new ExchangeRecord('') };
  return serveRoutes({ vendor: 'admin', routes, ...own, port: options.port ?? 0 });
}

function route(method: string, path: string, handle: Route['handle']): Route {
  return { method, path, name: path.slice(1), handle };
}

function faultRoutes(faults: Faults): Route[] {
  return [
    route('GET', '/faults', () => ({ json: faults.list() })),
    route('POST', '/faults', (call) => addFault(faults, call)),
    route('DELETE', '/faults', () => {
      faults.clear();
      return NO_CONTENT;
    }),
    route('POST', '/latency', (call) => {
      const { vendor, ms } = call.json() as { vendor?: string; ms?: number };
      if (vendor === undefined || typeof ms !== 'number')
        return badRequest('Send {"vendor": "hub", "ms": 100}.');
      faults.setLatency(vendor, ms);
      return NO_CONTENT;
    }),
  ];
}

function recordRoutes(record: ExchangeRecord): Route[] {
  return [
    route('GET', '/exchanges', ({ query }) => ({
      json: record.list({ vendor: query.get('vendor'), name: query.get('name') }),
    })),
    route('DELETE', '/exchanges', () => {
      record.clear();
      return NO_CONTENT;
    }),
    route('GET', '/writes', () => ({ json: record.writes() })),
  ];
}

function stateRoutes(standIns: Record<string, StandIn>): Route[] {
  const mapStandIns = (show: (standIn: StandIn) => unknown): RouteReply => ({
    json: Object.fromEntries(Object.entries(standIns).map(([name, standIn]) => [name, show(standIn)])),
  });
  return [
    route('GET', '/world', () => mapStandIns((standIn) => standIn.state())),
    route('GET', '/knobs', () => mapStandIns(({ controls }) => Object.keys(controls))),
    route('POST', '/world', (call) => setControls(standIns, call)),
  ];
}

function addFault(faults: Faults, call: RouteCall): RouteReply {
  const fault = call.json() as Partial<Fault>;
  if (typeof fault.call !== 'string' || fault.kind === undefined) {
    return badRequest('Send {"call": "hub.runtime", "kind": {"type": "status", "status": 503}, "times": 1}.');
  }
  faults.add(fault as Fault);
  return NO_CONTENT;
}

/** `{"space": {"build": "error"}}`: by stand-in, then by knob. Unknown names are refused by name. */
async function setControls(standIns: Record<string, StandIn>, call: RouteCall): Promise<RouteReply> {
  const settings = call.json() as Record<string, Record<string, unknown>>;
  for (const [name, values] of Object.entries(settings)) {
    const standIn = standIns[name];
    if (standIn === undefined)
      return badRequest(`No stand-in is called "${name}": ${Object.keys(standIns).join(', ')}.`);
    for (const [control, value] of Object.entries(values)) {
      const set = standIn.controls[control];
      if (set === undefined)
        return badRequest(`${name} has no knob "${control}": ${Object.keys(standIn.controls).join(', ')}.`);
      try {
        await set(value);
      } catch (error) {
        return badRequest(`${name}.${control}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
  return NO_CONTENT;
}

function badRequest(message: string): RouteReply {
  return { status: 400, json: { error: message } };
}

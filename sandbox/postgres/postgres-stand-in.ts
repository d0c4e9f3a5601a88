import * as z from 'zod';
import type { StandIn } from '../stand-in.ts';
import type { TransportState } from './sessions.ts';
import type { Postgres } from './postgres.ts';

const refusal = z.object({ code: z.string().length(5), message: z.string() }).nullable();

const TRANSPORT_STATES: readonly TransportState[] = ['open', 'shut', 'silent'];

/** Controls of the database: whether it is up, its transports, and its compute's suspension. */
export function postgresStandIn(postgres: Postgres): StandIn {
  const { proxy } = postgres;
  return {
    controls: {
      up: (value) => (value === true ? postgres.start() : postgres.stop()),
      tcp: (value) => void (proxy.transports.tcp = parseTransportState(value)),
      websocket: (value) => void (proxy.transports.websocket = parseTransportState(value)),
      refuse: (value) => void (proxy.sessions.refusal = refusal.parse(value)),
      suspend: (value) => {
        const { wakeMs } = value as { wakeMs?: number };
        if (typeof wakeMs !== 'number') throw new Error('send {"wakeMs": 500}');
        proxy.sessions.suspend(wakeMs);
      },
    },
    state: () => ({
      up: postgres.up(),
      port: postgres.port,
      webSocketAddress: postgres.webSocketAddress,
      roads: { ...proxy.transports },
      connections: proxy.sessions.size,
    }),
    close: () => postgres.close(),
  };
}

function parseTransportState(value: unknown): TransportState {
  const state = TRANSPORT_STATES.find((candidate) => candidate === value);
  if (state === undefined) throw new Error(`one of ${TRANSPORT_STATES.join(', ')} is needed`);
  return state;
}

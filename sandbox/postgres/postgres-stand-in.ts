import type { StandIn } from '../stand-in.ts';
import type { TransportState } from './sessions.ts';
import type { Postgres } from './postgres.ts';

const TRANSPORT_STATES: readonly TransportState[] = ['open', 'shut', 'silent'];

/** The database's knobs: whether it is up, which road to it is open, and a compute that sleeps. */
export function postgresStandIn(postgres: Postgres): StandIn {
  const { proxy: door } = postgres;
  return {
    controls: {
      up: (value) => (value === true ? postgres.start() : postgres.stop()),
      tcp: (value) => void (door.roads.tcp = parseTransportState(value)),
      websocket: (value) => void (door.roads.websocket = parseTransportState(value)),
      suspend: (value) => {
        const { wakeMs } = value as { wakeMs?: number };
        if (typeof wakeMs !== 'number') throw new Error('send {"wakeMs": 500}');
        door.sessions.suspend(wakeMs);
      },
    },
    state: () => ({
      up: postgres.up(),
      port: postgres.port,
      webSocketAddress: postgres.webSocketAddress,
      roads: { ...door.roads },
      connections: door.sessions.size,
    }),
    close: () => postgres.close(),
  };
}

function parseTransportState(value: unknown): TransportState {
  const road = TRANSPORT_STATES.find((one) => one === value);
  if (road === undefined) throw new Error(`one of ${TRANSPORT_STATES.join(', ')} is needed`);
  return road;
}

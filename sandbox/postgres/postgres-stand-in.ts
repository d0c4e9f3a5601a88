import type { StandIn } from '../stand-in.ts';
import type { Road } from './sessions.ts';
import type { Postgres } from './postgres.ts';

const ROADS: readonly Road[] = ['open', 'shut', 'silent'];

/** The database's knobs: whether it is up, which road to it is open, and a compute that sleeps. */
export function postgresStandIn(postgres: Postgres): StandIn {
  const { door } = postgres;
  return {
    knobs: {
      up: (value) => (value === true ? postgres.start() : postgres.stop()),
      tcp: (value) => void (door.roads.tcp = roadOf(value)),
      websocket: (value) => void (door.roads.websocket = roadOf(value)),
      suspend: (value) => {
        const { wakeMs } = value as { wakeMs?: number };
        if (typeof wakeMs !== 'number') throw new Error('send {"wakeMs": 500}');
        door.sessions.suspend(wakeMs);
      },
    },
    world: () => ({
      up: postgres.up(),
      port: postgres.port,
      webSocketAddress: postgres.webSocketAddress,
      roads: { ...door.roads },
      connections: door.sessions.size,
    }),
    close: () => postgres.close(),
  };
}

function roadOf(value: unknown): Road {
  const road = ROADS.find((one) => one === value);
  if (road === undefined) throw new Error(`one of ${ROADS.join(', ')} is needed`);
  return road;
}

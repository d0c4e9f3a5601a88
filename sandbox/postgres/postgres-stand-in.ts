import type { StandIn } from '../stand-in.ts';
import type { Postgres } from './postgres.ts';

/** The database's one knob: whether it is up. */
export function postgresStandIn(postgres: Postgres): StandIn {
  return {
    knobs: { up: (value) => (value === true ? postgres.start() : postgres.stop()) },
    world: () => ({ up: postgres.up(), port: postgres.port }),
    close: () => postgres.close(),
  };
}

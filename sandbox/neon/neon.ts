/** Neon's API and its claim service: each project is a database of the sandbox's PostgreSQL. */
import * as z from 'zod';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { Faults } from '../exchange/faults.ts';
import { serveRoutes } from '../exchange/serve-routes.ts';
import { branchRoutes } from './branch-routes.ts';
import { claimRoutes } from './claim-routes.ts';
import { projectRoutes } from './project-routes.ts';
import {
  createNeonState,
  createProject,
  neonNotFound,
  organisation,
  type NeonDatabases,
  type NeonState,
} from './state.ts';

export type NeonStandIn = {
  url: string;
  apiKey: string;
  /** A project of the account that this tool did not make. */
  addProject(name: string): Promise<void>;
  controls: Record<string, (value: unknown) => void>;
  /** Ids of the projects, oldest first. */
  ids(): readonly string[];
  /** Projects by name; without connection strings. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

export async function startNeon(options: {
  faults: Faults;
  record: ExchangeRecord;
  databases: NeonDatabases;
  now?: () => number;
}): Promise<NeonStandIn> {
  const { faults, record, databases, now = Date.now } = options;
  const state = createNeonState({ databases, now });
  const { projects, claimable } = state;
  const claims = claimRoutes(state, { baseUrl: () => url });
  const { url, close } = await serveRoutes({
    faults,
    record,
    vendor: 'neon',
    routes: [...claims, ...projectRoutes(state), ...branchRoutes(state)],
    notFound: neonNotFound,
  });
  return {
    url,
    apiKey: state.apiKey,
    addProject: async (name) => {
      projects.push(await createProject(state, { name, region: 'aws-us-east-2', owner: organisation.id }));
    },
    controls: neonControls(state),
    ids: () => projects.map(({ id }) => id),
    state: () => ({
      projects: projects.map(({ name, region }) => ({ name, region })),
      claimable: claimable.length,
    }),
    close,
  };
}

function neonControls(state: NeonState): NeonStandIn['controls'] {
  return {
    /** How many projects the plan allows. */
    mostProjects: (value) => void (state.mostProjects = z.number().parse(value)),
    /** Projects of one page, however many are asked for. */
    pageSize: (value) => void (state.pageSize = z.number().parse(value)),
    /** Hours for which new databases without an account live. */
    claimHours: (value) => void (state.claimHours = z.number().parse(value)),
    /** Milliseconds until a new password is ready to use. */
    operationMs: (value) => void (state.operationMs = z.number().parse(value)),
    /** The newest database without an account is claimed. */
    claimed: (value) => {
      const newest = state.claimable.at(-1);
      if (newest !== undefined) newest.isClaimed = z.boolean().parse(value);
    },
  };
}

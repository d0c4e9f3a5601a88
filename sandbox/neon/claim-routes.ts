import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Route } from '../exchange/serve-routes.ts';
import { createProject, isoTime, type NeonState, type SandboxClaimable } from './state.ts';

const hour = 3_600_000;

/** Databases without an account: https://neon.com/docs/reference/neon-launchpad */
export function claimRoutes(state: NeonState, { baseUrl }: { baseUrl: () => string }): Route[] {
  const { now } = state;
  const view = ({ id, project, expiresAt, isClaimed }: SandboxClaimable): object => ({
    id,
    status: isClaimed ? 'CLAIMED' : 'UNCLAIMED',
    neon_project_id: project.id,
    connection_string: isClaimed ? null : project.uri,
    claim_url: `${baseUrl()}/database/${id}`,
    expires_at: isoTime(expiresAt),
    created_at: isoTime(project.createdAt),
    updated_at: isoTime(now()),
  });
  return [
    {
      method: 'POST',
      path: '/api/v1/database',
      name: 'create-claimable',
      writes: true,
      handle: async (call) => {
        if (!z.object({ ref: z.string().min(1) }).safeParse(call.json()).success)
          return { status: 400, json: { message: 'ref is required' } };
        const place = { name: 'claimable', region: 'aws-us-east-2', owner: 'neon' };
        const project = await createProject(state, place);
        const expiresAt = now() + state.claimHours * hour;
        const database = { id: randomUUID(), project, expiresAt, isClaimed: false };
        state.claimable.push(database);
        return { json: view(database) };
      },
    },
    {
      method: 'GET',
      path: '/api/v1/database/:id',
      name: 'claimable',
      handle: ({ params }) => {
        const database = state.claimable.find(({ id }) => id === params['id']);
        const isGone = database === undefined || (!database.isClaimed && database.expiresAt <= now());
        return isGone ? { status: 404, json: { message: 'Not found' } } : { json: view(database) };
      },
    },
  ];
}

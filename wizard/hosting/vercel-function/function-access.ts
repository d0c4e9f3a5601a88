import { createVercelClient, type VercelClient } from '../../clients/vercel-client.ts';
import { createVercelProjectsClient, type VercelProjectsClient } from './projects-client.ts';
import type { FrontendDeployment, FrontendVariable } from '../../clients/vercel-schemas.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import { Failure } from '../../model/failure.ts';
import type { HostingAccess } from '../hosting.ts';
import { parseFunctionPlace, type FunctionPlace } from '../../model/formats/function-place.ts';

/** One project of the user's Vercel account, and the clients for it. */
export type FunctionAccess = {
  place: FunctionPlace;
  vercel: VercelClient;
  projects: VercelProjectsClient;
} & Pick<HostingAccess, 'http' | 'signal' | 'target'>;

/** Throws Failure `input-missing` without a token: Vercel shows a project to its owner only. */
export function functionAccess({ credentials, target, http, signal }: HostingAccess): FunctionAccess {
  const place = parseFunctionPlace(target.space);
  const account = credentials.vercelHosting ?? credentials.vercel;
  if (account === undefined) {
    throw new Failure({
      kind: 'input-missing',
      code: 'input-missing',
      service: 'vercel',
      message: 'VERCEL_TOKEN is missing: Vercel shows a project to its owner only.',
      remedy:
        'Set VERCEL_TOKEN, or HOSTING_VERCEL_TOKEN where the server has an account of its own, or put it into a file for --env-file.',
    });
  }
  const { token, apiUrl } = account;
  const team = place.isTeam ? { slug: place.account } : null;
  const options = { apiUrl, token, team, http, signal };
  return {
    place,
    target,
    http,
    signal,
    vercel: createVercelClient(options),
    projects: createVercelProjectsClient(options),
  };
}

/** The project's variables; none while there is no such project. */
export async function functionVariables({
  vercel,
  place,
}: FunctionAccess): Promise<readonly FrontendVariable[]> {
  return vercel.variables(place.name).catch((error: unknown) => {
    if (error instanceof HttpFailure && error.status === 404) return [];
    throw error;
  });
}

/** The newest deployment for production, failed ones too; null when there is none. */
export async function newestDeployment({
  vercel,
  place,
}: FunctionAccess): Promise<FrontendDeployment | null> {
  const [newest] = await vercel.deployments(place.name, { limit: 1 });
  return newest ?? null;
}

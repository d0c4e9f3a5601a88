import { secretNames, variableNames } from '../../../server/contract.ts';
import { createVercelClient, type VercelClient } from '../../clients/vercel-client.ts';
import { createVercelProjectsClient, type VercelProjectsClient } from './projects-client.ts';
import type { FrontendDeployment, FrontendVariable } from '../../clients/vercel-schemas.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import { Failure } from '../../model/failure.ts';
import { fingerprintIn, marker } from '../fingerprint.ts';
import type { HostingAccess } from '../hosting.ts';
import { parseFunctionPlace, type FunctionPlace } from './function-place.ts';

/** One project of the user's Vercel account, and the clients for it. */
export type FunctionAccess = {
  place: FunctionPlace;
  vercel: VercelClient;
  projects: VercelProjectsClient;
} & Pick<HostingAccess, 'http' | 'signal' | 'target'>;

/** Throws Failure `input-missing` without a token: Vercel shows a project to its owner only. */
export function functionAccess({ credentials, target, http, signal }: HostingAccess): FunctionAccess {
  const place = parseFunctionPlace(target.space);
  if (credentials.vercel === undefined) {
    throw new Failure({
      kind: 'input-missing',
      code: 'input-missing',
      service: 'vercel',
      message: 'VERCEL_TOKEN is missing: Vercel shows a project to its owner only.',
      remedy: 'Set VERCEL_TOKEN, or put it into a file for --env-file.',
    });
  }
  const { token, apiUrl } = credentials.vercel;
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

const serverNames: readonly string[] = [...secretNames, ...variableNames];

/** True for a server's variable that this tool wrote; the book's project may have the frontend's. */
export function isMarked({ key, comment }: FrontendVariable): boolean {
  if (!serverNames.includes(key)) return false;
  return comment === marker || fingerprintIn(comment) !== null;
}

/** The newest deployment for production, failed ones too; null when there is none. */
export async function newestDeployment({
  vercel,
  place,
}: FunctionAccess): Promise<FrontendDeployment | null> {
  const [newest] = await vercel.deployments(place.name, { limit: 1 });
  return newest ?? null;
}

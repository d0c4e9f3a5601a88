import { assertTeamExists } from '../../deployment/frontend/vercel-projects.ts';
import { functionName, functionPlace } from '../../hosting/vercel-function/function-place.ts';
import type { VercelProject, VercelScope } from '../../model/credential.ts';
import type { Session } from '../../model/runtime.ts';

/** The server's own project, beside the book's unless another team is named. */
export function functionPlaceIn(
  { flags }: Session,
  options: { scope: VercelScope | null; name: string; project: VercelProject | null },
): string {
  const { scope, name, project } = options;
  if (scope !== null) assertTeamExists(scope, flags.hostingTeam);
  const team = flags.hostingTeam ?? project?.teamSlug ?? null;
  const isTeam = team !== null && team !== scope?.user;
  return functionPlace({
    account: isTeam ? team : (scope?.user ?? 'me'),
    isTeam,
    name: flags.hostingProject ?? functionName(name),
  });
}

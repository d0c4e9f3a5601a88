import type { VercelProject, VercelScope } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';

/** The project with that name, id or domain, in that team when one is given; null unless exactly one matches. */
export function findProject(
  scope: VercelScope,
  wanted: { project: string; team: string | null },
): VercelProject | null {
  const hits = projectsOf(scope, wanted.team).filter(
    ({ id, name, hosts }) =>
      id === wanted.project || name === wanted.project || hosts?.includes(hostIn(wanted.project)) === true,
  );
  return hits.length === 1 ? (hits[0] ?? null) : null;
}

/** `book.example` of an address as it is copied from a browser. */
function hostIn(text: string): string {
  return text
    .replace(/^https?:\/\//i, '')
    .replace(/\/.*$/, '')
    .toLowerCase();
}

/** The projects of one team (slug, id, or the user's own name), or of every scope that the token reaches. */
export function projectsOf(scope: VercelScope, team: string | null): readonly VercelProject[] {
  if (team === null) return scope.projects;
  return scope.projects.filter(
    ({ teamSlug, teamId }) =>
      teamSlug === team || teamId === team || (teamId === null && scope.user === team),
  );
}

/** Moves a project to the front, where Enter chooses it. */
export function moveToFront(
  projects: readonly VercelProject[],
  first: VercelProject | null,
): readonly VercelProject[] {
  return projects.toSorted((a, b) => Number(b === first) - Number(a === first));
}

/** Throws Failure `team-not-found`, listing the teams that the token reaches. */
export function assertTeamExists(scope: VercelScope, team: string | null): void {
  const slugs = scope.teams.map(({ slug }) => slug ?? scope.user);
  const isKnown = team === null || slugs.includes(team) || scope.teams.some(({ id }) => id === team);
  if (isKnown || projectsOf(scope, team).length > 0) return;
  throw new Failure({
    kind: 'usage',
    code: 'team-not-found',
    message: `This Vercel token reaches no team “${team.slice(0, 100)}”.`,
    remedy: `Name one of these with --vercel-team, or leave it out: ${slugs.slice(0, 8).join(', ')}.`,
    service: 'vercel',
  });
}

/** `team/project`, as shown to the user. */
export function projectLabel(project: VercelProject): string {
  return project.teamSlug === null ? project.name : `${project.teamSlug}/${project.name}`;
}

/** Failure `project-not-found`, listing the projects that the token reaches. */
export function projectNotFound(wanted: string, scope: VercelScope): Failure {
  const labels = scope.projects.slice(0, 8).map(projectLabel).join(', ');
  return new Failure({
    code: 'project-not-found',
    message: `This Vercel token reaches no single project named "${wanted.slice(0, 100)}".`,
    remedy:
      labels === ''
        ? 'Import the book into Vercel first, or use a token whose scope holds it.'
        : `Name one of these with --vercel-project (and --vercel-team): ${labels}.`,
    service: 'vercel',
  });
}

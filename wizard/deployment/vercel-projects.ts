import type { Credentials, HubAccount, VercelProject, VercelScope } from '../model/credential.ts';
import { Failure } from '../model/failure.ts';
import { misplacedKey } from '../model/formats/misplaced-key.ts';

/** The project that was named, by name, id or domain; of that team when one was named too. Null when there is none. */
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

/** The projects of one team (slug, id, or the person's own name), or of every scope the token reaches. */
export function projectsOf(scope: VercelScope, team: string | null): readonly VercelProject[] {
  if (team === null) return scope.projects;
  return scope.projects.filter(
    ({ teamSlug, teamId }) =>
      teamSlug === team || teamId === team || (teamId === null && scope.user === team),
  );
}

/** The projects with this one, when it is among them, first: it is the one that Enter takes. */
export function withFirst(
  projects: readonly VercelProject[],
  first: VercelProject | null,
): readonly VercelProject[] {
  return projects.toSorted((a, b) => Number(b === first) - Number(a === first));
}

/** Throws Failure `team-not-found`, with the teams there are, when this token reaches none of that name. */
export function expectTeam(scope: VercelScope, team: string | null): void {
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

/** Repo ids of the Hub: 1 to 96 of `[A-Za-z0-9._-]`, no `--` or `..`, no `-` or `.` at either end. */
const repoName = /^(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$/;

/** `NAME` or `OWNER/NAME` as `OWNER/NAME`; throws Failure `space-name-invalid`, also for a key that strayed here. */
export function parseSpace(raw: string, account: HubAccount): string {
  const [first = '', second, ...rest] = raw.trim().split('/');
  const owner = second === undefined ? account.name : first;
  const name = second ?? first;
  const stray = misplacedKey(raw);
  if (stray !== null) {
    throw new Failure({
      kind: 'usage',
      code: 'space-name-invalid',
      message: `The name of the Space looks like ${stray}.`,
      remedy: `Give OWNER/NAME, for example ${account.name}/book-chat. If that key was shown to others, replace it.`,
      service: 'huggingface',
    });
  }
  if (rest.length > 0 || !repoName.test(owner) || !repoName.test(name) || name.endsWith('.git')) {
    throw new Failure({
      kind: 'usage',
      code: 'space-name-invalid',
      message: `"${raw.slice(0, 100)}" is not the name of a Space.`,
      remedy: `Give OWNER/NAME, letters, digits, ".", "_" and single "-" only, for example ${account.name}/book-chat.`,
      service: 'huggingface',
    });
  }
  return `${owner}/${name}`;
}

/** The Space's name when nobody names one: the project's, under the first owner that may create Spaces. */
export function defaultSpace(account: HubAccount, project: string): string {
  const owner = account.owners.find((one) => one.canCreateDockerSpaces)?.name ?? account.name;
  const name = project
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${owner}/${name === '' ? 'book' : name}-chat`;
}

/** `team/project`, as a person reads it. */
export function projectLabel(project: VercelProject): string {
  return project.teamSlug === null ? project.name : `${project.teamSlug}/${project.name}`;
}

/** Throws Failure `project-not-found`, with what there is. */
export function projectNotFound(wanted: string, scope: Credentials['vercel']['scope']): Failure {
  const known = scope.projects.slice(0, 8).map(projectLabel).join(', ');
  return new Failure({
    code: 'project-not-found',
    message: `This Vercel token reaches no single project named "${wanted.slice(0, 100)}".`,
    remedy:
      known === ''
        ? 'Import the book into Vercel first, or use a token whose scope holds it.'
        : `Name one of these with --vercel-project (and --vercel-team): ${known}.`,
    service: 'vercel',
  });
}

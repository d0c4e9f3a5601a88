import * as z from 'zod';
import type { Http } from '../../clients/http.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import { readPages, type ListPage } from '../../clients/read-pages.ts';
import type { Credentials, Probe, ProbeFailure, VercelProject, VercelTeam } from '../../model/credential.ts';
import type { Secret } from '../../model/secret.ts';
import { verdictOf, rejected } from '../rejection.ts';
import { tokenKindOf, vercelPermissions, tokenSchema, type VercelToken } from './vercel-permissions.ts';

type VercelGet = <T>(path: string, what: string, schema: z.ZodType<T>) => Promise<T>;

const tokenPage = 'https://vercel.com/account/settings/tokens';

/** Of the user, and of a team. */
const billing = z.looseObject({ plan: z.string().nullish() }).nullish().catch(null);
const userSchema = z.looseObject({
  user: z.looseObject({ username: z.string(), defaultTeamId: z.string().nullish(), billing }),
});
const pagination = z.looseObject({ next: z.union([z.number(), z.string()]).nullish() }).nullish();
const teamsSchema = z.looseObject({
  teams: z.array(
    z.looseObject({
      id: z.string(),
      slug: z.string(),
      name: z.string().nullish(),
      billing,
      limited: z.boolean().nullish(),
      limitedBy: z.array(z.string()).nullish(),
    }),
  ),
  pagination,
});
const projectSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  framework: z.string().nullish(),
  link: z.looseObject({ org: z.string().nullish(), repo: z.string().nullish() }).nullish(),
  targets: z
    .looseObject({ production: z.looseObject({ alias: z.array(z.string()).nullish() }).nullish() })
    .nullish(),
});
const projectsSchema = z.looseObject({
  projects: z.array(projectSchema),
  pagination,
});

/**
 * Reads whose token it is and every project that it reaches, in the personal scope and in each team. A token of a single
 * project has no user (404) and is accepted for that project.
 */
export async function probeVercel(options: {
  token: Secret;
  /** Without a slash at the end. */
  apiUrl: string;
  http: Http;
  signal: AbortSignal;
}): Promise<Probe<Credentials['vercel']>> {
  const { token, apiUrl, http } = options;
  // When one call fails, those beside it are aborted.
  const halt = new AbortController();
  const signal = AbortSignal.any([options.signal, halt.signal]);
  const headers = { authorization: `Bearer ${token.reveal()}` };
  const closed = new Set<string>();
  const get: VercelGet = async (path, what, schema) => {
    try {
      return await http.request({
        service: 'vercel',
        what,
        url: `${apiUrl}${path}`,
        headers,
        schema,
        signal,
      });
    } catch (error) {
      if (asksForSignOn(error)) closed.add(error.sentence);
      throw error;
    }
  };
  try {
    const [user, teamList, unscoped, own] = await Promise.all([
      nullIfHidden(get('/v2/user', 'reading the account', userSchema)),
      teamsOf(get),
      projectsOf(get, { id: null, slug: null, name: 'the account', plan: null }),
      readToken(get),
    ]);
    const personal: VercelTeam = {
      id: null,
      slug: null,
      name: user?.user.username ?? 'this token',
      plan: user?.user.billing?.plan ?? null,
    };
    const teams = defaultFirst(teamList.teams, user?.user.defaultTeamId ?? null);
    const scoped = await Promise.all(teams.map((team) => projectsOf(get, team)));
    const projects = withoutRepeats([...scoped.flat(), ...unscoped]);
    const warnings = [...teamList.warnings, ...[...closed].map(signOnWarning)];
    if (user === null && projects.length === 0) return closed.size > 0 ? needsSignOn(closed) : reachesNothing;
    if (projects.length === 0) warnings.push('It reaches no project: import the book into Vercel first.');
    const name = user?.user.username ?? 'a token of one project';
    const kind = tokenKindOf({ isUserKnown: user !== null, token: own });
    const byDefault = teams.find(({ id }) => id === user?.user.defaultTeamId) ?? null;
    const defaultTeam = (byDefault ?? (kind === 'team' ? teams[0] : null))?.slug ?? null;
    const scope = { user: name, teams: [personal, ...teams], defaultTeam, projects };
    return {
      verdict: 'accepted',
      message: `${name}, ${count(projects.length, 'project')} in ${count(teams.length, 'team')} and the personal scope`,
      credential: { token, apiUrl, scope },
      rights: vercelPermissions({ kind, scope, page: tokenPage }),
      ...(warnings.length > 0 && { warnings }),
    };
  } catch (error) {
    return verdictOf(error, { remedy: `Make a token whose scope holds the project at ${tokenPage}.` });
  } finally {
    halt.abort();
  }
}

const reachesNothing = rejected({
  code: 'no-project-visible',
  message: 'This Vercel token reaches neither an account nor a project.',
  remedy: `Make a token whose scope holds the book’s project at ${tokenPage}.`,
});

/** A team that asks for its single sign-on answers 403 with `saml: true` (as Vercel's own client reads it). */
function asksForSignOn(error: unknown): error is HttpFailure {
  return error instanceof HttpFailure && error.status === 403 && /"saml"\s*:\s*true/.test(error.bodyText);
}

const signOn = `Sign in at vercel.com through the team’s single sign-on, and make a token at ${tokenPage} while you are.`;

function signOnWarning(sentence: string): string {
  return `A team is closed to this token until it passes the team’s single sign-on: ${sentence}`;
}

function needsSignOn(sentences: ReadonlySet<string>): ProbeFailure {
  return rejected({
    code: 'needs-sign-on',
    message: [...sentences].map(signOnWarning).join(' '),
    remedy: signOn,
  });
}

/** What Vercel says about the token; null when it does not say, as nothing depends on it. */
async function readToken(get: VercelGet): Promise<VercelToken | null> {
  try {
    return (await get('/v5/user/tokens/current', 'reading the token’s scope', tokenSchema)).token;
  } catch (error) {
    if (error instanceof HttpFailure) return null;
    throw error;
  }
}

async function teamsOf(get: VercelGet): Promise<{ teams: VercelTeam[]; warnings: string[] }> {
  const what = 'listing the teams';
  const all = await readPages({
    service: 'vercel',
    what,
    read: async (next) => {
      const from = next === null ? '' : `&until=${encodeURIComponent(next)}`;
      const page = await nullIfHidden(get(`/v2/teams?limit=100${from}`, what, teamsSchema));
      return { items: page?.teams ?? [], next: page?.pagination?.next };
    },
  });
  const limited = all.filter((team) => team.limited === true);
  const warnings = limited.map(
    ({ slug, limitedBy }) => `Team ${slug} is closed to this token (${limitedBy?.join(', ') || 'limited'}).`,
  );
  const open = all.filter((team) => team.limited !== true);
  return { teams: open.map(toTeam), warnings };
}

type TeamAnswer = z.infer<typeof teamsSchema>['teams'][number];

function toTeam({ id, slug, name, billing: account }: TeamAnswer): VercelTeam {
  return { id, slug, name: name ?? slug, plan: account?.plan ?? null };
}

/** New accounts have no usable personal scope, so the default team comes first (CLI 58). */
function defaultFirst(teams: readonly VercelTeam[], defaultTeam: string | null): VercelTeam[] {
  return teams.toSorted((a, b) => Number(b.id === defaultTeam) - Number(a.id === defaultTeam));
}

async function projectsOf(get: VercelGet, scope: VercelTeam): Promise<VercelProject[]> {
  const what = `listing the projects of ${scope.name}`;
  const team = scope.id === null ? '' : `&teamId=${encodeURIComponent(scope.id)}`;
  const read = async (next: string | null): Promise<ListPage<VercelProject>> => {
    const from = next === null ? '' : `&from=${encodeURIComponent(next)}`;
    const page = await nullIfHidden(get(`/v10/projects?limit=100${from}${team}`, what, projectsSchema));
    const items = (page?.projects ?? []).map(({ id, name, framework, link, targets }): VercelProject => ({
      id,
      name,
      teamId: scope.id,
      teamSlug: scope.slug,
      framework: framework ?? null,
      ...(link?.org != null && link.repo != null && { repository: `${link.org}/${link.repo}` }),
      ...(targets?.production?.alias != null && { hosts: targets.production.alias }),
    }));
    return { items, next: page?.pagination?.next };
  };
  return readPages({ service: 'vercel', what, read });
}

/** The first of each id, because with a default team the unscoped list may repeat that team's projects. */
function withoutRepeats(projects: readonly VercelProject[]): VercelProject[] {
  return [...new Map(projects.toReversed().map((project) => [project.id, project])).values()].toReversed();
}

/** Null where the token has no access: 404, and every 403 that is not about the token itself. */
async function nullIfHidden<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    const isHidden =
      error instanceof HttpFailure &&
      error.kind === 'failed' &&
      (error.status === 404 || error.status === 403);
    if (isHidden) return null;
    throw error;
  }
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

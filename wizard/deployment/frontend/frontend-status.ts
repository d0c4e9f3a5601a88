import { HttpFailure } from '../../clients/http-failure.ts';
import type { FrontendDeployment, FrontendVariable } from '../../clients/vercel-schemas.ts';
import type { Credentials, VercelProject } from '../../model/credential.ts';
import type { JournalEntry } from '../../model/run/journal.ts';
import type { Session } from '../../model/runtime.ts';
import { probeService } from '../../probes/probe-service.ts';
import type { CommandInputs } from '../command-inputs.ts';
import { vercelOf } from '../context.ts';
import { defaultFrontendVariable } from '../run-settings.ts';
import { projectOrigins, type FrontendOrigins, type ProjectAccess } from './allowed-origins.ts';
import { parseVariableId, productionVariable } from './frontend-variable.ts';
import { findProject, projectLabel } from './vercel-projects.ts';

export type FrontendStatus =
  | { type: 'unknown'; code: string; why: string; remedy: string }
  | {
      type: 'known';
      /** Name of the variable that the frontend reads. */
      key: string;
      /** As shown to the user: `team/project`. */
      project: string;
      /** Null when it is not set for production, and when it is sensitive, because Vercel does not return that. */
      value: string | null;
      variable: FrontendVariable | null;
      /** The newest deployment that serves production. */
      ready: FrontendDeployment | null;
      /** The newest deployment for production, failed ones too. */
      newest: FrontendDeployment | null;
      /** Where it is read; null when it has no domain. */
      origin: string | null;
      /** Every origin that serves its production, and the pattern of its previews. */
      origins: FrontendOrigins;
    };

type FrontendQuery = { inputs: CommandInputs; entries: readonly JournalEntry[] };

/** The Vercel side of a deployment, when there is a token: the project that the user named, or the journal's. */
export async function readFrontendStatus(session: Session, query: FrontendQuery): Promise<FrontendStatus> {
  const key = variableNameOf(session, query);
  const { answers, endpoints, http } = query.inputs;
  const { signal } = session.runtime;
  if (answers.VERCEL_TOKEN === undefined) {
    const why = 'The frontend was not looked at: no VERCEL_TOKEN was given.';
    return unknown('frontend-not-looked-at', why, 'Set VERCEL_TOKEN for that.');
  }
  const probe = await probeService({ service: 'vercel', answers, endpoints, http, signal });
  if (probe.verdict !== 'accepted') return unknown(probe.code, probe.message, probe.remedy);
  const project = projectOf(query, probe.credential);
  if ('why' in project) return project;
  return readProject({
    access: {
      credentials: { vercel: probe.credential },
      target: { teamId: project.teamId, project: project.name, team: project.teamSlug },
      http,
      signal,
    },
    project,
    key,
  });
}

/** The flag's variable, else the one written last. */
function variableNameOf({ flags }: Session, { entries }: FrontendQuery): string {
  const last = lastVariableOf(entries);
  return (
    flags.frontendVariable ?? (last === undefined ? defaultFrontendVariable : parseVariableId(last.id).name)
  );
}

function lastVariableOf(entries: readonly JournalEntry[]): JournalEntry | undefined {
  return entries.findLast(({ thing }) => thing === 'frontend-variable');
}

function projectOf(
  { inputs, entries }: FrontendQuery,
  { scope }: Credentials['vercel'],
): VercelProject | UnknownFrontend {
  const { answers } = inputs;
  const wanted = answers.VERCEL_PROJECT?.value ?? lastVariableOf(entries)?.place;
  if (wanted === undefined) {
    return unknown(
      'frontend-unnamed',
      'Which Vercel project is the book’s is not known.',
      'Name it with --vercel-project.',
    );
  }
  const project = findProject(scope, { project: wanted, team: answers.VERCEL_TEAM?.value ?? null });
  if (project !== null) return project;
  return unknown(
    'vercel-wrong-team',
    `This Vercel token does not reach the project ${wanted}.`,
    'Give a VERCEL_TOKEN whose scope is the team that owns it, or name another with --vercel-project and --vercel-team.',
  );
}

type UnknownFrontend = Extract<FrontendStatus, { type: 'unknown' }>;

function unknown(code: string, why: string, remedy: string): UnknownFrontend {
  return { type: 'unknown', code, why, remedy };
}

async function readProject({
  access,
  project,
  key,
}: {
  access: ProjectAccess;
  project: VercelProject;
  key: string;
}): Promise<FrontendStatus> {
  const vercel = vercelOf(access);
  try {
    const [variables, [ready], [newest], origins] = await Promise.all([
      vercel.variables(project.id),
      vercel.deployments(project.id, { state: 'READY', limit: 1 }),
      vercel.deployments(project.id, { limit: 1 }),
      projectOrigins(access, project.id),
    ]);
    const variable = productionVariable(variables, key);
    return {
      type: 'known',
      key,
      project: projectLabel(project),
      value: variable?.decrypted === false ? null : (variable?.value ?? null),
      variable,
      ready: ready ?? null,
      newest: newest ?? null,
      origin: origins.main,
      origins,
    };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return unknown(error.code, error.message, error.remedy);
  }
}

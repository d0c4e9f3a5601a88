import { HttpFailure } from '../../clients/http-failure.ts';
import type { FrontendDeployment, FrontendVariable } from '../../clients/vercel-schemas.ts';
import type { Credentials, VercelProject } from '../../model/credential.ts';
import type { JournalEntry } from '../../model/run/journal.ts';
import { probeService } from '../../probes/run-probes.ts';
import { vercelOf } from '../context.ts';
import { defaultFrontendVariable } from '../run-settings.ts';
import { originOf } from './allowed-origins.ts';
import { productionVariable, parseVariableId } from './frontend-variable.ts';
import type { CommandInputs } from '../command-inputs.ts';
import { findProject, projectLabel } from './vercel-projects.ts';
import type { Session } from '../../model/runtime.ts';

export type FrontendStatus =
  | { type: 'unknown'; code: string; why: string; remedy: string }
  | {
      type: 'known';
      key: string;
      /** As a person reads it: `team/project`. */
      project: string;
      /** Null when it is not set for production; what is sensitive does not come back and is null too. */
      value: string | null;
      variable: FrontendVariable | null;
      /** The newest deployment that serves production. */
      ready: FrontendDeployment | null;
      /** The newest deployment for production, whatever became of it. */
      newest: FrontendDeployment | null;
      /** Where it is read; null when it has no domain. */
      origin: string | null;
    };

type FrontendQuery = { opening: CommandInputs; entries: readonly JournalEntry[] };

/** The Vercel side of a deployment, as far as a token was given: the project that was named, or the journal's. */
export async function readFrontendStatus(session: Session, asked: FrontendQuery): Promise<FrontendStatus> {
  const key = variableNameOf(session, asked);
  const { answers, endpoints, http } = asked.opening;
  const { signal } = session.runtime;
  if (answers.VERCEL_TOKEN === undefined) {
    return unknown('frontend-not-looked-at', 'The frontend was not looked at: no VERCEL_TOKEN was given.');
  }
  const probe = await probeService({ service: 'vercel', answers, endpoints, http, signal });
  if (probe.verdict !== 'accepted')
    return { type: 'unknown', code: probe.code, why: probe.message, remedy: probe.remedy };
  const project = projectOf(asked, probe.credential);
  if ('why' in project) return project;
  return readProject(session, { asked: { ...asked, key }, project, credential: probe.credential });
}

/** The variable that the frontend goes by: what the flag says, else what was written last. */
function variableNameOf({ flags }: Session, { entries }: FrontendQuery): string {
  const written = entries.findLast(({ thing }) => thing === 'frontend-variable')?.id;
  return (
    flags.frontendVariable ??
    (written === undefined ? defaultFrontendVariable : parseVariableId(written).name)
  );
}

function projectOf(
  { opening, entries }: FrontendQuery,
  { scope }: Credentials['vercel'],
): VercelProject | UnknownFrontend {
  const { answers } = opening;
  const journaled = entries.findLast(({ thing }) => thing === 'frontend-variable')?.place;
  const wanted = answers.VERCEL_PROJECT?.value ?? journaled;
  if (wanted === undefined) {
    return unknown(
      'frontend-unnamed',
      'Which Vercel project is the book’s is not known.',
      'Name it with --vercel-project.',
    );
  }
  const found = findProject(scope, { project: wanted, team: answers.VERCEL_TEAM?.value ?? null });
  if (found !== null) return found;
  return unknown(
    'vercel-wrong-team',
    `This Vercel token does not reach the project ${wanted}.`,
    'Give a VERCEL_TOKEN whose scope is the team that owns it, or name another with --vercel-project and --vercel-team.',
  );
}

type UnknownFrontend = Extract<FrontendStatus, { type: 'unknown' }>;

function unknown(code: string, why: string, remedy = ''): UnknownFrontend {
  return { type: 'unknown', code, why, remedy };
}

async function readProject(
  { runtime }: Session,
  {
    asked,
    project,
    credential,
  }: { asked: FrontendQuery & { key: string }; project: VercelProject; credential: Credentials['vercel'] },
): Promise<FrontendStatus> {
  const vercel = vercelOf({
    credentials: { vercel: credential },
    target: { teamId: project.teamId },
    http: asked.opening.http,
    signal: runtime.signal,
  });
  try {
    const [variables, [ready], [newest], hosts] = await Promise.all([
      vercel.variables(project.id),
      vercel.deployments(project.id, { state: 'READY', limit: 1 }),
      vercel.deployments(project.id, { limit: 1 }),
      vercel.productionHosts(project.id),
    ]);
    const variable = productionVariable(variables, asked.key);
    const [main] = hosts;
    return {
      type: 'known',
      key: asked.key,
      project: projectLabel(project),
      value: variable?.decrypted === false ? null : (variable?.value ?? null),
      variable,
      ready: ready ?? null,
      newest: newest ?? null,
      origin: main === undefined ? null : originOf(main),
    };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return unknown(error.code, error.message, error.remedy);
  }
}

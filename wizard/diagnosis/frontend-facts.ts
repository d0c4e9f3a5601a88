import { HttpFailure } from '../clients/http-failure.ts';
import type { FrontendDeployment, FrontendVariable } from '../clients/vercel-schemas.ts';
import type { Credentials, VercelProject } from '../model/credential.ts';
import type { JournalEntry } from '../model/journal.ts';
import { checkService } from '../run/validate.ts';
import { frontendVariable, vercelOf } from '../steps/context.ts';
import { originOf } from '../steps/origins.ts';
import { productionOne, variableOf } from '../steps/frontend-variable.ts';
import type { Opening } from '../interview/opening.ts';
import { findProject, projectLabel } from '../interview/targets.ts';
import type { Session } from '../model/world.ts';

export type FrontendFacts =
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

type Asked = { opening: Opening; entries: readonly JournalEntry[] };

/** The Vercel side of a deployment, as far as a token was given: the project that was named, or the journal's. */
export async function frontendFacts(session: Session, asked: Asked): Promise<FrontendFacts> {
  const key = keyOf(session, asked);
  const { answers, endpoints, http } = asked.opening;
  const { signal } = session.world;
  if (answers.VERCEL_TOKEN === undefined) {
    return unknown('frontend-not-looked-at', 'The frontend was not looked at: no VERCEL_TOKEN was given.');
  }
  const probe = await checkService({ service: 'vercel', answers, endpoints, http, signal });
  if (probe.verdict !== 'accepted')
    return { type: 'unknown', code: probe.code, why: probe.message, remedy: probe.remedy };
  const project = projectOf(asked, probe.credential);
  if ('why' in project) return project;
  return lookAt(session, { asked: { ...asked, key }, project, credential: probe.credential });
}

/** The variable that the frontend goes by: what the flag says, else what was written last. */
function keyOf({ flags }: Session, { entries }: Asked): string {
  const written = entries.findLast(({ thing }) => thing === 'frontend-variable')?.id;
  return flags.frontendVariable ?? (written === undefined ? frontendVariable : variableOf(written).name);
}

function projectOf({ opening, entries }: Asked, { scope }: Credentials['vercel']): VercelProject | Unknown {
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

type Unknown = Extract<FrontendFacts, { type: 'unknown' }>;

function unknown(code: string, why: string, remedy = ''): Unknown {
  return { type: 'unknown', code, why, remedy };
}

async function lookAt(
  { world }: Session,
  {
    asked,
    project,
    credential,
  }: { asked: Asked & { key: string }; project: VercelProject; credential: Credentials['vercel'] },
): Promise<FrontendFacts> {
  const vercel = vercelOf({
    credentials: { vercel: credential },
    target: { teamId: project.teamId },
    http: asked.opening.http,
    signal: world.signal,
  });
  try {
    const [variables, [ready], [newest], hosts] = await Promise.all([
      vercel.variables(project.id),
      vercel.deployments(project.id, { state: 'READY', limit: 1 }),
      vercel.deployments(project.id, { limit: 1 }),
      vercel.productionHosts(project.id),
    ]);
    const variable = productionOne(variables, asked.key);
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

import { configuredCollection } from '../../model/server-defaults.ts';
import { logLevels, parseOriginList } from '../../../server/contract.ts';
import type { Credentials } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';
import type { Runtime, Session } from '../../model/runtime.ts';
import { enrichmentSettings, selectionOf } from '../../deployment/book/selection-of.ts';
import type { RunContext } from '../../deployment/context.ts';
import { limitNames, type LimitName } from '../../deployment/server/chat-limits.ts';
import { defaultFrontendVariable } from '../../deployment/run-settings.ts';
import { acceptedCredentials } from '../../interview/credentials/live-checks.ts';
import { findChromium } from '../../frontend/browser/find-chromium.ts';
import { frontendSettings } from '../../interview/frontend/frontend-flow.ts';
import { retentionLimits } from '../../interview/retention-question.ts';
import { targetsIn } from '../../interview/targets/target-questions.ts';
import { isIndexing, type DeployState } from './deploy-state.ts';
import { limitsUntilNow } from './previous/previous-place.ts';
import { removedOrigins } from './previous/previous-project.ts';

/**
 * What the steps work with, from all that was answered so far. Services that were not asked for are not among the
 * credentials: the steps that use them are skipped.
 */
export function buildRunContext(session: Session, state: DeployState): RunContext {
  const { runtime, flags } = session;
  const { draft, book, existingSecrets, answers } = state;
  if (draft === undefined) throw new Error('The targets of the run are not known.');
  const { project, space, isSpaceNamed } = targetsIn(session, state);
  const origins = removedOrigins(state);
  return {
    ...draft.tools,
    credentials: {
      ...withServerKey(acceptedCredentials(state) as Credentials, state),
      ...(state.vercelHosting?.verdict === 'accepted' && { vercelHosting: state.vercelHosting.credential }),
    },
    target: {
      space,
      project: project?.name ?? null,
      team: project?.teamSlug ?? null,
      environment: 'production',
      projectId: project?.id ?? null,
      teamId: project?.teamId ?? null,
    },
    settings: {
      collection: configuredCollection(runtime.env),
      logLevel: logLevelIn(runtime),
      origins: parseOriginList(runtime.env['ALLOWED_ORIGINS'] ?? ''),
      docsDir: book?.docsDir ?? null,
      bookBaseUrl: answers.BOOK_BASE_URL?.value ?? null,
      bookSelection: selectionOf(answers),
      ...enrichmentSettings(session),
      skipIndex: !isIndexing(state, flags) || book?.docsDir == null,
      noIndex: flags.noIndex,
      frontend: project === null ? 'skip' : 'set',
      apiUrl: flags.apiUrl ?? null,
      payloadDir: runtime.payloadDir,
      frontendVariable: defaultFrontendVariable,
      adopt: isSpaceNamed,
      limits: { ...limitsUntilNow(state), ...limitsIn(runtime), ...retentionLimits(state) },
      proposesLimits: state.isInteractive,
      version: runtime.version,
      ...(flags.browser && { browser: { chromium: findChromium(runtime) } }),
      ...(existingSecrets != null && existingSecrets.services.length > 0 && { existingSecrets }),
      ...frontendSettings(session, state),
      ...(origins.length > 0 && { removedOrigins: origins }),
    },
  };
}

/** The server's own key beside that of this run, where the run makes both. */
function withServerKey(credentials: Credentials, { qdrantServerKey }: DeployState): Credentials {
  const { qdrant }: Partial<Credentials> = credentials;
  if (qdrant === undefined || qdrantServerKey === undefined) return credentials;
  return { ...credentials, qdrant: { ...qdrant, serverKey: qdrantServerKey } };
}

/** The limits that the environment names. Throws Failure `limit-invalid` (usage). */
export function limitsIn({ env }: Pick<Runtime, 'env'>): Partial<Record<LimitName, string>> {
  const limits = limitNames.flatMap((name) => {
    // A question's answer, never the environment's.
    if (name === 'CHAT_RETENTION_UNNAMED') return [];
    const value = env[name]?.trim() ?? '';
    return value === '' ? [] : [[name, value] as const];
  });
  const invalid = limits.find(([, value]) => !/^\d{1,9}$/.test(value));
  if (invalid === undefined) return Object.fromEntries(limits);
  throw new Failure({
    kind: 'usage',
    code: 'limit-invalid',
    message: `${invalid[0]} in the environment is no number.`,
    remedy: 'Unset it, or set it to a whole number; 0 is no limit.',
  });
}

/** The server does not start with a log level that it does not know. Throws Failure `log-level-unknown` (usage). */
export function logLevelIn({ env }: Pick<Runtime, 'env'>): string {
  const wanted = env['LOG_LEVEL']?.trim().toLowerCase() || 'info';
  if ((logLevels as readonly string[]).includes(wanted)) return wanted;
  throw new Failure({
    kind: 'usage',
    code: 'log-level-unknown',
    message: 'LOG_LEVEL in the environment is no level that the server knows.',
    remedy: `Unset it, or set it to one of: ${logLevels.join(', ')}.`,
  });
}

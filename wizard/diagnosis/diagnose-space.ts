import { secretNames, type SecretName } from '../../server/contract.ts';
import { classifyStage, describeStage, type StageCategory } from '../hosting/space/space-stage.ts';
import type { Finding } from './finding.ts';
import type { SpaceStatus } from '../deployment/server/space-status.ts';

const service = 'huggingface';

type SpaceLabel = {
  space: string;
  /** Its page at the Hub. */
  page: string;
};

/** What is wrong with a Space, by what the Hub and the server say of it. Pure. */
export function diagnoseSpace(facts: SpaceStatus, about: SpaceLabel): Finding[] {
  return [
    ...visibilityFindings(facts, about),
    ...findStageProblem(facts, about),
    ...healthFindings(facts, about),
    ...settingsFindings(facts, about),
  ];
}

function visibilityFindings({ info }: SpaceStatus, { space, page }: SpaceLabel): Finding[] {
  if (info.sdk != null && info.sdk !== 'docker') {
    const message = `${space} is a ${info.sdk} Space: the server needs a Docker one.`;
    return [{ code: 'space-not-docker', service, message, remedy: 'Deploy to another Space with --space.' }];
  }
  if (info.private !== true) return [];
  const message = `${space} is private: no reader’s browser reaches it.`;
  return [{ code: 'space-private', service, message, remedy: `Make it public on ${page}/settings` }];
}

const stageFindings: Partial<Record<StageCategory, { code: string; remedy: (about: SpaceLabel) => string }>> =
  {
    paused: { code: 'space-paused', remedy: ({ page }) => `Restart it on ${page}/settings` },
    'build-failed': {
      code: 'space-build-failed',
      remedy: ({ page }) => `Run rag-space-setup again: it builds anew. Its log: ${page}?logs=build`,
    },
    crashed: {
      code: 'space-crashed',
      remedy: ({ page }) => `Run rag-space-setup again: it restarts. Its log: ${page}?logs=container`,
    },
    empty: {
      code: 'space-empty',
      remedy: ({ space }) => `Deploy to it: npx rag-space-setup --space ${space}`,
    },
    deleting: { code: 'space-deleted', remedy: () => 'Deploy again once it is gone.' },
  };

function findStageProblem({ stage: word, errorMessage }: SpaceStatus, about: SpaceLabel): Finding[] {
  const ails = stageFindings[classifyStage(word)];
  if (ails === undefined) return [];
  const why = errorMessage == null || errorMessage === '' ? '' : `: ${errorMessage}`;
  const message = `The Space ${about.space} is ${describeStage(word)}${why}.`;
  return [{ code: ails.code, service, message, remedy: ails.remedy(about) }];
}

function healthFindings(facts: SpaceStatus, about: SpaceLabel): Finding[] {
  const { health: report, url: host, stage: word, variables } = facts;
  if (classifyStage(word) !== 'running') return [];
  if (report === null) {
    const message = `${host ?? about.space} runs, but its /api/health is not this server’s.`;
    const remedy = `Look at what it prints: npx rag-space-setup logs --space ${about.space}`;
    return [{ code: 'server-silent', service, message, remedy }];
  }
  const found: Finding[] = [];
  for (const name of report.failed_services ?? []) {
    const state: unknown = report.services?.[name];
    const { error, recommended_action: remedy } = (state ?? {}) as Record<string, string | undefined>;
    found.push({
      code: `service-${name}`,
      service: name === 'qdrant' || name === 'postgres' || name === 'gemini' ? name : service,
      message: `The server does without ${name}: ${error ?? 'it gives no reason'}`,
      remedy: remedy ?? `Look at what it prints: npx rag-space-setup logs --space ${about.space}`,
    });
  }
  const wanted = variables?.['DEPLOYMENT_ID']?.value;
  if (wanted !== undefined && report.deployment_id !== wanted) {
    const message = `The server runs deployment ${report.deployment_id ?? 'none'}, the settings say ${wanted}.`;
    found.push({
      code: 'deployment-outdated',
      service,
      message,
      remedy: `Restart the Space on ${about.page}/settings`,
    });
  }
  return found;
}

/** Qdrant on a network of its own may need no key. */
const requiredSecrets: readonly SecretName[] = ['GEMINI_API_KEY', 'QDRANT_URL', 'DATABASE_URL'];

function settingsFindings({ secrets, variables }: SpaceStatus, { space, page }: SpaceLabel): Finding[] {
  if (secrets === null || variables === null) return [];
  const lacking = requiredSecrets.filter((name) => !(name in secrets) && !(name in variables));
  const isPublic = secretNames.filter((name) => name in variables);
  return [
    ...lacking.map((name) => ({
      code: 'secret-missing',
      service,
      message: `The Space ${space} has no secret ${name}.`,
      remedy: `Run npx rag-space-setup --space ${space}`,
    })),
    ...isPublic.map((name) => ({
      code: 'secret-public',
      service,
      message: `${name} stands among the Space’s variables, which everybody can read.`,
      remedy: `Make a new one at its vendor, then run npx rag-space-setup --space ${space}, which moves it. ${page}/settings`,
    })),
    ...malformedOrigins(variables['ALLOWED_ORIGINS']?.value ?? '').map(({ entry, why, instead }) => ({
      code: 'origin-misspelled',
      service,
      message: `ALLOWED_ORIGINS holds ${entry}: ${why}.`,
      remedy: `Write ${instead} on ${page}/settings`,
    })),
  ].map((one) => ({ ...one, service: 'huggingface' as const }));
}

/** A browser sends scheme, host and port, nothing else: an entry with more, or less, never equals it. */
function malformedOrigins(text: string): { entry: string; why: string; instead: string }[] {
  const entries = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .filter((entry) => entry.trim() !== '');
  return entries.flatMap((raw) => {
    const entry = raw.trim();
    const bare = entry.replaceAll(/["']/g, '');
    if (bare === '*') {
      return [{ entry, why: 'with it any page may use your quota', instead: 'the book’s own origin' }];
    }
    if (bare.includes('*')) return [];
    const url = URL.canParse(bare) ? new URL(bare) : null;
    if (url === null || !/^https?:$/.test(url.protocol)) {
      return [{ entry, why: 'it is no origin', instead: `https://${bare.replace(/^\/+|\/.*$/g, '')}` }];
    }
    if (entry === url.origin) return [];
    return [
      { entry, why: 'an origin is scheme and host only, without quotes, path or slash', instead: url.origin },
    ];
  });
}

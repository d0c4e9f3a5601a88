import { secretNames, type SecretName } from '../../server/contract.ts';
import type { SpaceStatus } from '../deployment/server/space-status.ts';
import { classifyStage, describeStage, type StageCategory } from '../hosting/space/space-stage.ts';
import type { Finding } from './finding.ts';

const service = 'huggingface' as const;

type SpaceLabel = {
  space: string;
  /** Its page at the Hub. */
  page: string;
};

/** What is wrong with a Space, by what the Hub and its server report. Pure. */
export function diagnoseSpace(status: SpaceStatus, about: SpaceLabel): Finding[] {
  return [
    ...visibilityFindings(status, about),
    ...stageFindings(status, about),
    ...healthFindings(status, about),
    ...settingsFindings(status, about),
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

const stageProblems: Partial<Record<StageCategory, { code: string; remedy: (about: SpaceLabel) => string }>> =
  {
    paused: { code: 'space-paused', remedy: ({ page }) => `Restart it on ${page}/settings` },
    'build-failed': {
      code: 'space-build-failed',
      remedy: ({ page }) => `Run rag-space-setup again: it rebuilds. Its log: ${page}?logs=build`,
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

function stageFindings({ stage, errorMessage }: SpaceStatus, about: SpaceLabel): Finding[] {
  const problem = stageProblems[classifyStage(stage)];
  if (problem === undefined) return [];
  const why = errorMessage == null || errorMessage === '' ? '' : `: ${errorMessage}`;
  const message = `The Space ${about.space} is ${describeStage(stage)}${why}.`;
  return [{ code: problem.code, service, message, remedy: problem.remedy(about) }];
}

function healthFindings(status: SpaceStatus, about: SpaceLabel): Finding[] {
  const { health, url, stage, variables } = status;
  if (classifyStage(stage) !== 'running') return [];
  if (health === null) {
    const message = `${url ?? about.space} runs, but its /api/health is not this server’s.`;
    const remedy = `Look at what it prints: npx rag-space-setup logs --space ${about.space}`;
    return [{ code: 'server-silent', service, message, remedy }];
  }
  const findings: Finding[] = [];
  for (const name of health.failed_services ?? []) {
    const state: unknown = health.services?.[name];
    const { error, recommended_action: remedy } = (state ?? {}) as Record<string, string | undefined>;
    findings.push({
      code: `service-${name}`,
      service: name === 'qdrant' || name === 'postgres' || name === 'gemini' ? name : service,
      message: `The server does without ${name}: ${error ?? 'it gives no reason'}`,
      remedy: remedy ?? `Look at what it prints: npx rag-space-setup logs --space ${about.space}`,
    });
  }
  const expected = variables?.['DEPLOYMENT_ID']?.value;
  if (expected !== undefined && health.deployment_id !== expected) {
    const message = `The server runs deployment ${health.deployment_id ?? 'none'}, the settings say ${expected}.`;
    findings.push({
      code: 'deployment-outdated',
      service,
      message,
      remedy: `Restart the Space on ${about.page}/settings`,
    });
  }
  return findings;
}

/** A Qdrant cluster in a private network may need no key. */
const requiredSecrets: readonly SecretName[] = ['GEMINI_API_KEY', 'QDRANT_URL', 'DATABASE_URL'];

function settingsFindings({ secrets, variables }: SpaceStatus, { space, page }: SpaceLabel): Finding[] {
  if (secrets === null || variables === null) return [];
  const missing = requiredSecrets.filter((name) => !(name in secrets) && !(name in variables));
  const isPublic = secretNames.filter((name) => name in variables);
  return [
    ...missing.map((name) => ({
      code: 'secret-missing',
      service,
      message: `The Space ${space} has no secret ${name}.`,
      remedy: `Run npx rag-space-setup --space ${space}`,
    })),
    ...isPublic.map((name) => ({
      code: 'secret-public',
      service,
      message: `${name} is one of the Space’s variables, which everyone can read.`,
      remedy: `Make a new one at its vendor, then run npx rag-space-setup --space ${space}, which moves it. ${page}/settings`,
    })),
    ...malformedOrigins(variables['ALLOWED_ORIGINS']?.value ?? '').map(({ entry, why, instead }) => ({
      code: 'origin-misspelled',
      service,
      message: `ALLOWED_ORIGINS holds ${entry}: ${why}.`,
      remedy: `Write ${instead} on ${page}/settings`,
    })),
  ];
}

/** A browser sends scheme, host and port only, which an entry with more, or less, never equals. */
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

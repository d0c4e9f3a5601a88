import { secretNames, type HealthReport, type SecretName } from '../../server/contract.ts';
import { capitalise } from '../clients/redact.ts';
import type { SpaceStatus } from '../deployment/server/space-status.ts';
import type { Hosting } from '../hosting/hosting.ts';
import { classifyStage, describeStage, type StageCategory } from '../hosting/stage.ts';
import type { Service } from '../model/service.ts';
import type { Finding } from './finding.ts';

type PlaceLabel = Pick<Hosting, 'service' | 'noun' | 'label' | 'flags' | 'page'>;

/** What is wrong with the server's place, by what its vendor and the server report. Pure. */
export function diagnoseSpace(status: SpaceStatus, about: PlaceLabel): Finding[] {
  return [
    ...visibilityFindings(status, about),
    ...stageFindings(status, about),
    ...healthFindings(status, about),
    ...settingsFindings(status, about),
  ];
}

function visibilityFindings({ hidden }: SpaceStatus, { service }: PlaceLabel): Finding[] {
  return hidden === null ? [] : [{ ...hidden, service }];
}

const stageProblems: Partial<Record<StageCategory, { code: string; remedy: (about: PlaceLabel) => string }>> =
  {
    paused: { code: 'space-paused', remedy: ({ page }) => `Restart it on ${page('settings')}` },
    'build-failed': {
      code: 'space-build-failed',
      remedy: ({ page }) => `Run rag-space-setup again: it rebuilds. Its log: ${page('build-log')}`,
    },
    crashed: {
      code: 'space-crashed',
      remedy: ({ page }) => `Run rag-space-setup again: it restarts. Its log: ${page('run-log')}`,
    },
    empty: {
      code: 'space-empty',
      remedy: ({ flags }) => `Deploy to it: npx rag-space-setup ${flags}`,
    },
    deleting: { code: 'space-deleted', remedy: () => 'Deploy again once it is gone.' },
  };

function stageFindings({ stage, errorMessage, hidden }: SpaceStatus, about: PlaceLabel): Finding[] {
  const category = classifyStage(stage);
  const problem = stageProblems[category];
  // What hides it says why it is paused.
  if (problem === undefined || (category === 'paused' && hidden !== null)) return [];
  const why = errorMessage == null || errorMessage === '' ? '' : `: ${errorMessage}`;
  const message = `${capitalise(about.noun)} ${about.label} is ${describeStage(stage)}${why}.`;
  const { service } = about;
  return [{ code: problem.code, service, message, remedy: problem.remedy(about) }];
}

function healthFindings(status: SpaceStatus, about: PlaceLabel): Finding[] {
  const { health, url, stage, variables } = status;
  const { service, flags } = about;
  if (classifyStage(stage) !== 'running') return [];
  if (health === null) {
    const message = `${url ?? about.label} runs, but its /api/health is not this server’s.`;
    const remedy = `Look at what it prints: npx rag-space-setup logs ${flags}`;
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
      remedy: remedy ?? `Look at what it prints: npx rag-space-setup logs ${flags}`,
    });
  }
  findings.push(...allotmentFindings(health, service));
  const expected = variables?.['DEPLOYMENT_ID']?.value;
  if (expected !== undefined && health.deployment_id !== expected) {
    const message = `The server runs deployment ${health.deployment_id ?? 'none'}, the settings say ${expected}.`;
    findings.push({
      code: 'deployment-outdated',
      service,
      message,
      remedy: `Restart ${about.noun} on ${about.page('settings')}`,
    });
  }
  return findings;
}

/** Percent of what a plan allows, from which its owner should know. */
const nearLimit = 50;

function allotmentFindings({ services, failed_services: failed }: HealthReport, service: Service): Finding[] {
  const used: unknown = services?.hosting?.['used_percent'];
  if (typeof used !== 'number' || used < nearLimit || failed?.includes('hosting') === true) return [];
  return [
    {
      code: 'function-near-limit',
      service,
      message: `${used} % of what the plan allows in 30 days is used; at 70 % the server stops itself.`,
      remedy: 'Set a lower CHAT_PER_MINUTE or CHAT_DAILY_BUDGET, or move the server to a paid plan.',
    },
  ];
}

/** A Qdrant cluster in a private network may need no key. */
const requiredSecrets: readonly SecretName[] = ['GEMINI_API_KEY', 'QDRANT_URL', 'DATABASE_URL'];

function settingsFindings({ secrets, variables }: SpaceStatus, about: PlaceLabel): Finding[] {
  const { service, flags, noun, label } = about;
  const page = about.page('settings');
  if (secrets === null || variables === null) return [];
  const missing = requiredSecrets.filter((name) => !(name in secrets) && !(name in variables));
  const isPublic = secretNames.filter((name) => name in variables);
  return [
    ...missing.map((name) => ({
      code: 'secret-missing',
      service,
      message: `${capitalise(noun)} ${label} has no secret ${name}.`,
      remedy: `Run npx rag-space-setup ${flags}`,
    })),
    ...isPublic.map((name) => ({
      code: 'secret-public',
      service,
      message:
        about.service === 'huggingface'
          ? `${name} is one of the Space’s variables, which everyone can read.`
          : `${name} is a plain variable, which everyone with access to the project can read.`,
      remedy: `Make a new one at its vendor, then run npx rag-space-setup ${flags}, which moves it. ${page}`,
    })),
    ...malformedOrigins(variables['ALLOWED_ORIGINS']?.value ?? '').map(({ entry, why, instead }) => ({
      code: 'origin-misspelled',
      service,
      message: `ALLOWED_ORIGINS holds ${entry}: ${why}.`,
      remedy: `Write ${instead} on ${page}`,
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

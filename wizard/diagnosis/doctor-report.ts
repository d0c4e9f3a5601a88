import { oneLine } from '../clients/redact.ts';
import { containsSecret } from '../model/leak-check.ts';
import type { RunEvent } from '../model/run/event.ts';
import { Failure } from '../model/failure.ts';
import type { JournalEntry } from '../model/run/journal.ts';
import { hideSecrets } from '../model/secret.ts';
import { lastFailure, type FailureRecord } from '../run/last-failure.ts';
import type { Finding } from './finding.ts';
import type { SpaceStatus } from '../deployment/server/space-status.ts';
import type { Session } from '../model/runtime.ts';

/** What a doctor's look brought together, as far as it came. */
export type ReportInput = {
  space: string | null;
  entries: readonly JournalEntry[];
  status: SpaceStatus | null;
  findings: readonly Finding[];
  completedSteps: readonly string[];
};

/** Journal entries that are shown, the newest. */
const maxEntries = 20;

/**
 * Says a report to be pasted into an issue, a line each: no secret, no host of a cluster or database, no path.
 * Throws Failure `report-withheld` (a bug of ours) rather than show one that the canary finds something in.
 */
export async function emitReport(session: Session, examined: ReportInput): Promise<void> {
  const { runtime, emit } = session;
  const failed = await lastFailure({ stateDir: runtime.stateDir });
  const lines = reportLines({ ...examined, failed, runtime }).map((text) => cleanLine(text, runtime.home));
  const whole = lines.join('\n');
  if (containsSecret(whole) || hideSecrets(whole) !== whole) throw reportWithheld();
  const say = (text: string): void => emit({ type: 'log', source: 'report', text } satisfies RunEvent);
  for (const text of lines) say(text);
}

/** The report before it is cleaned. Pure. */
function reportLines(
  of: ReportInput & {
    failed: FailureRecord | null;
    runtime: Pick<Session['runtime'], 'version' | 'platform'>;
  },
): string[] {
  const { space, entries, status: facts, findings, completedSteps: heard, failed, runtime } = of;
  return [
    '### rag-space-setup report',
    `- version ${runtime.version}, Node ${process.version}, ${runtime.platform}`,
    `- Space ${space ?? 'unknown'}${facts === null ? ', not seen' : `: ${facts.stage}, ${facts.info.private === true ? 'private' : 'public'}`}`,
    ...(facts?.errorMessage ? [`- the Hub says: ${facts.errorMessage}`] : []),
    ...healthLines(facts),
    ...heard.map((text) => `- ${text}`),
    '',
    '#### Findings',
    ...(findings.length === 0 ? ['- none'] : findings.map(({ code, message }) => `- ${code}: ${message}`)),
    '',
    '#### The last run that failed here',
    ...failureLines(failed),
    '',
    '#### Journal',
    ...(entries.length === 0 ? ['- none on this machine'] : entries.slice(-maxEntries).map(entryLine)),
  ];
}

function healthLines(facts: SpaceStatus | null): string[] {
  const { health = null, variables = null } = facts ?? {};
  if (health === null) return ['- health: no answer, or not asked'];
  const wanted = variables?.['DEPLOYMENT_ID']?.value ?? 'not read';
  const states = Object.entries(health.services ?? {}).flatMap(([name, state]) => {
    if (typeof state !== 'object' || state === null) return [];
    const { status, error } = state as { status?: string; error?: string };
    return [`- ${name}: ${status ?? 'unknown'}${error === undefined ? '' : `, ${error}`}`];
  });
  return [
    `- health: ${health.status}, server ${health.version ?? 'unknown'}, deployment ${health.deployment_id ?? 'none'}, settings ${wanted}`,
    ...states,
  ];
}

function failureLines(failed: FailureRecord | null): string[] {
  if (failed === null) return ['- none'];
  const { at, version, command, exitCode, failure, heard, trace } = failed;
  return [
    `- ${command} at ${at}, version ${version}, exit ${exitCode}`,
    `- ${failure.kind} ${failure.code}${failure.service === null ? '' : ` (${failure.service})`}: ${failure.message}`,
    `- remedy given: ${failure.remedy}`,
    ...(trace === null ? [] : [`- request ${trace}`]),
    ...heard.map((text) => `- ${text}`),
  ];
}

/** A cluster's address is a secret of the Space: the place of a collection is not told. */
function entryLine({ at, step, type, change, thing, id, place }: JournalEntry): string {
  return `- ${at} ${step} ${type}: ${change} ${thing} ${id}${thing === 'collection' ? '' : ` in ${place}`}`;
}

/** Hosts that are nobody else's business, and folders that name a person. */
const privateHosts =
  /\b[\w.-]+\.(?:cloud\.qdrant\.io|neon\.tech|aws\.neon\.tech|supabase\.(?:co|com)|rds\.amazonaws\.com)(?::\d+)?/gi;

function cleanLine(text: string, home: string): string {
  const known = hideSecrets(text).replaceAll(privateHosts, '[host]');
  const bare = home.length > 1 ? known.replaceAll(home, '~') : known;
  return oneLine(bare, 500);
}

function reportWithheld(): Failure {
  return new Failure({
    kind: 'bug',
    code: 'report-withheld',
    message: 'The report is not shown: something in it looks like a secret.',
    remedy: 'Describe what happened in your own words, and say that the report was withheld.',
  });
}

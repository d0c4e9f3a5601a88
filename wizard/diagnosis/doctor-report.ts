import { oneLine } from '../clients/redact.ts';
import type { SpaceStatus } from '../deployment/server/space-status.ts';
import { Failure } from '../model/failure.ts';
import { containsSecret } from '../model/leak-check.ts';
import type { RunEvent } from '../model/run/event.ts';
import type { JournalEntry } from '../model/run/journal.ts';
import type { Session } from '../model/runtime.ts';
import { hideSecrets } from '../model/secret.ts';
import { lastFailure, type FailureRecord } from '../run/last-failure.ts';
import type { Finding } from './finding.ts';

/** What `doctor` has found out, as far as it got. */
export type ReportInput = {
  space: string | null;
  entries: readonly JournalEntry[];
  status: SpaceStatus | null;
  findings: readonly Finding[];
  completedSteps: readonly string[];
};

/** The newest journal entries are shown. */
const maxEntries = 20;

/**
 * Emits a report to be pasted into an issue, line by line: no secret, no host of a cluster or database, no path.
 *
 * @throws Failure `report-withheld` (a bug of ours) rather than show a report in which the leak check finds something.
 */
export async function emitReport(session: Session, input: ReportInput): Promise<void> {
  const { runtime, emit } = session;
  const failure = await lastFailure({ stateDir: runtime.stateDir });
  const lines = reportLines({ ...input, failure, runtime }).map((text) => cleanLine(text, runtime.home));
  const whole = lines.join('\n');
  if (containsSecret(whole) || hideSecrets(whole) !== whole) throw reportWithheld();
  for (const text of lines) emit({ type: 'log', source: 'report', text } satisfies RunEvent);
}

/** The report before it is cleaned. Pure. */
function reportLines(
  report: ReportInput & {
    failure: FailureRecord | null;
    runtime: Pick<Session['runtime'], 'version' | 'platform'>;
  },
): string[] {
  const { space, entries, status, findings, completedSteps, failure, runtime } = report;
  return [
    '### rag-space-setup report',
    `- version ${runtime.version}, Node ${process.version}, ${runtime.platform}`,
    `- Space ${space ?? 'unknown'}${status === null ? ', not seen' : `: ${status.stage}, ${status.isPublic ? 'public' : 'private'}`}`,
    ...(status?.errorMessage ? [`- the Hub says: ${status.errorMessage}`] : []),
    ...healthLines(status),
    ...completedSteps.map((text) => `- ${text}`),
    '',
    '#### Findings',
    ...(findings.length === 0 ? ['- none'] : findings.map(({ code, message }) => `- ${code}: ${message}`)),
    '',
    '#### The last run that failed here',
    ...failureLines(failure),
    '',
    '#### Journal',
    ...(entries.length === 0 ? ['- none on this machine'] : entries.slice(-maxEntries).map(entryLine)),
  ];
}

function healthLines(status: SpaceStatus | null): string[] {
  const { health = null, variables = null } = status ?? {};
  if (health === null) return ['- health: no answer, or not asked'];
  const expected = variables?.['DEPLOYMENT_ID']?.value ?? 'not read';
  const services = Object.entries(health.services ?? {}).flatMap(([name, state]) => {
    if (typeof state !== 'object' || state === null) return [];
    const { status: word, error } = state as { status?: string; error?: string };
    return [`- ${name}: ${word ?? 'unknown'}${error === undefined ? '' : `, ${error}`}`];
  });
  return [
    `- health: ${health.status}, server ${health.version ?? 'unknown'}, deployment ${health.deployment_id ?? 'none'}, settings ${expected}`,
    ...services,
  ];
}

function failureLines(record: FailureRecord | null): string[] {
  if (record === null) return ['- none'];
  const { at, version, command, exitCode, failure, heard: completedSteps, trace } = record;
  return [
    `- ${command} at ${at}, version ${version}, exit ${exitCode}`,
    `- ${failure.kind} ${failure.code}${failure.service === null ? '' : ` (${failure.service})`}: ${failure.message}`,
    `- remedy given: ${failure.remedy}`,
    ...(trace === null ? [] : [`- request ${trace}`]),
    ...completedSteps.map((text) => `- ${text}`),
  ];
}

/** Without the place of a collection, because a cluster's address is a secret of the Space. */
function entryLine({ at, step, type, change, thing, id, place }: JournalEntry): string {
  return `- ${at} ${step} ${type}: ${change} ${thing} ${id}${thing === 'collection' ? '' : ` in ${place}`}`;
}

/** Hosts of the user's clusters and databases. */
const privateHosts =
  /\b[\w.-]+\.(?:cloud\.qdrant\.io|neon\.tech|aws\.neon\.tech|supabase\.(?:co|com)|rds\.amazonaws\.com)(?::\d+)?/gi;

/** Also without the home folder, which often has the user's name in it. */
function cleanLine(text: string, home: string): string {
  const clean = hideSecrets(text).replaceAll(privateHosts, '[host]');
  return oneLine(home.length > 1 ? clean.replaceAll(home, '~') : clean, 500);
}

function reportWithheld(): Failure {
  return new Failure({
    kind: 'bug',
    code: 'report-withheld',
    message: 'The report is not shown: something in it looks like a secret.',
    remedy: 'Describe what happened in your own words, and say that the report was withheld.',
  });
}

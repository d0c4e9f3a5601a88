import { environmentPreferences } from '../interview/credentials/credential-questions.ts';
import { secretNames } from '../../server/contract.ts';
import { resolveBookLocation, parseSiteUrl } from '../model/formats/book-location.ts';
import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import type { RunEvent } from '../model/run/event.ts';
import { exitCodes, Failure } from '../model/failure.ts';
import type { JournalEntry } from '../model/run/journal.ts';
import { emptyReport, foldReport } from '../model/run/report.ts';
import type { ProbePreferences } from '../probes/probe-service.ts';
import { describeCollection } from '../deployment/book/collection.ts';
import type { SpaceContext } from '../deployment/context.ts';
import { hostingOf } from '../hosting/hosting-of.ts';
import { describeSite } from '../deployment/book/locate-book.ts';
import { isCurrentSecret, currentFingerprint, type NewSecrets } from '../hosting/hosted-settings.ts';
import { classifyStage } from '../hosting/stage.ts';
import type { CommandResult } from '../model/run/command-result.ts';
import { unclaimedHere } from '../interview/provisioning/unclaimed-here.ts';
import { diagnoseWorkflow } from '../diagnosis/diagnose-workflow.ts';
import { diagnoseCollection } from '../diagnosis/diagnose-collection.ts';
import { diagnoseDatabases } from '../diagnosis/diagnose-database.ts';
import { diagnoseFolder } from '../diagnosis/diagnose-folder.ts';
import { diagnoseFrontend } from '../diagnosis/diagnose-frontend.ts';
import { diagnoseModels } from '../diagnosis/diagnose-models.ts';
import { diagnoseSpace } from '../diagnosis/diagnose-space.ts';
import { secretsToCompare, checkGivenKeys } from '../diagnosis/check-keys.ts';
import type { Finding } from '../diagnosis/finding.ts';
import { readFrontendStatus } from '../deployment/frontend/frontend-status.ts';
import { readCommandInputs, type CommandInputs } from '../deployment/command-inputs.ts';
import { emitReport, type ReportInput } from '../diagnosis/doctor-report.ts';
import { clusterFindings, clusterReports, offerClusterRemedies } from '../diagnosis/cluster-findings.ts';
import { readOnlyContext, readSpaceStatus, type SpaceStatus } from '../deployment/server/space-status.ts';
import { preferencesOf } from '../diagnosis/space-models.ts';
import { findProjectFile } from '../project-file/find-project-file.ts';
import { chooseSpace } from '../interview/targets/choose-space.ts';
import type { Session } from '../model/runtime.ts';

/**
 * Looks at everything that can be looked at with what was given: at the least the Space’s name. Changes nothing.
 * With `--report` it ends with what can be pasted into an issue, however far it came. Throws Failure `findings`
 * (exit 1) when something is wrong; each finding is a notice before that.
 */
export async function doctor(session: Session): Promise<CommandResult> {
  let examined: ReportInput = { space: null, entries: [], status: null, findings: [], completedSteps: [] };
  let report = emptyReport;
  const learn = (more: Partial<ReportInput>): void => {
    examined = { ...examined, ...more };
  };
  const emit = (event: RunEvent): void => {
    report = foldReport(report, event);
    session.emit(event);
  };
  try {
    return await examine({ ...session, emit }, learn);
  } finally {
    if (session.flags.report && !session.runtime.signal.aborted)
      await emitReport(session, { ...examined, completedSteps: report.completedSteps });
  }
}

async function examine(
  session: Session,
  learn: (more: Partial<ReportInput>) => void,
): Promise<CommandResult> {
  const opening = await readCommandInputs(session);
  const { space, entries } = await chooseSpace(session, opening.answers);
  learn({ space, entries });
  const answers: Answers = {
    ...opening.answers,
    HF_SPACE: { value: space, source: 'doctor', cleaned: [] },
  };
  const findings: Finding[] = [];
  const tell = (added: readonly Finding[]): void => {
    findings.push(...added);
    learn({ findings });
    for (const { code, message, remedy } of added) session.emit({ type: 'notice', code, message, remedy });
  };
  // The Space says first what the other keys have to fit.
  const preferences = { ...environmentPreferences(session), clusterUse: 'read' } as const;
  const about = { inputs: opening, answers, preferences };
  const owner = await checkGivenKeys(session, { ...about, only: (service) => service === 'huggingface' });
  tell(owner.findings);
  const context = readOnlyContext(session, {
    inputs: opening,
    space,
    answers: trusted(answers, owner.accepted),
  });
  const facts = await readSpaceStatus(context).catch((error: unknown) => error as Error);
  const seen = facts instanceof Error ? null : facts;
  learn({ status: seen });
  const wanted = seen?.variables ? preferencesOf({ variables: seen.variables }) : about.preferences;
  const others = await checkGivenKeys(session, {
    ...about,
    preferences: wanted,
    only: (service) => service !== 'huggingface',
  });
  tell(others.findings);
  const unclaimed = await unclaimedHere(session, opening.http);
  tell(diagnoseDatabases(unclaimed, { now: session.runtime.now() }));
  const clusters = await clusterReports(session, opening);
  tell(await folderFindings(session, opening));
  const project = await findProjectFile(session.runtime.cwd);
  tell(diagnoseWorkflow(project?.content ?? null, { now: session.runtime.now() }));
  const settings =
    seen?.secrets && seen.variables ? { secrets: seen.secrets, variables: seen.variables } : null;
  const { qdrant } = others.accepted;
  tell(clusterFindings(session, { reports: clusters, place: context, settings, qdrant }));
  await offerClusterRemedies(session, clusters);
  if (facts instanceof Error) throw facts;
  tell(diagnoseSpace(facts, hostingOf(context)));
  tell(diagnoseModels(others.accepted.gemini, wanted));
  tell(await collectionFindings(session, { facts, wanted, qdrant: others.accepted.qdrant }));
  const isSound = findings.length === 0 && facts.health !== null;
  tell(await frontendFindings(session, { opening, entries, facts, isSound }));
  sayRemarks(session, { context, facts, given: secretsToCompare(others.accepted) });
  if (findings.length > 0) throw failureOf(findings);
  session.emit({
    type: 'notice',
    code: 'no-findings',
    state: 'good',
    message: 'Nothing is wrong in what was looked at.',
    remedy: '',
  });
  const health = facts.health?.status ?? 'unknown';
  return { deployment: { space, url: facts.url, health, frontend: null }, exitCode: exitCodes.done };
}

/** A token that was refused is not used to look further. */
function trusted(answers: Answers, { huggingface }: Partial<Credentials>): Answers {
  const { HF_TOKEN: _, ...others } = answers;
  if (huggingface === undefined) return others;
  return { ...others, HF_TOKEN: { value: huggingface.token, source: 'accepted', cleaned: [] } };
}

async function collectionFindings(
  { runtime }: Session,
  options: { facts: SpaceStatus; wanted: ProbePreferences; qdrant: Credentials['qdrant'] | undefined },
): Promise<Finding[]> {
  const { facts, wanted, qdrant } = options;
  if (qdrant === undefined) return [];
  const { fetch, signal, sleep } = runtime;
  const { collection } = wanted;
  const { variables, health } = facts;
  const isServed = health !== null && !(health.failed_services ?? []).includes('qdrant');
  try {
    const state = await describeCollection({ credentials: { qdrant }, fetch, signal, sleep }, collection);
    return diagnoseCollection(state, { collection, variables, isServed });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, remedy } = error;
    return [{ code, service: 'qdrant', message, remedy }];
  }
}

async function frontendFindings(
  session: Session,
  options: {
    opening: CommandInputs;
    entries: readonly JournalEntry[];
    facts: SpaceStatus;
    isSound: boolean;
  },
): Promise<Finding[]> {
  const { opening, entries, facts } = options;
  const { url: host } = facts;
  const frontend = await readFrontendStatus(session, { inputs: opening, entries });
  if (frontend.type === 'unknown') {
    const { code, why, remedy } = frontend;
    if (code !== 'vercel-wrong-team') {
      session.emit({ type: 'notice', code: 'not-looked-at', message: why, remedy: '' });
      return [];
    }
    return [{ code, service: 'vercel', message: why, remedy }];
  }
  if (host === null) return [];
  const { signal } = session.runtime;
  const site = await describeSite({ ...bookFolder(session, opening), signal });
  const baseUrl = site?.baseUrl ?? '/';
  const isAwake = classifyStage(facts.stage) !== 'asleep';
  const { isSound } = options;
  return diagnoseFrontend(frontend, {
    serverUrl: host,
    isAwake,
    isHealthy: isSound,
    baseUrl,
    http: opening.http,
    signal,
  });
}

/** Only of a folder that holds the book: in any other there is nothing of ours to find. */
async function folderFindings(session: Session, opening: CommandInputs): Promise<Finding[]> {
  const { signal } = session.runtime;
  const folder = bookFolder(session, opening);
  if (parseSiteUrl(folder.dir) !== null || (await describeSite({ ...folder, signal })) === null) return [];
  return diagnoseFolder({ dir: folder.dir, signal });
}

function bookFolder(
  { runtime, flags }: Session,
  { answers }: CommandInputs,
): { dir: string; named: boolean } {
  const dir = resolveBookLocation({ cwd: runtime.cwd, typed: answers.DOCS_DIR?.value ?? '.' });
  return { dir, named: flags.docs !== null };
}

/** Worth knowing, with nothing to fix. */
function sayRemarks(
  { emit }: Session,
  { context, facts, given: secrets }: { context: SpaceContext; facts: SpaceStatus; given: NewSecrets },
): void {
  const say = (code: string, message: string): void => emit({ type: 'notice', code, message, remedy: '' });
  if (classifyStage(facts.stage) === 'asleep')
    say(
      'space-asleep',
      'The Space sleeps, which is normal: the next visitor wakes it. Its health was not asked.',
    );
  if (classifyStage(facts.stage) === 'in-progress')
    say('space-building', 'The server is being built or started: look again in a few minutes.');
  if (facts.secrets === null || facts.variables === null) {
    say('not-looked-at', 'The server’s settings were not looked at: no token that may.');
    return;
  }
  const current = { secrets: facts.secrets, variables: facts.variables };
  for (const name of secretNames) {
    const secret = secrets[name];
    const mark = currentFingerprint(current, name);
    if (
      secret === undefined ||
      mark === null ||
      isCurrentSecret(context, { settings: current, name, secret })
    )
      continue;
    say(
      'differs-from-space',
      `${name} here is not the server’s (${mark}): rotate it, if yours is the new one.`,
    );
  }
}

function failureOf(findings: readonly Finding[]): Failure {
  const [first] = findings;
  return new Failure({
    code: 'findings',
    service: first?.service ?? null,
    message: findings.length === 1 ? '1 thing is wrong.' : `${findings.length} things are wrong.`,
    remedy: 'Fix the first one and run doctor again: it often fixes others.',
  });
}

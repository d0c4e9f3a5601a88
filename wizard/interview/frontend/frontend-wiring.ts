import type { RunContext } from '../../deployment/context.ts';
import { defaultWiring, type FrontendWiring } from '../../deployment/run-settings.ts';
import { serverUrl } from '../../deployment/server/server-url.ts';
import type {
  ApiUrlDetection,
  ApiUrlFinding,
  OtherRequest,
} from '../../frontend/detect-api-url/api-url-detection.ts';
import { rewritesFile } from '../../frontend/wiring/add-rewrite.ts';
import { isSiteConfig } from '../../frontend/wiring/docusaurus-config.ts';
import { hasChatLine, loaderName, planChat } from '../../frontend/wiring/plan-chat.ts';
import { planWiring } from '../../frontend/wiring/plan-wiring.ts';
import type { WiringPlan } from '../../frontend/wiring/wiring-plan.ts';
import type { Session } from '../../model/runtime.ts';
import { findingIn, findingUnclear } from './frontend-source.ts';
import type { AddressMove, FrontendSource, FrontendState, ProposedWiring } from './frontend-state.ts';
import { offerChange } from './offer-change.ts';
import { addressShared, lostRequests } from './shared-address.ts';
import { leaveAlone, wiringFromPages, withoutDetection } from './wiring-from-pages.ts';

type WiringInputs = { context: RunContext; source: FrontendSource; state: FrontendState };

/**
 * How the frontend gets the server's URL: by its source, else by the pages that are deployed. Emits what was found.
 * Throws Failure `frontend-unclear` where the user cannot choose, and `frontend-files-dirty`.
 */
export async function proposeWiring(session: Session, inputs: WiringInputs): Promise<ProposedWiring> {
  const { source } = inputs;
  const finding = source.detection === null ? null : chosenFinding(session, inputs, source.detection);
  for (const { name, location, reason } of source.detection?.decoys ?? []) {
    const message = `${location.file}:${location.line} mentions ${name}; ${reason}.`;
    session.emit({ type: 'notice', code: 'frontend-decoy', message, remedy: '' });
  }
  if (source.detection === null || source.folder === null) return wiringFromPages(session, inputs);
  if (finding !== null) return wiringFrom(session, { ...inputs, finding, dir: source.folder.dir });
  const { variable, wiring } = withoutDetection(inputs);
  if (session.flags.frontendVariable !== null) return { variable, wiring, change: null, isOffered: false };
  // The book's folder need not be where its site comes from.
  const isGiven = session.flags.frontend !== null;
  const { refusal } = source.detection;
  const offer = () => offerChat(session, { ...inputs, dir: source.folder?.dir ?? '' });
  if (refusal === null && hasChatLine(source.files)) return offer();
  if (refusal === null && !isGiven) return wiringFromPages(session, { ...inputs, offer });
  if (refusal === null) return offer();
  const { why, place, instead } = refusal;
  const location = place === null ? '' : ` (${place.file}:${place.line})`;
  return leaveAlone(session, { ...inputs, why: `${why}${location}`, remedy: instead });
}

/** A site that asks no server is offered the server's own chat. */
async function offerChat(session: Session, inputs: WiringInputs & { dir: string }): Promise<ProposedWiring> {
  const { context, source, dir } = inputs;
  const { files, detection } = source;
  const { variable, wiring } = withoutDetection(inputs);
  const framework = detection?.framework ?? 'unknown';
  const plan = planChat({ files, framework, api: await serverUrl(context) });
  const places = [...files.keys()].filter((path) => isSiteConfig(path) || path.endsWith(loaderName));
  const own = { ...wiring, hasWidget: true, dir, files: places };
  if (plan.type === 'change') return offerChange(session, { plan, files, dir, variable, wiring: own });
  if (hasChatLine(files)) return { variable, wiring: own, change: null, isOffered: false };
  const why = 'no page of the site has a chat that asks a server';
  return leaveAlone(session, {
    ...inputs,
    why,
    remedy: `Give it one with one line (docs/widget.md); ${plan.reason}`,
  });
}

function chosenFinding(
  { flags }: Session,
  { state, source }: WiringInputs,
  detection: ApiUrlDetection,
): ApiUrlFinding | null {
  const finding = findingIn(detection, flags.frontendVariable);
  if (finding !== 'unclear') return finding;
  const index = state.chosenFinding?.on === source ? state.chosenFinding.value : null;
  if (index === null) throw findingUnclear(detection.findings);
  return detection.findings[index] ?? detection.findings[0] ?? null;
}

async function wiringFrom(
  session: Session,
  inputs: WiringInputs & { finding: ApiUrlFinding; dir: string },
): Promise<ProposedWiring> {
  const { context, source, finding, dir } = inputs;
  const { files, detection } = source;
  if (detection === null) return wiringFromPages(session, inputs);
  reportFinding(session, finding);
  reportLoginCheck(session, detection);
  const isSameOrigin = finding.mechanism === 'same-origin';
  const api = isSameOrigin ? await serverUrl(context) : null;
  const lost = lostRequests(detection, finding);
  const move = moveOf(inputs, lost);
  if (move === 'none')
    return leaveAlone(session, { ...inputs, why: 'other requests go to its address too', remedy: '' });
  const isChatOnly = move === 'chat';
  const plan = planWiring({ files, detection, finding, api, isChatOnly });
  if (isChatOnly) assertMovable(session, { inputs, lost, plan });
  const paths = [
    finding.location.file,
    ...finding.evidence.map(({ file }) => file),
    ...(isSameOrigin ? [rewritesFile] : []),
  ];
  const wiring: FrontendWiring = {
    ...defaultWiring,
    path: finding.suffix.path,
    isSameOrigin,
    contract: finding.contract,
    dir,
    files: [...new Set(paths)].filter((file) => files.has(file)),
  };
  const variable = finding.variable ?? context.settings.frontendVariable;
  if (plan.type === 'change') return offerChange(session, { plan, files, dir, variable, wiring });
  if (isChatOnly && plan.type === 'none')
    return leaveAlone(session, { ...inputs, why: plan.reason, remedy: '' });
  const isNamed = session.flags.frontendVariable !== null;
  if (!finding.reachesPages && !isNamed && !isSameOrigin)
    return leaveAlone(session, { ...inputs, why: plan.reason, remedy: '' });
  return { variable, wiring, change: null, isOffered: false };
}

/** Where nothing else goes to the chat's address, all of it moves. */
function moveOf({ source, state }: WiringInputs, lost: readonly OtherRequest[]): AddressMove {
  if (lost.length === 0) return 'all';
  return state.chosenMove?.on === source ? state.chosenMove.value : 'chat';
}

/** Where no one can be asked, the chat's request is moved alone or nothing is done. */
function assertMovable(
  { flags, emit }: Session,
  {
    inputs: { source, state },
    lost,
    plan,
  }: { inputs: WiringInputs; lost: readonly OtherRequest[]; plan: WiringPlan },
): void {
  const isChosen = state.chosenMove?.on === source;
  if (isChosen || (plan.type === 'change' && flags.writeFrontend)) return;
  if (plan.type === 'change') emit({ type: 'notice', code: 'frontend-diff', message: plan.diff, remedy: '' });
  throw addressShared(lost, {
    why: plan.type === 'none' ? plan.reason : null,
    canBeWritten: plan.type === 'change',
  });
}

function reportFinding(
  { emit }: Session,
  { location, mechanism, variable, suffix, reachesPages }: ApiUrlFinding,
): void {
  const by = variable === null ? '' : ` by ${variable}`;
  const gap = reachesPages || mechanism === 'same-origin' ? '' : '; without a change, no variable gets there';
  const message = `The frontend finds its server${by} (${mechanism}, ${location.file}:${location.line}: ${location.text}), as ${describeUrlSuffix(suffix.path)}: ${suffix.reason}${gap}.`;
  emit({ type: 'notice', code: 'frontend-found', message, remedy: '' });
}

function reportLoginCheck({ emit }: Session, { loginCheck }: ApiUrlDetection): void {
  if (loginCheck === null) return;
  const { file, line, text } = loginCheck;
  emit({
    type: 'notice',
    code: 'frontend-login',
    message: `Readers must log in before the chat opens (${file}:${line}: ${text}), at a server that is not touched.`,
    remedy: 'Open the chat without a login where that server is gone: this one needs none.',
  });
}

function describeUrlSuffix(path: string): string {
  if (path === '') return 'the server’s origin';
  return path === '/api/chat' ? 'the whole address of the chat' : `the server’s origin and ${path}`;
}

import type { RunContext } from '../../deployment/context.ts';
import { defaultWiring, type FrontendWiring } from '../../deployment/run-settings.ts';
import { serverUrl } from '../../deployment/server/server-url.ts';
import type { ApiUrlDetection, ApiUrlFinding } from '../../frontend/detect-api-url/api-url-detection.ts';
import { rewritesFile } from '../../frontend/wiring/add-rewrite.ts';
import { planWiring } from '../../frontend/wiring/plan-wiring.ts';
import type { Session } from '../../model/runtime.ts';
import { findingIn, findingUnclear } from './frontend-source.ts';
import type { FrontendSource, FrontendState, ProposedWiring } from './frontend-state.ts';
import { offerChange } from './offer-change.ts';
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
  const { why, place, instead } = source.detection.refusal ?? noChat;
  const location = place === null ? '' : ` (${place.file}:${place.line})`;
  return leaveAlone(session, { ...inputs, why: `${why}${location}`, remedy: instead });
}

const noChat = {
  why: 'no page of the site has a chat that asks a server',
  instead: 'Name the variable that a chat of yours uses with --frontend-variable NAME.',
  place: null,
};

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
  const isSameOrigin = finding.mechanism === 'same-origin';
  const plan = planWiring({ files, detection, finding, api: isSameOrigin ? await serverUrl(context) : null });
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
  const isNamed = session.flags.frontendVariable !== null;
  if (!finding.reachesPages && !isNamed && !isSameOrigin)
    return leaveAlone(session, { ...inputs, why: plan.reason, remedy: '' });
  return { variable, wiring, change: null, isOffered: false };
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

function describeUrlSuffix(path: string): string {
  if (path === '') return 'the server’s origin';
  return path === '/api/chat' ? 'the whole address of the chat' : `the server’s origin and ${path}`;
}

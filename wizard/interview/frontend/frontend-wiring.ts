import type { RunContext } from '../../deployment/context.ts';
import { frontendOrigins } from '../../deployment/frontend/allowed-origins.ts';
import { productionVariable } from '../../deployment/frontend/frontend-variable.ts';
import { defaultWiring, type FrontendWiring } from '../../deployment/run-settings.ts';
import { serverUrl } from '../../deployment/server/server-url.ts';
import type { ApiUrlDetection, ApiUrlFinding } from '../../frontend/detect-api-url/api-url-detection.ts';
import { detectInBundle } from '../../frontend/proof/detect-in-bundle.ts';
import { readPage } from '../../frontend/proof/read-page.ts';
import { rewritesFile } from '../../frontend/wiring/add-rewrite.ts';
import { planWiring } from '../../frontend/wiring/plan-wiring.ts';
import type { Session } from '../../model/runtime.ts';
import { findingIn, findingUnclear } from './frontend-source.ts';
import type { FrontendSource, FrontendState, ProposedWiring } from './frontend-state.ts';
import { projectVariables } from './frontend-targets.ts';
import { offerChange } from './offer-change.ts';

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
  if (finding === null) reportRefusal(session, source.detection);
  return finding === null || source.folder === null
    ? readPages(session, inputs)
    : wiringFrom(session, { ...inputs, finding, dir: source.folder.dir });
}

/** Says why the source has no chat that can be wired, with the way that works. */
function reportRefusal({ emit, flags }: Session, detection: ApiUrlDetection | null): void {
  const refusal = detection?.refusal ?? null;
  if (refusal === null || flags.frontendVariable !== null) return;
  const { why, place, instead } = refusal;
  const location = place === null ? '' : ` (${place.file}:${place.line})`;
  emit({
    type: 'notice',
    code: 'frontend-not-wired',
    message: `The frontend was left as it is: ${why}${location}.`,
    remedy: instead,
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
  if (detection === null) return readPages(session, inputs);
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
  if (!finding.reachesPages) {
    const message = `The frontend was left as it is: ${plan.reason}.`;
    session.emit({ type: 'notice', code: 'frontend-not-wired', message, remedy: '' });
  }
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

/** Without a source that tells: the deployed pages and the project's variables. Pages that cannot be read are no failure. */
async function readPages(session: Session, { context, source }: WiringInputs): Promise<ProposedWiring> {
  const { settings, target, http, signal } = context;
  const wiring: FrontendWiring = { ...defaultWiring, dir: source.folder?.dir ?? null };
  const unknown = { variable: settings.frontendVariable, wiring, change: null, isOffered: false };
  const { projectId } = target;
  const { main } = await frontendOrigins(context);
  if (projectId === null || main === null || session.flags.frontendVariable !== null) return unknown;
  const [page, variables] = await Promise.all([
    readPage({ url: `${main}/`, http, signal }).catch(() => null),
    projectVariables(context, projectId),
  ]);
  signal.throwIfAborted();
  if (page === null) return unknown;
  const names = [...new Set(variables.map(({ key }) => key))];
  const readable = names.flatMap((key) => {
    const variable = productionVariable(variables, key);
    if (variable === null) return [];
    return [{ key, value: variable.type === 'plain' ? (variable.value ?? null) : null }];
  });
  const { variable, path } = detectInBundle({ page, variables: readable });
  return { ...unknown, variable, wiring: { ...wiring, path } };
}

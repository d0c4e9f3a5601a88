import { parsesCompletely, type SourceTexts } from '../../../javascript/source-file.ts';
import type { ApiUrlDetection, ApiUrlFinding } from '../detect-api-url/api-url-detection.ts';
import { detectApiUrl } from '../detect-api-url/detect-api-url.ts';
import { isSecretName } from '../variable-names.ts';
import { planChatRequest } from './plan-chat-request.ts';
import { planDefine } from './plan-define.ts';
import { planLiteralReplacement } from './plan-literal-replacement.ts';
import { planRewrite } from './plan-rewrite.ts';
import { noChange, type WiringPlan } from './wiring-plan.ts';

/**
 * Plans the change that a finding needs; writes nothing. `api` is the server's origin, or null while it is unknown:
 * only a rewrite needs it, and is then shown with `PLACEHOLDER_URL` in its place.
 */
export function planWiring({
  files,
  detection,
  finding,
  api,
  isChatOnly = false,
}: {
  files: SourceTexts;
  detection: ApiUrlDetection;
  finding: ApiUrlFinding;
  api: string | null;
  /** Moves the chat's request alone, where other requests go to the same base. */
  isChatOnly?: boolean;
}): WiringPlan {
  if (isChatOnly) return verifyPlan(files, planChatRequest({ files, detection, finding }), { isChatOnly });
  if (finding.reachesPages) return noChange('its variable already reaches the pages');
  if (finding.variable !== null && isSecretName(finding.variable))
    return noChange(`${finding.variable} is named like a secret, which is never built into the pages`);
  switch (finding.mechanism) {
    case 'same-origin':
      return planRewrite({
        files,
        api,
        paths: chatPaths(detection, finding),
        framework: detection.framework,
      });
    case 'raw-process-env':
      return verifyPlan(files, planDefine({ files, detection, finding }));
    case 'written-in':
      return verifyPlan(files, planLiteralReplacement({ files, detection, finding }));
    default:
      return noChange(`nothing gives ${finding.source.name} a value: set it where the site is configured`);
  }
}

/** What the chat asks on its page's own origin and the server answers: the question first. */
function chatPaths(
  { findings, otherRequests }: ApiUrlDetection,
  { source }: ApiUrlFinding,
): readonly string[] {
  const own = findings.flatMap((other) => (other.mechanism === 'same-origin' ? [other.source.name] : []));
  const beside = otherRequests.flatMap(({ path, isAnswered }) =>
    isAnswered && path.startsWith('/') ? [path] : [],
  );
  return [...new Set([source.name, ...own, ...beside])];
}

/** Detects again in the changed files: a change after which the variable does not reach the pages is not offered. */
function verifyPlan(files: SourceTexts, plan: WiringPlan, { isChatOnly = false } = {}): WiringPlan {
  if (plan.type === 'none') return plan;
  const isBroken = ([path, text]: [string, string]): boolean =>
    /\.[cm]?[jt]sx?$/.test(path) &&
    parsesCompletely(path, files.get(path) ?? '') &&
    !parsesCompletely(path, text);
  if ([...plan.files].some(isBroken)) return noChange(noWorkingChange);
  const { findings, otherRequests } = detectApiUrl(new Map([...files, ...plan.files]));
  const takesOthers =
    isChatOnly && otherRequests.some(({ address, isAnswered }) => address === plan.variable && !isAnswered);
  const works =
    !takesOthers && findings.some(({ reachesPages, variable }) => reachesPages && variable === plan.variable);
  return works ? plan : noChange(noWorkingChange);
}

const noWorkingChange = 'no change was found that certainly brings the address into the pages';

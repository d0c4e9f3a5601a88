import type { ApiUrlDetection, ApiUrlFinding } from '../detect-api-url/detect-api-url.ts';
import { PLACEHOLDER_URL, rewritesFile, addRewrite } from './rewrites.ts';
import type { ProjectFiles } from '../../../javascript/source-file.ts';
import { planChange, noChange, type WiringPlan } from './wiring-plan.ts';

/** A function of the project’s own: Vercel asks it before any rewrite. */
const apiFunctionPath = /^(?:(?:src\/)?(?:pages|app)\/)?api\/.+\.[cm]?[jt]sx?$/;

/** Lets Vercel hand the page’s `/api` on to the server. */
export function planRewrite({
  files,
  api,
  finding,
  detection,
}: {
  files: ProjectFiles;
  api: string | null;
  finding: ApiUrlFinding;
  detection: ApiUrlDetection;
}): WiringPlan {
  const { name } = finding.source;
  if (!name.startsWith('/api')) return noChange(`${name} is no path of the server: it answers below /api`);
  const own = [...files.keys()].find(
    (path) => apiFunctionPath.test(path) && (detection.framework === 'next' || path.startsWith('api/')),
  );
  if (own !== undefined)
    return noChange(`${own} answers below /api itself: let that ask the server, or take it away`);
  const settings = [...files.keys()].find((path) => /^vercel\.[cm]?[jt]s$/.test(path));
  if (settings !== undefined)
    return noChange(`${settings} takes the place of vercel.json: hand /api/:path* on to the server there`);
  const text = addRewrite(files.get(rewritesFile), api ?? PLACEHOLDER_URL);
  if (text === null) return noChange('vercel.json is no JSON that can be read');
  const hasPlaceholderUrl = api === null;
  const later = hasPlaceholderUrl ? '; its address is filled in once the Space has one' : '';
  const what = `hands /api on to the server, before any other rewrite${later}`;
  return planChange(files, new Map([[rewritesFile, text]]), {
    variable: null,
    path: '',
    what,
    hasPlaceholderUrl,
  });
}

import type { SourceTexts } from '../../../javascript/source-file.ts';
import type { Framework } from '../framework.ts';
import { addRewrite, PLACEHOLDER_URL, rewritesFile } from './add-rewrite.ts';
import { noChange, planChange, type WiringPlan } from './wiring-plan.ts';

/** A function of the project: Vercel runs it before any rewrite. */
const apiFunctionPath = /^(?:(?:src\/)?(?:pages|app)\/)?api\/.+\.[cm]?[jt]sx?$/;

/** Makes Vercel forward the page's own `/api` to the server. `path` is what the page requests. */
export function planRewrite({
  files,
  api,
  path,
  framework,
}: {
  files: SourceTexts;
  api: string | null;
  path: string;
  framework: Framework;
}): WiringPlan {
  if (!path.startsWith('/api'))
    return noChange(`${path} is not a path of the server, which answers under /api`);
  const ownFunction = [...files.keys()].find(
    (file) => apiFunctionPath.test(file) && (framework === 'next' || file.startsWith('api/')),
  );
  if (ownFunction !== undefined)
    return noChange(`${ownFunction} already answers /api: let it call the server, or remove it`);
  const vercelScript = [...files.keys()].find((file) => /^vercel\.[cm]?[jt]s$/.test(file));
  if (vercelScript !== undefined)
    return noChange(`${vercelScript} replaces vercel.json: forward /api/:path* to the server there`);
  const text = addRewrite(files.get(rewritesFile), api ?? PLACEHOLDER_URL);
  if (text === null) return noChange('vercel.json is not valid JSON');
  const later = api === null ? '; its address is filled in once the Space has one' : '';
  return planChange(files, new Map([[rewritesFile, text]]), {
    variable: null,
    path: '',
    summary: `forwards /api to the server, before any other rewrite${later}`,
    hasPlaceholderUrl: api === null,
  });
}

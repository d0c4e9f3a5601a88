import type { SourceTexts } from '../../../javascript/source-file.ts';
import type { Framework } from '../framework.ts';
import { addRewrite, PLACEHOLDER_URL, rewritesFile } from './add-rewrite.ts';
import { noChange, planChange, type WiringPlan } from './wiring-plan.ts';

/** A function of the project: Vercel runs it before any rewrite. */
const apiFunctionPath = /^(?:(?:src\/)?(?:pages|app)\/)?(api\/.+?)(?:\/(?:index|route))?\.[cm]?[jt]sx?$/;

/** Makes Vercel forward what the chat asks on its page's own origin to the server, and nothing else. */
export function planRewrite({
  files,
  api,
  paths,
  framework,
}: {
  files: SourceTexts;
  api: string | null;
  /** Every path that the chat asks and the server answers: that of the question first. */
  paths: readonly string[];
  framework: Framework;
}): WiringPlan {
  const ownFunction = [...files.keys()].find(
    (file) =>
      (framework === 'next' || file.startsWith('api/')) && paths.some((path) => answersPath(file, path)),
  );
  if (ownFunction !== undefined)
    return noChange(`${ownFunction} already answers ${paths[0]}: let it call the server, or remove it`);
  const vercelScript = [...files.keys()].find((file) => /^vercel\.[cm]?[jt]s$/.test(file));
  if (vercelScript !== undefined)
    return noChange(
      `${vercelScript} replaces vercel.json: forward ${paths.join(' and ')} to the server there`,
    );
  const text = addRewrite(files.get(rewritesFile), { api: api ?? PLACEHOLDER_URL, paths });
  if (text === null) return noChange('vercel.json is not valid JSON');
  const later = api === null ? '; its address is filled in once the server has one' : '';
  return planChange(files, new Map([[rewritesFile, text]]), {
    variable: null,
    path: '',
    summary: `forwards ${paths.join(', ')} to the server, before any other rule${later}`,
    hasPlaceholderUrl: api === null,
  });
}

/** Whether a function of the project gets the requests for a path: by its name, or by a part that stands for any. */
function answersPath(file: string, path: string): boolean {
  const route = apiFunctionPath.exec(file)?.[1];
  if (route === undefined) return false;
  const [fixed = ''] = route.split('[');
  return `/${route}` === path || (route.includes('[') && path.startsWith(`/${fixed}`));
}

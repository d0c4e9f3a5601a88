import type { Detection, Finding } from './detect.ts';
import { laterAddress, rewritesFile, withRewrite } from './rewrites.ts';
import type { Files } from './trace/source.ts';
import { changed, none, type Wiring } from './wiring.ts';

/** A function of the project’s own: Vercel asks it before any rewrite. */
const ownFunction = /^(?:(?:src\/)?(?:pages|app)\/)?api\/.+\.[cm]?[jt]sx?$/;

/** Lets Vercel hand the page’s `/api` on to the server. */
export function rewritten({
  files,
  api,
  finding,
  detection,
}: {
  files: Files;
  api: string | null;
  finding: Finding;
  detection: Detection;
}): Wiring {
  const { name } = finding.read;
  if (!name.startsWith('/api')) return none(`${name} is no path of the server: it answers below /api`);
  const own = [...files.keys()].find(
    (path) => ownFunction.test(path) && (detection.framework === 'next' || path.startsWith('api/')),
  );
  if (own !== undefined)
    return none(`${own} answers below /api itself: let that ask the server, or take it away`);
  const settings = [...files.keys()].find((path) => /^vercel\.[cm]?[jt]s$/.test(path));
  if (settings !== undefined)
    return none(`${settings} takes the place of vercel.json: hand /api/:path* on to the server there`);
  const text = withRewrite(files.get(rewritesFile), api ?? laterAddress);
  if (text === null) return none('vercel.json is no JSON that can be read');
  const isWithoutAddress = api === null;
  const later = isWithoutAddress ? '; its address is filled in once the Space has one' : '';
  const what = `hands /api on to the server, before any other rewrite${later}`;
  return changed(files, new Map([[rewritesFile, text]]), {
    variable: null,
    path: '',
    what,
    isWithoutAddress,
  });
}

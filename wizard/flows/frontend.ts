import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { detectInBundle } from '../frontend/proof/detect-in-bundle.ts';
import { detectApiUrl, type ApiUrlFinding } from '../frontend/detect-api-url/detect-api-url.ts';
import { readPage } from '../frontend/proof/read-page.ts';
import { readProject } from '../frontend/read-project.ts';
import { rewritesFile } from '../frontend/wiring/add-rewrite.ts';
import { planWiring } from '../frontend/wiring/plan-wiring.ts';
import { parseSiteUrl } from '../model/formats/book-location.ts';
import { Failure } from '../model/failure.ts';
import { vercelOf, type RunContext } from '../deployment/context.ts';
import { defaultWiring, type FrontendWiring, type RunSettings } from '../deployment/run-settings.ts';
import { productionVariable } from '../deployment/frontend/frontend-variable.ts';
import { serverUrl } from '../deployment/server/server-url.ts';
import { frontendOrigins } from '../deployment/frontend/allowed-origins.ts';
import { chooseFinding } from '../interview/choose-finding.ts';
import { chooseTargets, variablesBefore } from '../interview/choose-targets.ts';
import { offerWiring } from '../interview/offer-wiring.ts';
import type { Session } from '../model/runtime.ts';

/**
 * Finds out which variable the frontend goes by and what its value must be, from its folder or else from the deployed
 * pages, and offers the change that its files need. What the flags say settles it.
 *
 * @returns the run's settings for the frontend's steps; `back` when the person wants to be asked again.
 * @throws Failure `frontend-unclear` (input-missing) when nobody can be asked; `frontend-folder`.
 */
export async function settleFrontend(session: Session, context: RunContext): Promise<RunContext | 'back'> {
  const { flags } = session;
  const { settings } = context;
  if (settings.frontend === 'skip') return context;
  const folder = await folderOf(session, context);
  const found = folder === null ? null : await fromFolder(session, context, folder.dir);
  if (found === 'back') return 'back';
  const chosen = found ?? (await fromPages(session, context, folder?.dir ?? null));
  const value = flags.frontendValue;
  const wiring = {
    ...chosen.wiring,
    value,
    top: folder?.top ?? null,
    isSameOrigin: chosen.wiring.isSameOrigin && value === null && flags.frontendVariable === null,
    awaitsPush: flags.waitForPush || (!flags.yes && session.renderer.canAsk),
  };
  const frontendVariable = flags.frontendVariable ?? chosen.variable;
  const frontendTargets = wiring.isSameOrigin
    ? plainTargets
    : await chooseTargets(session, context, frontendVariable);
  if (frontendTargets === 'back') return 'back';
  return { ...context, settings: { ...settings, frontendVariable, frontendTargets, wiring } };
}

const isSite = (dir: string): boolean =>
  ['package.json', 'index.html'].some((name) => existsSync(join(dir, name)));

const plainTargets: NonNullable<RunSettings['frontendTargets']> = ['production'];

type Chosen = { variable: string; wiring: FrontendWiring };

type Folder = { dir: string; top: string | null };

/**
 * The named folder; unnamed, the book's, when it holds a manifest: the source beside which we run. Of a repository of
 * several packages the one that Vercel builds.
 */
async function folderOf({ flags, runtime }: Session, context: RunContext): Promise<Folder | null> {
  const wanted = flags.frontend ?? (runtime.rehearsal ? null : context.settings.docsDir);
  if (wanted === null || parseSiteUrl(wanted) !== null) return null;
  const dir = resolve(runtime.cwd, wanted);
  const { projectId } = context.target;
  const below = projectId === null ? null : await vercelOf(context).rootDirectory(projectId);
  if (below !== null && isSite(join(dir, below))) return { dir: join(dir, below), top: dir };
  const isBelow = below !== null && dir.replaceAll(sep, '/').endsWith(`/${below}`);
  if (isSite(dir)) return { dir, top: isBelow ? dir.slice(0, -below.length - 1) : null };
  if (flags.frontend === null) return null;
  throw new Failure({
    kind: 'usage',
    code: 'frontend-folder',
    message: `No site was found in ${dir}: it holds neither package.json nor index.html.`,
    remedy: 'Give the folder of the site’s source with --frontend.',
  });
}

async function fromFolder(
  session: Session,
  context: RunContext,
  dir: string,
): Promise<Chosen | 'back' | null> {
  const { signal } = context;
  const files = await readProject({ dir, signal });
  const detection = detectApiUrl(files);
  const finding = await chooseFinding(session, detection);
  if (finding === 'back') return 'back';
  for (const { name, location, reason } of detection.decoys) {
    const message = `${location.file}:${location.line} mentions ${name}; ${reason}.`;
    session.emit({ type: 'notice', code: 'frontend-decoy', message, remedy: '' });
  }
  if (finding === null) return null;
  tell(session, finding);
  const api = finding.mechanism === 'same-origin' ? await serverUrl(context) : null;
  const change = planWiring({ files, detection, finding, api });
  const isHandedOn = finding.mechanism === 'same-origin';
  const through = [
    ...new Set([
      finding.location.file,
      ...finding.evidence.map(({ file }) => file),
      ...(isHandedOn ? [rewritesFile] : []),
    ]),
  ];
  const standing: FrontendWiring = {
    ...defaultWiring,
    path: finding.suffix.path,
    isSameOrigin: isHandedOn,
    dir,
    files: through.filter((file) => files.has(file)),
  };
  const variable = finding.variable ?? context.settings.frontendVariable;
  if (change.type === 'none') {
    if (!finding.reachesPages)
      session.emit({
        type: 'notice',
        code: 'frontend-not-wired',
        message: `The frontend was left as it is: ${change.reason}.`,
        remedy: '',
      });
    return { variable, wiring: standing };
  }
  const changes = await offerWiring(session, { dir, files, change });
  if (changes === 'back') return 'back';
  const { hasPlaceholderUrl, path } = change;
  const written =
    changes.length > 0 ? [...new Set([...standing.files, ...change.files.keys()])] : standing.files;
  return {
    variable: change.variable ?? variable,
    wiring: { ...standing, path, files: written, changes, hasPlaceholderUrl },
  };
}

function tell(
  session: Session,
  { location, mechanism, variable, suffix, reachesPages }: ApiUrlFinding,
): void {
  const by = variable === null ? '' : ` by ${variable}`;
  const gap = reachesPages || mechanism === 'same-origin' ? '' : '; as it stands, no variable gets there';
  const message = `The frontend finds its server${by} (${mechanism}, ${location.file}:${location.line}: ${location.text}), as ${describeUrlSuffix(suffix.path)}: ${suffix.reason}${gap}.`;
  session.emit({ type: 'notice', code: 'frontend-found', message, remedy: '' });
}

function describeUrlSuffix(path: string): string {
  if (path === '') return 'the server’s origin';
  return path === '/api/chat' ? 'the whole address of the chat' : `the server’s origin and ${path}`;
}

/** No source here, or none that tells: what readers get, and what the project holds. Not being able to look is no failure. */
async function fromPages(session: Session, context: RunContext, dir: string | null): Promise<Chosen> {
  const { settings, target, http, signal } = context;
  const nothing: FrontendWiring = { ...defaultWiring, dir };
  const { projectId } = target;
  const { main } = await frontendOrigins(context);
  if (projectId === null || main === null || session.flags.frontendVariable !== null) {
    return { variable: settings.frontendVariable, wiring: nothing };
  }
  const [page, variables] = await Promise.all([
    readPage({ url: `${main}/`, http, signal }).catch(() => null),
    variablesBefore(context, projectId),
  ]);
  signal.throwIfAborted();
  if (page === null) return { variable: settings.frontendVariable, wiring: nothing };
  const names = [...new Set(variables.map(({ key }) => key))];
  const known = names.flatMap((key) => {
    const one = productionVariable(variables, key);
    return one === null ? [] : [{ key, value: one.type === 'plain' ? (one.value ?? null) : null }];
  });
  const found = detectInBundle({ page, variables: known });
  return { variable: found.variable, wiring: { ...nothing, path: found.path } };
}

import { existsSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { vercelOf, type RunContext } from '../../deployment/context.ts';
import type { ApiUrlDetection, ApiUrlFinding } from '../../frontend/detect-api-url/api-url-detection.ts';
import { detectApiUrl } from '../../frontend/detect-api-url/detect-api-url.ts';
import { readProject } from '../../frontend/read-project.ts';
import { originOf } from '../../frontend/url-source.ts';
import { Failure } from '../../model/failure.ts';
import { parseSiteUrl } from '../../model/formats/book-location.ts';
import type { Session } from '../../model/runtime.ts';
import type { FlowQuestion } from '../flow.ts';
import type { FrontendSource, FrontendState } from './frontend-state.ts';

/** Reads the frontend's folder. Throws Failure `frontend-folder`. */
export async function readFrontendSource(session: Session, context: RunContext): Promise<FrontendSource> {
  const folder = await frontendFolder(session, context);
  if (folder === null) return { folder, files: new Map(), detection: null };
  const files = await readProject({ dir: folder.dir, signal: context.signal });
  return { folder, files, detection: detectApiUrl(files) };
}

/**
 * The folder that was named, else the book's where it is a site. In a repository of several packages it is the one that
 * Vercel builds.
 */
async function frontendFolder(
  { flags, runtime }: Session,
  context: RunContext,
): Promise<FrontendSource['folder']> {
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

function isSite(dir: string): boolean {
  return ['package.json', 'index.html'].some((name) => existsSync(join(dir, name)));
}

/** The finding that a flag names, or the only one; `unclear` where the user has to choose; null where there is none. */
export function findingIn(
  { findings }: Pick<ApiUrlDetection, 'findings'>,
  variable: string | null,
): ApiUrlFinding | 'unclear' | null {
  if (variable !== null) return findingNamed(findings, variable);
  return findings[0] === undefined ? null : onlyServerOf(findings);
}

/** The first finding, where the reader's question can go to one server only. */
function onlyServerOf(findings: readonly ApiUrlFinding[]): ApiUrlFinding | 'unclear' {
  const servers = new Set(findings.flatMap((finding) => serverOf(finding, findings) ?? []));
  return servers.size <= 1 ? (findings[0] ?? 'unclear') : 'unclear';
}

/** A variable, this origin, or the host of a URL in the code that is no fallback; null for what cannot compete. */
function serverOf(finding: ApiUrlFinding, all: readonly ApiUrlFinding[]): string | null {
  const { variable, mechanism, questionCalls, source } = finding;
  if (variable !== null) return variable;
  if (mechanism === 'same-origin') return mechanism;
  // Two addresses of one call are a setting and its default.
  const others = all.filter((other) => other !== finding).flatMap((other) => other.questionCalls);
  const hasOwnCall = questionCalls.some(({ node }) => !others.some((other) => other.node === node));
  return mechanism === 'written-in' && hasOwnCall ? originOf(source.name) : null;
}

/** A URL written in the code gets the variable that was named. */
function findingNamed(
  findings: readonly ApiUrlFinding[],
  variable: string,
): ApiUrlFinding | 'unclear' | null {
  const match = findings.find((finding) => finding.variable === variable);
  if (match !== undefined) return match;
  const literals = findings.filter(
    ({ mechanism, reachesPages }) => mechanism === 'written-in' && !reachesPages,
  );
  if (literals.length === 0) return null;
  const finding = onlyServerOf(literals);
  return finding === 'unclear' ? finding : { ...finding, variable };
}

/** Which finding the chat uses, where the code reads the URL in several ways. */
export function findingQuestion<S extends FrontendState>(
  session: Pick<Session, 'flags'>,
  after: readonly string[],
): FlowQuestion<S> {
  const findingsOf = ({ frontendSource }: S) => frontendSource?.detection?.findings ?? [];
  return {
    id: 'FRONTEND_VARIABLE',
    after,
    isRevisited: false,
    isOpen: (state) => isFindingOpen(session, state),
    prompt: (state) => ({
      type: 'choice',
      name: 'FRONTEND_VARIABLE',
      title: 'Which of these does the chat use?',
      lines: findingsOf(state).map(lineOf),
      choices: findingsOf(state).map((finding, index) => ({
        value: String(index),
        label: finding.variable ?? finding.source.name,
        note: `${finding.location.file}:${finding.location.line}`,
      })),
    }),
    answer: (state, reply) => {
      const { frontendSource } = state;
      if (reply.type !== 'choice' || frontendSource === undefined) return state;
      return { ...state, chosenFinding: { on: frontendSource, value: Number(reply.value) } };
    },
  };
}

/** A plan alone asks nothing about the frontend. */
export function isFindingOpen({ flags }: Pick<Session, 'flags'>, state: FrontendState): boolean {
  const { frontendSource, chosenFinding, isInteractive } = state;
  if (!isInteractive || flags.yes || frontendSource?.detection == null) return false;
  const isUnclear = findingIn(frontendSource.detection, flags.frontendVariable) === 'unclear';
  return isUnclear && chosenFinding?.on !== frontendSource;
}

function lineOf({ location }: ApiUrlFinding): string {
  return `${location.file}:${location.line}: ${location.text}`;
}

/** Failure `frontend-unclear` (input-missing): the code reads the URL in several ways, and no one can be asked. */
export function findingUnclear(findings: readonly ApiUrlFinding[]): Failure {
  const hasVariable = findings.some(({ variable }) => variable !== null);
  return new Failure({
    kind: 'input-missing',
    code: 'frontend-unclear',
    message: `The frontend reads its server's address in more than one way: ${findings.map(lineOf).join('; ')}.`,
    remedy: hasVariable
      ? 'Say which the chat uses with --frontend-variable NAME.'
      : 'These are different servers: run in a terminal without --yes and choose the chat’s, or let the code ask one.',
    service: 'vercel',
  });
}

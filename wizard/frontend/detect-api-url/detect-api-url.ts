import { requestedUrls, spaceUrl, type RequestedUrl } from './request-urls.ts';
import { definedConstants, findDefinition } from './find-definition.ts';
import { isAboutChat, urlSuffixOf, type UrlSuffix } from './url-suffix.ts';
import { frameworkOf, isUrlName, type FrameworkVersion } from '../framework.ts';
import { envReferencesIn, type UrlSource } from './url-source.ts';
import { apiRewriteIn, type ApiRewrite } from '../wiring/rewrites.ts';
import {
  locationAt,
  parseScripts,
  type ProjectFiles,
  type SourceLocation,
} from '../../../javascript/source-file.ts';
import { createTracer } from './trace/trace.ts';
import type { UrlDefinition } from './url-definition.ts';
import { unusedFields } from './unused-fields.ts';

export type Mechanism =
  | 'custom-fields'
  | 'window-global'
  | 'defined'
  | 'raw-process-env'
  | 'create-react-app'
  | 'vite'
  | 'next'
  | 'written-in'
  | 'same-origin';

/** One way in which the address of the server gets into the pages. */
export type ApiUrlFinding = {
  mechanism: Mechanism;
  /** The variable of the build that fills it; null where none does yet. */
  variable: string | null;
  suffix: UrlSuffix;
  /** The line that reads it. */
  place: SourceLocation;
  /** The lines that show it: where it is filled in, and where it is used. */
  evidence: readonly SourceLocation[];
  /** Whether a value of the variable gets into the pages as the project stands. */
  reaches: boolean;
  /** `certain` when it was followed to a request. */
  confidence: 'certain' | 'likely';
  /** Whether a request with it is one for the chat, as far as its path tells. */
  isAboutChat: boolean;
  /** What is read, and what gives it its value. */
  source: UrlSource;
  definition: UrlDefinition;
};

export type ApiUrlDetection = FrameworkVersion & {
  /** What the chat uses, the surest first; more than one is for the person to decide. */
  findings: readonly ApiUrlFinding[];
  /** Addresses and variables that nothing asks the chat's server with, and why. */
  decoys: readonly { name: string; place: SourceLocation; why: string }[];
  rewrite: ApiRewrite | null;
  /** Read as `process.env.NAME` in the pages, where no `process` is: that ends them. Never the name of a secret. */
  undefinedVariables: readonly string[];
  /** Every place at which the pages' code names such a value. */
  references: readonly UrlSource[];
};

/** How a project’s pages learn where their server is, from its source alone: followed back from each request. */
export function detectApiUrl(files: ProjectFiles): ApiUrlDetection {
  const found = frameworkOf(files.get('package.json'));
  const { framework } = found;
  const trace = createTracer(parseScripts(files));
  const known = { trace, framework };
  const clients = trace.files.filter(({ isConfig }) => !isConfig);
  const asked = requestedUrls(trace, clients, definedConstants(trace));
  const all = asked
    .filter(({ preferred: behind }) => behind === null || isNeverSet(behind, known))
    .map((one) => findingOf(one, { definition: findDefinition(one.source, known), framework }))
    .toSorted((a, b) => rank(a) - rank(b));
  const { findings, others } = splitByChat(all);
  const reads = clients.flatMap((file) => envReferencesIn(file));
  return {
    ...found,
    findings: distinctFindings(findings),
    decoys: [
      ...others.map((one) => ({
        name: one.source.name,
        place: one.place,
        why: 'it is asked for other things than the chat',
      })),
      ...unusedReferences(reads, all),
      ...unusedFields(trace),
    ],
    rewrite: apiRewriteIn(files.get('vercel.json')),
    undefinedVariables: undefinedVariablesIn(reads, known),
    references: reads,
  };
}

/** A global or a field that nothing sets: what stands behind it is what is asked. */
function isNeverSet(read: UrlSource, known: Parameters<typeof findDefinition>[1]): boolean {
  return !read.kind.endsWith('-env') && findDefinition(read, known).type === 'nothing';
}

/** Where one is asked for the chat, those that are asked for other things are no rivals of it. */
function splitByChat(all: readonly ApiUrlFinding[]): {
  findings: readonly ApiUrlFinding[];
  others: readonly ApiUrlFinding[];
} {
  const lasting = all.filter(({ source: read }) => !isLoopback(read.name));
  // An address of the developer’s own machine stands beside the real one; alone it is the one to replace.
  const here = lasting.length > 0 ? lasting : all;
  const isChat = (one: ApiUrlFinding): boolean => one.isAboutChat || isSpace(one.source);
  if (!here.some(isChat)) return { findings: here, others: [] };
  const names = new Set(here.filter(isChat).map(({ variable }) => variable));
  const isOurs = (one: ApiUrlFinding): boolean =>
    isChat(one) || (one.variable !== null && names.has(one.variable));
  return { findings: here.filter(isOurs), others: here.filter((one) => !isOurs(one)) };
}

function findingOf(
  { source: read, uses, isSure }: RequestedUrl,
  { definition, framework }: { definition: UrlDefinition; framework: string },
): ApiUrlFinding {
  const place = locationAt(read.file, read.start);
  const meaning = read.kind === 'written-in' ? literalSuffix : urlSuffixOf(uses, read.fallback);
  const filled = definition.type === 'nothing' || definition.place === null ? [] : [definition.place];
  const places = [...filled, ...uses.map((use) => use.place)];
  return {
    mechanism: mechanismOf(read, definition, framework),
    variable:
      definition.type === 'variable' ? definition.variable : read.kind.endsWith('-env') ? read.name : null,
    suffix: meaning,
    place,
    evidence: places.filter((one) => one.file !== place.file || one.line !== place.line),
    reaches: definition.type === 'variable',
    confidence: isSure && meaning.isSure ? 'certain' : 'likely',
    isAboutChat: uses.some(({ path }) => path === '' || isAboutChat(path)) || isAboutChat(read.name),
    source: read,
    definition,
  };
}

const literalSuffix: UrlSuffix = { path: '', isSure: true, why: 'the address is written there' };

function mechanismOf({ kind }: UrlSource, definition: UrlDefinition, framework: string): Mechanism {
  if (kind === 'same-origin') return 'same-origin';
  if (definition.type === 'address') return 'written-in';
  if (kind === 'custom-field') return 'custom-fields';
  if (kind === 'window') return 'window-global';
  if (definition.type !== 'variable') return 'raw-process-env';
  if (definition.place !== null) return 'defined';
  if (kind === 'import-meta-env') return 'vite';
  return framework === 'next' ? 'next' : 'create-react-app';
}

/** A request for the chat comes before any other; what a variable fills before what somebody wrote, and that before what nothing fills. */
function rank({ suffix: meaning, definition, source: read }: ApiUrlFinding): number {
  const isHopeless =
    definition.type === 'nothing' && (read.kind === 'window' || read.kind === 'custom-field');
  const isKnown = meaning.isSure || read.kind === 'written-in';
  return (isKnown ? 0 : 4) + (isHopeless ? 2 : 0) + (definition.type === 'variable' ? 0 : 1);
}

const isLoopback = (address: string): boolean => /^https?:\/\/(?:localhost|127\.)/.test(address);
const isSpace = ({ kind, name }: UrlSource): boolean => kind === 'written-in' && spaceUrl.test(name);

function distinctFindings(findings: readonly ApiUrlFinding[]): ApiUrlFinding[] {
  const key = (one: ApiUrlFinding): string =>
    `${one.mechanism} ${one.variable ?? one.source.name} ${one.source.kind === 'written-in' ? `${one.place.file}:${one.place.line}` : ''}`;
  return [...new Map(findings.toReversed().map((one) => [key(one), one])).values()].toReversed();
}

function unusedReferences(
  reads: readonly UrlSource[],
  all: readonly ApiUrlFinding[],
): ApiUrlDetection['decoys'] {
  const isUsed = (read: UrlSource): boolean =>
    all.some((one) => one.source.kind === read.kind && one.source.name === read.name);
  const idle = reads.filter((read) => isUrlName(read.name.split('.').at(-1) ?? '') && !isUsed(read));
  return [...new Map(idle.map((read) => [`${read.kind} ${read.name}`, read])).values()].map((read) => ({
    name: read.name,
    place: locationAt(read.file, read.start),
    why: 'nothing asks a server with it',
  }));
}

function undefinedVariablesIn(
  reads: readonly UrlSource[],
  known: Parameters<typeof findDefinition>[1],
): string[] {
  const open = reads.filter(
    (read) =>
      read.kind === 'process-env' &&
      read.isDestructured !== true &&
      read.name !== 'NODE_ENV' &&
      findDefinition(read, known).type === 'nothing',
  );
  return [...new Set(open.map(({ name }) => name))];
}

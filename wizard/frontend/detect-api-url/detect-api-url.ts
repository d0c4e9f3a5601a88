import { locationAt, type SourceFile, type SourceTexts } from '../../../javascript/source-file.ts';
import type { Framework } from '../framework.ts';
import { isLoopbackUrl, originOf, pathOfUrl, urlSourcesIn, type UrlSource } from '../url-source.ts';
import { isPublicName, isUrlName } from '../variable-names.ts';
import type { ApiUrlDetection, ApiUrlFinding, Mechanism } from './api-url-detection.ts';
import { isAboutChat } from './chat/about-chat.ts';
import { chatContract } from './chat/chat-contract.ts';
import { isAnsweredPath } from './chat/chat-path.ts';
import { definedConstants } from './build-definitions.ts';
import { findUnservedChat } from './chat/find-unserved-chat.ts';
import { findChatKit } from './chat/find-chatkit.ts';
import { findLoginCheck } from './chat/find-login-check.ts';
import { findModelInPage } from './chat/find-model-in-page.ts';
import { otherRequests, questionCalls } from './chat/other-requests.ts';
import { findDefinition } from './find-definition.ts';
import { findRequestedUrls, type RequestedUrl, type UrlUse } from './find-requested-urls.ts';
import { findBrokenReads } from './find-broken-reads.ts';
import { findDecoys } from './find-decoys.ts';
import { parseAllFiles, parseBundles, parseProject, type Project } from './parse-project.ts';
import type { UrlDefinition } from './url-definition.ts';
import { urlSuffixOf, type UrlSuffix } from './url-suffix.ts';

/**
 * How the pages of a frontend learn the URL of their API, from the source alone: the files are parsed, the calls that
 * send requests are found, and the URL of each is traced back to where its value comes from.
 *
 * `page` is for the scripts of a deployed page, by URL: where it was read.
 */
export function detectApiUrl(
  files: SourceTexts,
  { page = null }: { page?: URL | null } = {},
): ApiUrlDetection {
  const isBundle = page !== null;
  const project = isBundle ? parseBundles(files, page) : parseProject(files);
  const detection = detectIn(project);
  const traced = detection.findings.filter(({ confidence }) => confidence === 'certain');
  // An address without a request that asks is ChatKit's where a page mounts it.
  const chatKit = isBundle || traced.some(({ contract }) => contract !== null) ? null : findChatKit(project);
  const elsewhere = chatKit ?? (isBundle || traced.length > 0 ? null : findModelInPage(project));
  if (elsewhere !== null) return { ...detection, findings: [], refusal: elsewhere };
  if (detection.findings.length > 0 || detection.refusal !== null || isBundle) return detection;
  return { ...detection, refusal: refusalFor(detection, detectIn(parseAllFiles(files))) };
}

function detectIn(project: Project): ApiUrlDetection {
  const all = findRequestedUrls(project, definedConstants(project))
    .filter(({ preferred }) => preferred === null || isNeverSet(project, preferred))
    .flatMap((url) => withUsedRequests(project, url) ?? [])
    .map((url) => ({ finding: findingOf(project, url), uses: url.uses }))
    .toSorted((a, b) => rank(a.finding) - rank(b.finding));
  const requested = all.map(({ finding }) => finding);
  const { chat, others } = splitByChat(requested);
  const inUse = addressesInUse(project, ofServersWithQuestion(chat));
  const findings = distinctFindings(inUse);
  const sources = project.browserFiles.flatMap(urlSourcesIn);
  const unserved = findUnservedChat(all.filter(({ finding }) => findings.includes(finding)));
  return {
    framework: project.framework,
    findings: unserved === null || project.isBundle ? findings : [],
    decoys: findDecoys(project, { sources, requested, others }),
    undefinedVariables: undefinedVariablesIn(project, sources),
    brokenReads: findBrokenReads(
      project,
      findings.flatMap((finding) => finding.questionCalls),
    ),
    sources,
    otherRequests: otherRequests(all, inUse),
    loginCheck: project.isBundle ? null : findLoginCheck(project, findings),
    refusal: project.isBundle ? null : unserved,
  };
}

/** Why no chat was found, and what helps; `whole` is what every file of the project tells, mounted or not. */
function refusalFor({ decoys }: ApiUrlDetection, whole: ApiUrlDetection): ApiUrlDetection['refusal'] {
  const [unmounted] = whole.findings;
  if (unmounted !== undefined)
    return {
      why: `${unmounted.location.file} asks a chat, and no page of the site loads it`,
      instead: 'Import it where every page does, in src/theme/Root.js for example, and run again.',
      place: unmounted.location,
    };
  const [other] = decoys;
  if (other === undefined) return null;
  return {
    why: 'no request of the site’s pages is a chat’s',
    instead: 'Name the variable that the chat uses with --frontend-variable NAME.',
    place: other.location,
  };
}

/** Without the requests that prefer a variable which the build fills in; null where no other is left. */
function withUsedRequests(project: Project, url: RequestedUrl): RequestedUrl | null {
  const isUsed = ({ preferred }: UrlUse): boolean =>
    preferred === null || findDefinition(project, preferred).type !== 'variable';
  const uses = url.uses.filter(isUsed);
  return uses.length === 0 && url.uses.length > 0 ? null : { ...url, uses };
}

/** A global or a field that nothing sets: the code always uses its fallback. */
function isNeverSet(project: Project, source: UrlSource): boolean {
  return !source.kind.endsWith('-env') && findDefinition(project, source).type === 'undefined';
}

function findingOf(project: Project, url: RequestedUrl): ApiUrlFinding {
  const { source, uses, isDirect } = url;
  const { kind, name } = source;
  const definition = findDefinition(project, source);
  const location = locationAt(source.file, source.start);
  const suffix = kind === 'written-in' ? literalSuffix : urlSuffixOf(uses, source.fallback);
  const definedAt = definition.type === 'undefined' ? null : definition.location;
  const evidence = [definedAt, ...uses.map((use) => use.location)].filter((line) => line !== null);
  return {
    mechanism: mechanismOf(source, definition, project.framework),
    variable: definition.type === 'variable' ? definition.variable : kind.endsWith('-env') ? name : null,
    suffix,
    location,
    evidence: evidence.filter(({ file, line }) => file !== location.file || line !== location.line),
    reachesPages: definition.type === 'variable',
    confidence: isDirect && suffix.isSure ? 'certain' : 'likely',
    isAboutChat: isAboutChat(source, uses),
    isAnswered: uses.length > 0 && uses.every(({ path }) => isAnsweredPath(pathOfUrl(name) + path)),
    source,
    preferred: url.preferred,
    definition,
    guardedVariable: definition.type === 'literal' ? guardedVariableIn(project, definition.file) : null,
    ...chatContract(project.tracer, url),
    questionCalls: questionCalls(url),
  };
}

function guardedVariableIn({ tracer }: Project, file: SourceFile): string | null {
  const guarded = urlSourcesIn(file).find(
    ({ kind, name, node }) => kind === 'process-env' && isUrlName(name) && tracer.isDead({ file, node }),
  );
  return guarded?.name ?? null;
}

const literalSuffix: UrlSuffix = { path: '', isSure: true, reason: 'the address is written in the code' };

function mechanismOf({ kind }: UrlSource, definition: UrlDefinition, framework: Framework): Mechanism {
  if (kind === 'same-origin') return 'same-origin';
  if (definition.type === 'literal') return 'written-in';
  if (kind === 'custom-field' || kind === 'plugin-data') return 'custom-fields';
  if (kind === 'window') return 'window-global';
  if (kind === 'meta') return 'meta-tag';
  if (definition.type !== 'variable') return 'raw-process-env';
  if (definition.location !== null) return 'defined';
  if (kind === 'import-meta-env') return 'vite';
  return framework === 'next' ? 'next' : 'create-react-app';
}

/** Chat requests first; then what a variable sets, literals, and what nothing sets; of two, the one that asks. */
function rank({ suffix, definition, source, contract, questionCalls: asking }: ApiUrlFinding): number {
  const isSure = suffix.isSure || source.kind === 'written-in';
  const cannotBeSet =
    definition.type === 'undefined' &&
    ['window', 'meta', 'custom-field', 'plugin-data'].includes(source.kind);
  return (
    (isSure ? 0 : 4) +
    (cannotBeSet ? 2 : 0) +
    (definition.type === 'variable' ? 0 : 1) +
    (contract === null ? 0.5 : 0) +
    (asking.length === 0 ? 1 : 0)
  );
}

/** URLs that serve no chat do not compete; where no chat is found, none is taken in its place. */
function splitByChat(all: readonly ApiUrlFinding[]): {
  chat: readonly ApiUrlFinding[];
  others: readonly ApiUrlFinding[];
} {
  const aboutChat = all.filter((finding) => finding.isAboutChat);
  const variables = new Set(aboutChat.flatMap(({ variable }) => variable ?? []));
  const origins = new Set(aboutChat.flatMap(({ source }) => originOf(source.name) ?? []));
  const isChat = (finding: ApiUrlFinding): boolean =>
    finding.isAboutChat ||
    (finding.variable !== null && variables.has(finding.variable)) ||
    (origins.has(originOf(finding.source.name) ?? '') && finding.isAnswered);
  return { chat: all.filter(isChat), others: all.filter((finding) => !isChat(finding)) };
}

/** Where a question is seen to be sent, only what goes to the same variable or host: a list of old chats may be elsewhere. */
function ofServersWithQuestion(findings: readonly ApiUrlFinding[]): readonly ApiUrlFinding[] {
  const serverOf = ({ variable, source }: ApiUrlFinding): string =>
    variable ?? originOf(source.name) ?? source.kind;
  const asking = findings.filter(({ questionCalls: calls }) => calls.length > 0);
  // “Explain this text” at another server is no question of the reader's own.
  const typed = asking.filter((finding) => !asksFixedQuestion(finding));
  const servers = new Set((typed.length > 0 ? typed : asking).map(serverOf));
  return servers.size === 0 ? findings : findings.filter((finding) => servers.has(serverOf(finding)));
}

/** Whether the body has a sentence of the code's own, and no place for a reader's. */
function asksFixedQuestion({ contract }: ApiUrlFinding): boolean {
  const body = contract?.body ?? [];
  const isSentence = (value: unknown): boolean => typeof value === 'string' && /\w\s+\w/.test(value);
  return (
    body.some(({ role, value }) => role === 'constant' && isSentence(value)) &&
    !body.some(({ role }) => role === 'question' || role === 'unknown')
  );
}

/** Of the chat's addresses, those that a reader's browser may take. */
function addressesInUse(project: Project, chat: readonly ApiUrlFinding[]): readonly ApiUrlFinding[] {
  // Of `window.A || window.B || 'https://…'`, what nothing sets is no address where there is another.
  // A bundle has no configuration: what sets a field is looked up in its scripts.
  const set = project.isBundle ? [] : chat.filter(({ source }) => !isNeverSet(project, source));
  const left = set.length > 0 ? set : chat;
  // A URL on the developer's own machine counts only where the chat has no other.
  const others = left.filter(({ source }) => !isLoopbackUrl(source.name));
  if (others.length === 0) return left;
  // A global that is set to such a URL keeps the literal beside it: code that reads it before is left with that.
  const ownOrigins = others.flatMap(({ definition }) =>
    definition.type === 'literal' ? originOf(definition.url) : [],
  );
  return left.filter(
    (finding) => others.includes(finding) || ownOrigins.includes(originOf(finding.source.name)),
  );
}

/** One finding for each variable, field or global; for each line of a literal. The best one is kept. */
function distinctFindings(findings: readonly ApiUrlFinding[]): ApiUrlFinding[] {
  const keyOf = ({ mechanism, variable, source, location }: ApiUrlFinding): string => {
    const line = source.kind === 'written-in' ? `${location.file}:${location.line}` : '';
    return `${mechanism} ${variable ?? source.name} ${line}`;
  };
  const byKey = new Map(findings.toReversed().map((finding) => [keyOf(finding), finding]));
  return [...byKey.values()].toReversed();
}

function undefinedVariablesIn(project: Project, sources: readonly UrlSource[]): string[] {
  const undefinedSources = sources.filter(
    (source) =>
      source.kind === 'process-env' &&
      source.isDestructured !== true &&
      source.name !== 'NODE_ENV' &&
      isPublicName(source.name) &&
      !project.tracer.isDead(source) &&
      findDefinition(project, source).type === 'undefined',
  );
  return [...new Set(undefinedSources.map(({ name }) => name))];
}

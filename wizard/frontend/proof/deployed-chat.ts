import { inlineScripts } from '../../../javascript/inline-scripts.ts';
import type { ChatContract } from '../../model/chat-contract.ts';
import type { ApiUrlFinding } from '../detect-api-url/api-url-detection.ts';
import { metaContents } from '../../../javascript/meta-tags.ts';
import { detectApiUrl } from '../detect-api-url/detect-api-url.ts';
import type { DeployedPage } from './read-page.ts';
import { readInlineScripts, readScript, type ScriptStrings } from './script-strings.ts';

/** What the chat request of a deployed page does in a reader's browser. */
export type DeployedChat = {
  /** Whether a question is seen to be sent: else the requests may be another feature's. */
  isCertain: boolean;
  /** Every address that it may go to, absolute; more than one where the code does not show which. */
  addresses: readonly ChatAddress[];
  /** Variables that it reads, for a header too, and that the build did not replace, and where: a browser has no `process`. */
  unfilledVariables: readonly { name: string; url: string }[];
};

export type ChatAddress = {
  url: string;
  /** The script that asks. */
  script: string;
  contract: ChatContract | null;
  /** False for what else is asked of the same server. */
  isChat: boolean;
};

/** Traces the chat's requests through the scripts that a page loads; null where none is found. */
export function readDeployedChat(page: DeployedPage): DeployedChat | null {
  const scripts = new Map([
    ...page.scripts.filter(mayAsk).map(({ url, text }) => [url, text] as const),
    [page.url, inlineScripts(page.html)],
  ]);
  const { findings, brokenReads } = detectApiUrl(scripts, { page: new URL(page.url) });
  if (findings.length === 0) return null;
  const values = siteValues(page, findings);
  const valueOf = new Map(findings.map((finding) => [finding, values(finding)]));
  // The code prefers a value that the site has to the address that it falls back to.
  const unused = new Set(
    [...valueOf].flatMap(([{ source }, value]) => (value ? (source.fallback ?? []) : [])),
  );
  const inUse = findings.filter(
    ({ source, preferred }) =>
      source.kind !== 'written-in' ||
      !(unused.has(source.name) || (preferred !== null && values({ source: preferred }))),
  );
  const asking = inUse.filter(({ questionCalls }) => questionCalls.length > 0);
  const used = asking.length > 0 ? asking : inUse;
  return {
    isCertain: asking.length > 0,
    addresses: used.flatMap((finding) => addressOf(finding, { page, value: valueOf.get(finding) ?? null })),
    unfilledVariables: [
      ...used.flatMap(({ source, location }) =>
        source.kind.endsWith('-env') ? [{ name: source.name, url: location.file }] : [],
      ),
      ...brokenReads.map(({ name, location }) => ({ name, url: location.file })),
    ],
  };
}

/** A large script is parsed only where it may send a request, take a question, or hold the site's configuration. */
const mayAsk = ({ text }: { text: string }): boolean =>
  /\bfetch\b|\.post\(|axios|EventSource|XMLHttpRequest|WebSocket|customFields|["']textarea["']|onSubmit|onKeyDown/.test(
    text,
  );

function addressOf(
  { source, contract, location, isAboutChat }: ApiUrlFinding,
  { page, value }: { page: DeployedPage; value: string | null },
): ChatAddress[] {
  const base = source.kind === 'written-in' || source.kind === 'same-origin' ? source.name : value;
  // What a build leaves empty is the page's own origin, unless the code has something to fall back to.
  const text = base || (source.fallback ?? base);
  if (text === null) return [];
  const path = source.kind === 'same-origin' ? '' : (contract?.path ?? '');
  const whole = text.endsWith('/') && path.startsWith('/') ? text.slice(0, -1) + path : text + path;
  if (!URL.canParse(whole, page.url)) return [];
  return [{ url: new URL(whole, page.url).href, script: location.file, contract, isChat: isAboutChat }];
}

/** The value that the site's configuration gives to a field, or a script to a global; null where there is none. */
function siteValues(
  page: DeployedPage,
  findings: readonly ApiUrlFinding[],
): (finding: Pick<ApiUrlFinding, 'source'>) => string | null {
  const needed = findings.filter(({ source: { kind } }) => /^(?:custom-field|window|meta)$/.test(kind));
  if (needed.length === 0) return () => null;
  const scripts: ScriptStrings[] = [
    ...page.scripts
      .filter(({ text }) => text.includes('customFields'))
      .flatMap((script) => readScript(script) ?? []),
    readInlineScripts(page),
  ];
  const strings = scripts.flatMap((script) => script.strings);
  const metas = metaContents(page.html);
  return ({ source: { kind, name } }) => {
    if (kind === 'meta') return metas.get(name) ?? null;
    const names = name.split('.');
    const match = strings.find(({ key, field }) => {
      if (kind === 'custom-field') return field === names[0] && key === names.at(-1);
      return kind === 'window' && field === null && key === names.at(-1);
    });
    return match?.text ?? null;
  };
}

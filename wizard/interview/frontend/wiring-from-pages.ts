import type { RunContext } from '../../deployment/context.ts';
import { frontendOrigins } from '../../deployment/frontend/allowed-origins.ts';
import { productionVariable, variableJournalId } from '../../deployment/frontend/frontend-variable.ts';
import { defaultWiring, type FrontendWiring } from '../../deployment/run-settings.ts';
import { serverUrl } from '../../deployment/server/server-url.ts';
import { readDeployedChat, type DeployedChat } from '../../frontend/proof/deployed-chat.ts';
import { detectInBundle } from '../../frontend/proof/detect-in-bundle.ts';
import { readPage, withLinkedPages, type DeployedPage } from '../../frontend/proof/read-page.ts';
import type { Session } from '../../model/runtime.ts';
import type { FrontendSource, ProposedWiring } from './frontend-state.ts';
import { projectVariables } from './frontend-targets.ts';

type PagesInputs = { context: RunContext; source: FrontendSource };

/** `offer` proposes a chat for pages that have none. */
type DeployedPagesInputs = PagesInputs & { offer?: () => Promise<ProposedWiring> };

/**
 * How the frontend gets the server's URL by the pages that are deployed, where there is no source. Nothing is written
 * where they have no chat, or one that no variable of the project leads to.
 */
export async function wiringFromPages(
  session: Session,
  { offer, ...inputs }: DeployedPagesInputs,
): Promise<ProposedWiring> {
  const { context } = inputs;
  const { target, signal } = context;
  const { variable, wiring } = withoutDetection(inputs);
  const { projectId } = target;
  const { main } = await frontendOrigins(context);
  if (projectId === null || main === null || session.flags.frontendVariable !== null)
    return { variable, wiring, change: null, isOffered: false };
  const [pages, variables] = await Promise.all([
    readChat(context, main),
    projectVariables(context, projectId),
  ]);
  signal.throwIfAborted();
  if (pages === null)
    return leaveAlone(session, { ...inputs, why: 'its pages could not be read', remedy: withSource });
  const { page, chat } = pages;
  if (chat === null && offer !== undefined) return offer();
  if (chat === null)
    return leaveAlone(session, { ...inputs, why: `no chat was found in ${page.url}`, remedy: withSource });
  const names = [...new Set(variables.map(({ key }) => key))];
  const readable = names.flatMap((key) => {
    const current = productionVariable(variables, key);
    if (current === null) return [];
    return [{ key, value: current.type === 'plain' ? (current.value ?? null) : null }];
  });
  const finding = detectInBundle({ page, variables: readable });
  const api = await serverUrl(context);
  const value = readable.find(({ key }) => key === finding.variable)?.value ?? null;
  const isSet = wasSetBefore(context, { projectId, name: finding.variable });
  const gap = gapOf(chat, { page, api, value, isSet });
  if (gap !== null) return leaveAlone(session, { ...inputs, why: gap, remedy: withSource });
  return {
    variable: finding.variable,
    wiring: { ...wiring, path: finding.path },
    change: null,
    isOffered: false,
  };
}

const withSource = 'Give the folder of the site’s source with --frontend: it shows what has to change.';

/** What is decided without looking at the frontend's code. */
export function withoutDetection({ context, source }: PagesInputs): {
  variable: string;
  wiring: FrontendWiring;
} {
  const wiring = { ...defaultWiring, dir: source.folder?.dir ?? null };
  return { variable: context.settings.frontendVariable, wiring };
}

/** No variable is written and nothing is redeployed; says why. */
export function leaveAlone(
  { emit }: Session,
  { why, remedy, ...inputs }: PagesInputs & { why: string; remedy: string },
): ProposedWiring {
  const { variable, wiring } = withoutDetection(inputs);
  const leftAlone = `left as it is: ${why}`;
  emit({ type: 'notice', code: 'frontend-not-wired', message: `The frontend was ${leftAlone}.`, remedy });
  return { variable, wiring: { ...wiring, leftAlone }, change: null, isOffered: false };
}

/** The chat of the deployed pages; null where they cannot be read, which is no failure here. */
async function readChat(
  { http, signal }: RunContext,
  main: string,
): Promise<{ page: DeployedPage; chat: DeployedChat | null } | null> {
  const first = await readPage({ url: `${main}/`, http, signal }).catch(() => null);
  if (first === null) return null;
  const chat = readDeployedChat(first);
  if (chat !== null) return { page: first, chat };
  const page = await withLinkedPages({ page: first, http, signal });
  return { page, chat: readDeployedChat(page) };
}

/** Whether an earlier run wrote this variable of the project, as the journal says. */
function wasSetBefore(
  { journal }: RunContext,
  { projectId, name }: { projectId: string; name: string },
): boolean {
  const id = variableJournalId({ name, target: 'production' });
  return journal.entries.some(
    (entry) => entry.thing === 'frontend-variable' && entry.place === projectId && entry.id === id,
  );
}

/** Why no variable leads to the chat's address without a change of the source; null where one may. */
function gapOf(
  { addresses, unfilledVariables }: DeployedChat,
  options: { page: DeployedPage; api: string | null; value: string | null; isSet: boolean },
): string | null {
  const { page, api, value, isSet } = options;
  const [unfilled] = unfilledVariables;
  if (unfilled !== undefined) return `its build does not fill in process.env.${unfilled.name}`;
  // The variable has the server's address already, or an earlier run set it: the pages are only not built with it yet.
  const isOurs = value !== null && URL.canParse(value) && new URL(value).origin === api;
  if (isSet || isOurs) return null;
  const origins = [new URL(page.url).origin, api];
  // An address that the variable holds changes with it, and no other does.
  const other = addresses.find(
    ({ url }) => !origins.includes(new URL(url).origin) && (value === null || !url.startsWith(value)),
  );
  return other === undefined
    ? null
    : `its chat asks ${other.url}, and no variable of the project holds that address`;
}

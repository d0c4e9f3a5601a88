import { HttpFailure } from '../../clients/http-failure.ts';
import { targetsOf } from '../../clients/vercel-schemas.ts';
import { noteFor } from '../fingerprint.ts';
import type { Hosting, HostingAccess, HostingPage, PlaceState, PlaceStatus } from '../hosting.ts';
import { allotmentRemarks, allotmentVariables } from './allotment.ts';
import { inspectFunctionBuild } from './follow-deployment.ts';
import {
  functionAccess,
  functionVariables,
  newestDeployment,
  type FunctionAccess,
} from './function-access.ts';
import { deployAgain, noteOf, planFunctionBook, planFunctionUpload } from './function-deployment.ts';
import {
  accountPaused,
  mayNotCreate,
  placeMissing,
  placeTaken,
  protectedFromReaders,
} from './function-failures.ts';
import { isMarked, setPlainVariable, settingsOf } from './function-settings.ts';
import { parseFunctionPlace } from '../../model/formats/function-place.ts';
import { functionUrl } from './function-url.ts';
import { bookPath, buildFunctionPayload } from './payload.ts';
import { defaultRegion } from './region.ts';

const pages: Record<HostingPage, string> = {
  home: '',
  settings: '/settings',
  files: '/deployments',
  'build-log': '/deployments',
  'run-log': '/logs',
};

/** A project of the user's Vercel account with one function: prebuilt files, and variables that count from the next deployment on. */
export function createFunctionHosting(hosting: HostingAccess): Hosting {
  const { account, name, isTeam } = parseFunctionPlace(hosting.target.space);
  const label = `${account}/${name}`;
  const page = (key: HostingPage): string => `https://vercel.com/${label}${pages[key]}`;
  const open = (): FunctionAccess => functionAccess(hosting);
  const { space } = hosting.target;
  return {
    service: 'vercel',
    noun: 'the Vercel project',
    label,
    flags: `--hosting vercel --hosting-project ${name}${isTeam ? ` --hosting-team ${account}` : ''}`,
    page,
    inspect: (request) => inspectProject(open(), { ...request, label }),
    create: () => createProject(open(), label),
    settings: async () => settingsOf(await functionVariables(open())),
    setSecret: ({ key, value }) =>
      open().vercel.upsertVariable(name, {
        key,
        value,
        type: 'sensitive',
        target: 'production',
        comment: noteFor({ space, value }),
      }),
    setVariable: ({ key, value, isOurs = true }) => setPlainVariable(open(), { key, value, isOurs }),
    ownVariables: async (current) => allotmentVariables(await open().projects.account(), current),
    remarksOnNew: async ({ book }) => {
      const isSameAccount =
        hosting.credentials.vercelHosting === undefined && book.team === (isTeam ? account : null);
      const isWithBook = book.project !== null && isSameAccount;
      return allotmentRemarks(await open().projects.account(), { isWithBook });
    },
    removeSecret: (key) => removeVariable(open(), key),
    removeVariable: (key) => removeVariable(open(), key),
    payload: async (content) => buildFunctionPayload(content, { place: space, region: defaultRegion }),
    currentDigest: async () => noteOf(await newestDeployment(open()))?.ragPayload ?? '',
    planUpload: (request) => planFunctionUpload(open(), request),
    planBook: (bookJson) => planFunctionBook(open(), bookJson),
    readFile: (path) => (path === 'book.json' ? readBook(open()) : Promise.resolve(null)),
    inspectBuild: (tools, state) =>
      inspectFunctionBuild(
        { ...open(), ...tools, pages: { settings: page('settings'), deployments: page('files') } },
        state,
      ),
    rebuild: async () => void (await deployAgain(open())),
    openToReaders: () => open().projects.openProduction(name),
    address: () => functionUrl(open()),
    status: () => readStatus(open(), page('settings')),
    log: ({ idleMs }) => readLog(open(), idleMs),
    planRestore: () => Promise.resolve(null),
    remove: async () => {
      const access = open();
      const state = await inspectProject(access, { isJournaled: true, keepsSecrets: false, label });
      const project = state.type === 'ours' ? await access.projects.find(name) : null;
      if (project !== null) await access.projects.remove(project.id);
    },
  };
}

type PlaceRequest = { isJournaled: boolean; keepsSecrets: boolean; label: string };

/** Known by the marks in its variables; one without any by the journal, when a run ended before the first. */
async function inspectProject(
  access: FunctionAccess,
  { isJournaled, keepsSecrets, label }: PlaceRequest,
): Promise<PlaceState> {
  const project = await access.projects.find(access.place.name);
  if (project === null) {
    if (keepsSecrets) throw placeMissing(label);
    return { type: 'absent', what: `${label}, a project of one function, public` };
  }
  const variables = await functionVariables(access);
  const isOurs = variables.some(isMarked) || (isJournaled && variables.length === 0 && project.link == null);
  if (!isOurs) throw placeTaken(label);
  return { type: 'ours', what: `${label} is there` };
}

/** Without its settings: Vercel takes them for a project that exists. */
async function createProject({ projects, place }: FunctionAccess, label: string): Promise<void> {
  try {
    await projects.create(place.name);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    // A lost response is settled by reading it; that the name was free was seen when the plan was made.
    if (error.kind === 'unreachable' && (await projects.find(place.name)) !== null) return;
    if (error.status === 409) throw placeTaken(label);
    if (error.status === 403) throw mayNotCreate(place.account, error);
    throw error;
  }
}

async function removeVariable(access: FunctionAccess, name: string): Promise<void> {
  const own = (await functionVariables(access)).filter(
    (variable) => variable.key === name && targetsOf(variable).includes('production'),
  );
  for (const { id } of own) await access.vercel.removeVariable(access.place.name, id);
}

async function readBook(access: FunctionAccess): Promise<string | null> {
  const newest = await newestDeployment(access).catch(() => null);
  return newest === null ? null : access.projects.readFile(newest.id, bookPath);
}

async function readStatus(access: FunctionAccess, settingsPage: string): Promise<PlaceStatus | null> {
  const project = await access.projects.find(access.place.name);
  if (project === null) return null;
  const [newest, url, all, account] = await Promise.all([
    newestDeployment(access),
    functionUrl(access),
    functionVariables(access),
    access.projects.account(),
  ]);
  const isPaused = account.block !== null || project.paused === true;
  // Standard Protection, `all_except_custom_domains`, leaves the production address public.
  const isProtected = project.ssoProtection?.deploymentType === 'all';
  const stage = newest === null ? 'NO_APP_FILE' : (stages[newest.state] ?? newest.state);
  return {
    stage: isPaused ? 'PAUSED' : stage === 'RUNNING' && newest?.isAliased === false ? 'APP_STARTING' : stage,
    errorMessage: newest?.problem || null,
    isPublic: !isProtected,
    hidden: isPaused
      ? accountPaused(account.block)
      : isProtected
        ? protectedFromReaders(url ?? access.place.name, settingsPage)
        : null,
    url,
    ...settingsOf(all),
  };
}

const stages: Readonly<Record<string, string>> = {
  QUEUED: 'BUILDING',
  INITIALIZING: 'BUILDING',
  BUILDING: 'BUILDING',
  READY: 'RUNNING',
  ERROR: 'BUILD_ERROR',
  CANCELED: 'BUILD_ERROR',
  BLOCKED: 'BUILD_ERROR',
};

async function* readLog(access: FunctionAccess, idleMs: number): AsyncGenerator<string, void> {
  const newest = await newestDeployment(access);
  if (newest === null) return;
  yield* access.projects.runtimeLog({ project: access.place.name, deployment: newest.id, idleMs });
}

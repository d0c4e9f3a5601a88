/** Runs commands in this process, from the environment to `run-finished`, against stand-ins with faults. */
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordedExchange } from '../../sandbox/exchange/recorded-exchange.ts';
import type { Fault } from '../../sandbox/exchange/faults.ts';
import type { SpaceBehaviour } from '../../sandbox/space/space-behaviour.ts';
import type { HubServer } from '../../sandbox/hub/hub.ts';
import { startNeon } from '../../sandbox/neon/neon.ts';
import { startQdrantCloud, type QdrantCloudStandIn } from '../../sandbox/qdrant-cloud/qdrant-cloud.ts';
import { startPostgres } from '../../sandbox/postgres/postgres.ts';
import { parseArguments } from '../../wizard/cli.ts';
import { failureOf, runCommand } from '../../wizard/commands/run-command.ts';
import type { Runtime } from '../../wizard/model/runtime.ts';
import type { RunEvent } from '../../wizard/model/run/event.ts';
import type { StepId } from '../../wizard/model/run/plan.ts';
import type { Prompt, Reply } from '../../wizard/model/question.ts';
import type { Renderer } from '../../wizard/model/renderer.ts';
import { emptyReport, finish, foldReport } from '../../wizard/model/run/report.ts';
import { withoutSecrets } from '../../wizard/model/secret.ts';
import { startSandboxServices } from '../wizard/steps/sandbox-services.ts';

/** Speed of the wizard's clock, so that waits and polls take almost no time. */
const speed = 200;
/** Every deadline while a vendor does not answer, in milliseconds. */
const shortDeadlineMs = 400;

export type FinishedEvent = Extract<RunEvent, { type: 'run-finished' }>;
export type HarnessRun = { events: readonly RunEvent[]; finished: FinishedEvent };

/** Replies to every prompt, like a renderer. */
export type ScriptedUser = {
  /** Overrides the harness's environment; an empty value counts as missing. */
  env?: Record<string, string>;
  /** Where the logins of other tools are. */
  home?: string;
  /** The working folder; a new one by default. */
  cwd?: string;
  /** The state folder, to know an earlier deployment; a new one by default. */
  stateDir?: string;
  /** Null waits until the question leaves the screen. */
  answer(prompt: Prompt): Reply | null;
};

export type FaultHarness = {
  /** Deploys to the Space and collection with this number; sends Ctrl-C at the start of `cancelAt`, if given. */
  deploy(n: number, cancelAt?: StepId): Promise<HarnessRun>;
  /** Deploys from a folder with this number, for which cluster and database are created. */
  deployCreating(n: number): Promise<HarnessRun>;
  /** Names of what was created for that folder. */
  created(n: number): { clusters: string[]; projects: string[]; keys: string[] };
  /** Runs a command interactively; the environment names no Space. */
  runInteractive(argv: readonly string[], person: ScriptedUser): Promise<HarnessRun>;
  /** The environment with all keys. */
  env: Readonly<Record<string, string>>;
  /** A temporary folder, removed by `close`. */
  folder: string;
  /** Id of a second project of the same account. */
  otherProject: string;
  /** Of a Neon account that has one project. */
  neonKey: string;
  /** Id of that project. */
  neonProject: string;
  /** Qdrant Cloud, with an account that has no cluster. */
  qdrantCloud: QdrantCloudStandIn;
  /** The value of a Space's secret. */
  secretOf(space: string, name: string): string;
  /** What becomes of codes to sign in at the Hub. */
  oauth: HubServer['oauth'];
  /** A Hub token of an account without a paid plan. */
  freeToken: string;
  /** Number of Spaces with this number in their name. */
  spaces(n: number): number;
  /** Makes one call fail until `clearFaults`. */
  addFault(call: string, kind: Fault['kind']): void;
  clearFaults(): void;
  /** The outcome of builds from now on. */
  setBuildOutcome(outcome: SpaceBehaviour['build']): void;
  /** Makes builds slow enough that their log is requested, also on a busy machine. */
  slowBuild(isSlow: boolean): void;
  /** Names of the vendors' calls since the last call of this function. */
  calls(): string[];
  /** The same with their answers. */
  exchanges(): readonly RecordedExchange[];
  close(): Promise<void>;
};

/** Starts the stand-ins and PostgreSQL in this process. */
export async function startFaultHarness(): Promise<FaultHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'fault-tests-'));
  // When the tests run as root, PostgreSQL runs as another user, who must be able to enter.
  chmodSync(folder, 0o755);
  const [vendors, postgres] = await Promise.all([
    // The Hub's five minutes, on the wizard's clock.
    startSandboxServices({ rateLimitWindowMs: 300_000 / speed }),
    startPostgres({ folder: join(folder, 'pg'), password: 'long-password-of-ana' }),
  ]);
  const { faults, record } = vendors;
  const neon = await startNeon({ faults, record, databases: postgres });
  await neon.addProject('earlier-project');
  // On the wizard's clock, by which keys expire.
  const qdrantCloud = await startQdrantCloud({ faults, record, now: () => performance.now() * speed });
  const { credentials } = vendors.context();
  const env = {
    HF_TOKEN: credentials.huggingface.token.reveal(),
    VERCEL_TOKEN: credentials.vercel.token.reveal(),
    GEMINI_API_KEY: credentials.gemini.key.reveal(),
    QDRANT_URL: credentials.qdrant.url.reveal(),
    QDRANT_API_KEY: credentials.qdrant.key?.reveal() ?? '',
    DATABASE_URL: postgres.url,
    HF_ENDPOINT: credentials.huggingface.endpoint,
    VERCEL_API_URL: credentials.vercel.apiUrl,
    GOOGLE_GEMINI_BASE_URL: credentials.gemini.baseUrl,
    NEON_API_URL: `${neon.url}/api/v2`,
    NEON_CLAIM_URL: neon.url,
    QDRANT_CLOUD_API_URL: qdrantCloud.url,
    VERCEL_PROJECT: 'sample-book',
    DOCS_DIR: vendors.context().settings.docsDir ?? '',
  };
  const runtimeWith = (values: Record<string, string>, signal: AbortSignal): Runtime => ({
    env: values,
    cwd: folder,
    home: folder,
    platform: 'linux',
    stateDir: join(folder, 'state'),
    payloadDir: vendors.payloadDir,
    version: '0.1.0',
    rehearsal: false,
    fetch,
    now: () => performance.now() * speed,
    sleep: (ms, options) => sleep(ms / speed, undefined, options),
    signal,
  });
  return {
    env,
    folder,
    otherProject: vendors.context({ project: 'plain-book' }).target.projectId ?? '',
    neonKey: neon.apiKey,
    neonProject: neon.ids()[0] ?? '',
    qdrantCloud,
    secretOf: (space, name) => vendors.hub.repositories.get(space)?.secrets.get(name)?.value ?? '',
    oauth: Object.assign(vendors.hub.oauth, { now: () => performance.now() * speed }),
    freeToken: vendors.hub.tokens.free,
    spaces: (n) => [...vendors.hub.repositories.keys()].filter((id) => id === `ana/book-${n}`).length,
    deploy: (n, cancelAt) => {
      const cancel = new AbortController();
      const own = { HF_SPACE: `ana/book-${n}`, QDRANT_COLLECTION: `book-${n}` };
      const runtime = runtimeWith({ ...env, ...own }, cancel.signal);
      return runToEnd({ runtime, argv: ['--yes', '--json'], person: null }, (event) => {
        if (event.type === 'step-started' && event.step === cancelAt) cancel.abort();
      });
    },
    deployCreating: (n) => {
      const own = {
        HF_SPACE: `ana/book-${n}`,
        QDRANT_COLLECTION: `book-${n}`,
        QDRANT_CLOUD_API_KEY: qdrantCloud.managementKey,
        NEON_API_KEY: neon.apiKey,
      };
      qdrantCloud.controls['mostFreeClusters']?.(99);
      neon.controls['mostProjects']?.(99);
      const { QDRANT_URL: _, QDRANT_API_KEY: __, DATABASE_URL: ___, ...others } = env;
      const cwd = join(folder, `create-${n}`);
      mkdirSync(cwd, { recursive: true });
      const runtime = runtimeWith({ ...others, ...own }, new AbortController().signal);
      const argv = ['--yes', '--json', '--create', 'neon,qdrant'];
      return runToEnd({ runtime: { ...runtime, cwd, stateDir: join(cwd, 'state') }, argv, person: null });
    },
    created: (n) => {
      const name = new RegExp(`^create-${n}-chat`);
      const { clusters, keys } = qdrantCloud.state();
      const projects = neon.state()['projects'] as { name: string }[];
      const names = (list: { name: string }[]): string[] => list.map((entry) => entry.name);
      return {
        clusters: names(clusters).filter((entry) => name.test(entry)),
        projects: names(projects).filter((entry) => name.test(entry)),
        keys: names(keys.filter(({ cluster }) => name.test(cluster))),
      };
    },
    runInteractive: (argv, person) => {
      const runtime = runtimeWith({ ...env, ...person.env }, new AbortController().signal);
      const own = mkdtempSync(join(folder, 'person-'));
      const { cwd = own, home = folder, stateDir = join(own, 'state') } = person;
      return runToEnd({ runtime: { ...runtime, cwd, home, stateDir }, argv, person });
    },
    setBuildOutcome: (outcome) => {
      vendors.behaviour.build = outcome;
    },
    addFault: (call, kind) => {
      vendors.faults.add({ call, kind });
      if (kind.type === 'wait') shortenDeadlines();
    },
    clearFaults: () => {
      vendors.faults.clear();
      restoreDeadlines();
    },
    slowBuild: (isSlow) => {
      vendors.behaviour.buildMs = isSlow ? 3_000 : 50;
    },
    exchanges: () => vendors.record.list(),
    calls: () => {
      const names = vendors.record.list().map(({ name }) => name);
      vendors.record.clear();
      return [...new Set(names)].sort();
    },
    close: async () => {
      restoreDeadlines();
      await Promise.all([vendors.close(), postgres.close(), neon.close(), qdrantCloud.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const realTimers = { timeout: AbortSignal.timeout, setTimeout: globalThis.setTimeout };

/** Deadlines use the platform’s clock, which cannot be injected: a vendor that does not answer would cost minutes. */
function shortenDeadlines(): void {
  AbortSignal.timeout = (ms) => realTimers.timeout.call(AbortSignal, Math.min(ms, shortDeadlineMs));
  // Those of requests are timers.
  const early = (work: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): NodeJS.Timeout =>
    realTimers.setTimeout(
      work,
      [5_000, 10_000, 15_000, 20_000, 30_000, 60_000, 120_000].includes(ms) ? shortDeadlineMs : ms,
      ...args,
    );
  globalThis.setTimeout = Object.assign(early, realTimers.setTimeout) as typeof setTimeout;
}

function restoreDeadlines(): void {
  AbortSignal.timeout = realTimers.timeout;
  globalThis.setTimeout = realTimers.setTimeout;
}

/** Runs a command as `main.ts` does, without a process. */
async function runToEnd(
  { runtime, argv, person }: { runtime: Runtime; argv: readonly string[]; person: ScriptedUser | null },
  onEvent: (event: RunEvent) => void = () => undefined,
): Promise<HarnessRun> {
  const command = parseArguments([...argv]);
  if (command.name === 'help' || command.name === 'version') throw new Error('no run');
  const { name, flags, operands } = command;
  const events: RunEvent[] = [];
  let report = emptyReport;
  const renderer: Renderer = {
    canAsk: person !== null,
    show: (event) => {
      events.push(event);
      onEvent(event);
    },
    ask: async (prompt, { signal }) => {
      if (person === null) throw new Error('this run is not interactive');
      await Promise.resolve();
      const reply = person.answer(prompt);
      if (reply !== null) return reply;
      if (!signal.aborted) await once(signal, 'abort');
      return { type: 'cancel' };
    },
    userActions: async function* () {},
    close: () => Promise.resolve(),
  };
  const emit = (event: RunEvent): void => {
    report = foldReport(report, event);
    renderer.show(withoutSecrets(event));
  };
  try {
    const leave = (deployment: FinishedEvent['deployment']): void =>
      void (report = { ...report, deployment });
    const done = await runCommand(name, {
      runtime,
      flags,
      operands,
      renderer,
      emit,
      setDeployment: leave,
    });
    report = { ...report, ...done };
  } catch (error) {
    const failure = failureOf(error, { signal: runtime.signal, isLeft: false, report }).report();
    report = { ...report, failure };
  }
  const finished = finish(report);
  emit(finished);
  return { events, finished };
}

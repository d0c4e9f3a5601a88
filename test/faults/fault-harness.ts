/** A whole `deploy`, from the environment to `run-finished`, in this process, against stand-ins that can be broken. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../sandbox/exchange/faults.ts';
import type { SpaceBehaviour } from '../../sandbox/space/space-behaviour.ts';
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

/** How many times faster than the vendors' clock the wizard's runs: waits and polls take next to nothing. */
const speed = 200;
/** What every deadline is while a vendor is mute, in milliseconds. */
const shortDeadlineMs = 400;

export type FinishedEvent = Extract<RunEvent, { type: 'run-finished' }>;
export type HarnessRun = { events: readonly RunEvent[]; finished: FinishedEvent };

/** Answers every prompt, as the renderer would. */
export type ScriptedUser = {
  /** Instead of what the stage gives; an empty value is none. */
  env?: Record<string, string>;
  /** The folder they stand in; a folder of their own where none is given. */
  cwd?: string;
  /** Their machine, by its state folder, where it knows of a Space; a new one where none is given. */
  stateDir?: string;
  answer(prompt: Prompt): Reply;
};

export type FaultHarness = {
  /** Deploys to a Space and a collection of this number, new or begun; Ctrl-C comes as a step begins, when one is named. */
  deploy(n: number, cancelAt?: StepId): Promise<HarnessRun>;
  /** Runs a command in front of a person, who is told nothing of a Space by the environment. */
  runInteractive(argv: readonly string[], person: ScriptedUser): Promise<HarnessRun>;
  /** The keys that it gives, by their names. */
  env: Readonly<Record<string, string>>;
  /** A folder that goes with it. */
  folder: string;
  /** Id of a second project of the same account. */
  otherProject: string;
  /** Of an account without a paid plan. */
  freeToken: string;
  /** How many Spaces there are of this number. */
  spaces(n: number): number;
  /** Breaks one call until `mend`. */
  addFault(call: string, kind: Fault['kind']): void;
  clearFaults(): void;
  /** What becomes of the builds from now on. */
  setBuildOutcome(outcome: SpaceBehaviour['build']): void;
  /** Builds take long enough for their log to be asked for, on a busy machine too. */
  slowBuild(isSlow: boolean): void;
  /** Names of the vendors' calls since the last time it was asked. */
  calls(): string[];
  close(): Promise<void>;
};

export async function startFaultHarness(): Promise<FaultHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'fault-stage-'));
  // PostgreSQL runs as another user when we are root, who must get through.
  chmodSync(folder, 0o755);
  const [vendors, postgres] = await Promise.all([
    startSandboxServices(),
    startPostgres({ folder: join(folder, 'pg'), password: 'long-password-of-ana' }),
  ]);
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
    VERCEL_PROJECT: 'sample-book',
    DOCS_DIR: vendors.context().settings.docsDir ?? '',
  };
  const worldWith = (values: Record<string, string>, signal: AbortSignal): Runtime => ({
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
    freeToken: vendors.hub.tokens.free,
    spaces: (n) => [...vendors.hub.repositories.keys()].filter((id) => id === `ana/book-${n}`).length,
    deploy: (n, cancelAt) => {
      const cancel = new AbortController();
      const own = { HF_SPACE: `ana/book-${n}`, QDRANT_COLLECTION: `book-${n}` };
      const world = worldWith({ ...env, ...own }, cancel.signal);
      return runToEnd({ world, argv: ['--yes', '--json'], person: null }, (event) => {
        if (event.type === 'step-started' && event.step === cancelAt) cancel.abort();
      });
    },
    runInteractive: (argv, person) => {
      const world = worldWith({ ...env, ...person.env }, new AbortController().signal);
      const own = mkdtempSync(join(folder, 'person-'));
      const { cwd = own, stateDir = join(own, 'state') } = person;
      return runToEnd({ world: { ...world, cwd, stateDir }, argv, person });
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
      vendors.behaviour.buildMs = isSlow ? 1_500 : 50;
    },
    calls: () => {
      const names = vendors.record.list().map(({ name }) => name);
      vendors.record.clear();
      return [...new Set(names)].sort();
    },
    close: async () => {
      restoreDeadlines();
      await Promise.all([vendors.close(), postgres.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const realTimers = { timeout: AbortSignal.timeout, setTimeout: globalThis.setTimeout };

/** A deadline is the platform’s clock, which nobody can be given: a mute vendor would cost minutes. */
function shortenDeadlines(): void {
  AbortSignal.timeout = (ms) => realTimers.timeout.call(AbortSignal, Math.min(ms, shortDeadlineMs));
  // The deadlines of Qdrant's client, of Gemini's batches and of the upload are timers.
  const early = (work: (...given: unknown[]) => void, ms = 0, ...given: unknown[]): NodeJS.Timeout =>
    realTimers.setTimeout(work, [30_000, 60_000, 120_000].includes(ms) ? shortDeadlineMs : ms, ...given);
  globalThis.setTimeout = Object.assign(early, realTimers.setTimeout) as typeof setTimeout;
}

function restoreDeadlines(): void {
  AbortSignal.timeout = realTimers.timeout;
  globalThis.setTimeout = realTimers.setTimeout;
}

/** As `main.ts` does it, without a process. */
async function runToEnd(
  { world, argv, person }: { world: Runtime; argv: readonly string[]; person: ScriptedUser | null },
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
    ask: (prompt) =>
      person === null
        ? Promise.reject(new Error('nobody is asked'))
        : Promise.resolve().then(() => person.answer(prompt)),
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
      runtime: world,
      flags,
      operands,
      renderer,
      emit,
      setDeployment: leave,
    });
    report = { ...report, ...done };
  } catch (error) {
    const failure = failureOf(error, { signal: world.signal, isLeft: false, report }).report();
    report = { ...report, failure };
  }
  const finished = finish(report);
  emit(finished);
  return { events, finished };
}

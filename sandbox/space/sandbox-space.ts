import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import type { Faults } from '../exchange/faults.ts';
import type { Reaper } from '../reaper.ts';
import type { ExchangeRecord } from '../exchange/exchange-record.ts';
import type { Container } from './container.ts';
import { buildSpace, collisionOf, buildFailure, logTimestamp, type BuildOutput } from './build-space.ts';
import { BuildError } from './dockerfile.ts';
import { openGateway, type Gateway } from './gateway.ts';
import type { SpaceBehaviour } from './space-behaviour.ts';
import { launchSpace } from './launch.ts';
import { SpaceLog } from './space-log.ts';
import type { SpaceFailure, SpaceSource, SpaceStage } from './space-stage.ts';
import { untilAborted } from './until-aborted.ts';

export type SpaceOptions = {
  home: string;
  behaviour: SpaceBehaviour;
  faults: Faults;
  record: ExchangeRecord;
  reaper: Reaper | null;
  source: () => SpaceSource;
  /** Whether a visitor may see the Space; a private one answers 404 to others. */
  maySee: (request: IncomingMessage) => boolean;
};

/**
 * A Space that really runs: it builds from committed files, starts the image's command, and goes through the
 * vendor's stages. Each transition (build, start, pause) aborts the previous one.
 */
export class SandboxSpace {
  readonly buildLog = new SpaceLog();
  readonly runLog = new SpaceLog();
  readonly #options: SpaceOptions;
  #gateway: Gateway | null = null;
  #stage: SpaceStage = 'NO_APP_FILE';
  #errorMessage: string | null = null;
  #output: BuildOutput | null = null;
  #serving: Container | null = null;
  #transition = new AbortController();
  #work: Promise<void> = Promise.resolve();

  /** Opens the Space's gateway; nothing runs before `build`. */
  static async open(options: SpaceOptions): Promise<SandboxSpace> {
    mkdirSync(options.home, { recursive: true, mode: 0o755 });
    const space = new SandboxSpace(options);
    space.#gateway = await openGateway({ ...options, target: (request) => space.#target(request) });
    return space;
  }

  private constructor(options: SpaceOptions) {
    this.#options = options;
  }

  get stage(): SpaceStage {
    return this.#stage;
  }

  get errorMessage(): string | null {
    return this.#errorMessage;
  }

  /** The origin that visitors use; it never changes. */
  get url(): string {
    return this.#gateway?.url ?? '';
  }

  get running(): { root: string; pid: number | null; port: number } | null {
    return this.#serving === null
      ? null
      : { root: this.#serving.root, pid: this.#serving.pid, port: this.#serving.port };
  }

  /** Builds after a commit or a factory restart, then starts; the old version serves meanwhile. */
  build(): void {
    // Only a restart ends a pause, and it must not start the image from before this commit.
    if (this.#stage === 'PAUSED') return void (this.#output = null);
    this.#enter(this.#serving === null ? 'BUILDING' : 'RUNNING_BUILDING');
    this.#begin((signal) => this.#runBuild(signal));
  }

  /** Restarts from the built image; the stage is BUILDING at first, as at the Hub. */
  restart(options: { factory: boolean }): void {
    this.#enter('BUILDING');
    this.#begin(async (signal) => {
      await this.#stopServing();
      signal.throwIfAborted();
      if (this.#output === null || options.factory) return this.#runBuild(signal);
      await sleep(this.#options.behaviour.settleMs, undefined, { signal });
      await this.#runStart(signal);
    });
  }

  /** Restarts a running or failed Space after a changed secret or variable, once for a burst of changes. */
  settingsChanged(): void {
    if (this.#stage === 'PAUSED' || this.#stage === 'SLEEPING' || this.#stage === 'NO_APP_FILE') return;
    // Variables are build arguments, so a build in progress starts again.
    const building = this.#stage === 'BUILDING' || this.#stage === 'RUNNING_BUILDING';
    if (this.#output === null || building) return this.build();
    this.#enter(this.#serving === null ? 'APP_STARTING' : 'RUNNING_APP_STARTING');
    this.#begin(async (signal) => {
      await sleep(this.#options.behaviour.settleMs, undefined, { signal });
      await this.#runStart(signal);
    });
  }

  pause(): void {
    this.force('PAUSED');
  }

  sleep(): void {
    this.force('SLEEPING');
  }

  /** Sets the stage and stops the process: for an old failure, or a stage that no client knows. */
  force(stage: SpaceStage, errorMessage: string | null = null): void {
    this.#enter(stage, errorMessage);
    this.#begin(() => this.#stopServing());
  }

  async close(): Promise<void> {
    this.#transition.abort();
    await this.#work;
    await this.#stopServing();
    await this.#gateway?.close();
    rmSync(this.#options.home, { recursive: true, force: true });
  }

  #wake(): void {
    if (this.#output === null) return this.build();
    this.#enter('APP_STARTING');
    this.#begin((signal) => this.#runStart(signal));
  }

  #enter(stage: SpaceStage, errorMessage: string | null = null): void {
    this.#stage = stage;
    this.#errorMessage = errorMessage;
  }

  /** Aborts the transition in progress, then runs this one. */
  #begin(work: (signal: AbortSignal) => Promise<void>): void {
    this.#transition.abort();
    const transition = new AbortController();
    this.#transition = transition;
    this.#work = this.#work.then(async () => {
      if (transition.signal.aborted) return;
      try {
        await work(transition.signal);
      } catch (error) {
        if (transition.signal.aborted) return;
        process.stderr.write(`sandbox: Space failed: ${String(error)}\n`);
        this.#enter('RUNTIME_ERROR', String(error));
      }
    });
  }

  async #runBuild(signal: AbortSignal): Promise<void> {
    const { behaviour, source } = this.#options;
    const outcome = buildSpace({ source: source(), log: this.buildLog });
    if (outcome === 'unsupported-sdk') return untilAborted(signal);
    if ('stage' in outcome) return this.#halt(outcome);
    await sleep(behaviour.buildMs, undefined, { signal });
    if (behaviour.build === 'stuck') return untilAborted(signal);
    if (behaviour.build === 'error') {
      const error = new BuildError('the sandbox is set to fail this build', 1);
      return this.#halt(buildFailure(error, this.buildLog));
    }
    this.buildLog.write('--> Pushing image\nDONE 0.1s');
    this.#output = outcome;
    await this.#runStart(signal);
  }

  async #runStart(signal: AbortSignal): Promise<void> {
    const source = this.#options.source();
    const collision = collisionOf(source);
    if (collision !== null) return this.#halt(collision);
    const output = this.#output;
    if (output === null) return;
    this.#enter(this.#serving === null ? 'APP_STARTING' : 'RUNNING_APP_STARTING');
    this.runLog.restart();
    this.runLog.write(`===== Application Startup at ${logTimestamp()} =====\n`);
    const container = await launchSpace({
      ...this.#options,
      output,
      settings: { ...source.variables, ...source.secrets, SPACE_ID: source.id },
      start: this.#options.behaviour.start,
      log: this.runLog,
    });
    const deadline = AbortSignal.timeout(output.startupTimeoutMs);
    const isUp = await container.listening(AbortSignal.any([signal, deadline]));
    if (signal.aborted) return container.stop();
    if (isUp) return this.#serve(container);
    if (deadline.aborted) {
      await container.stop();
      const minutes = output.startupTimeoutMs / 60_000;
      return this.#halt({
        stage: 'RUNTIME_ERROR',
        errorMessage: `Launch timed out, space was not healthy after ${minutes} min`,
      });
    }
    await this.#halt({ stage: 'RUNTIME_ERROR', errorMessage: this.#exitMessage(await container.exited) });
  }

  async #serve(container: Container): Promise<void> {
    const previous = this.#serving;
    this.#serving = container;
    this.#enter('RUNNING');
    void container.exited.then((outcome) => this.#ended(container, outcome));
    await previous?.stop();
  }

  #ended(container: Container, outcome: number | string): void {
    if (this.#serving !== container) return;
    this.#serving = null;
    if (this.#stage === 'RUNNING') this.#enter('RUNTIME_ERROR', this.#exitMessage(outcome));
    else if (this.#stage === 'RUNNING_BUILDING') this.#enter('BUILDING');
    else if (this.#stage === 'RUNNING_APP_STARTING') this.#enter('APP_STARTING');
  }

  /** Stops serving; a failed build also drops the previous image. */
  async #halt({ stage, errorMessage }: SpaceFailure): Promise<void> {
    if (stage !== 'RUNTIME_ERROR') this.#output = null;
    this.#enter(stage, errorMessage);
    await this.#stopServing();
  }

  async #stopServing(): Promise<void> {
    const serving = this.#serving;
    this.#serving = null;
    await serving?.stop();
  }

  #exitMessage(outcome: number | string): string {
    const lines = this.runLog
      .lines()
      .slice(-12)
      .map(({ data }) => data)
      .join('');
    return `Exit code: ${outcome}. Reason: ${lines}`;
  }

  #target(request: IncomingMessage): { port: number } | { status: number; message: string } {
    if (!this.#options.maySee(request))
      return { status: 404, message: 'Sorry, we can’t find the page you are looking for.' };
    if (this.#serving !== null) return { port: this.#serving.port };
    if (this.#stage === 'SLEEPING') this.#wake();
    return { status: 503, message: `Your space is not ready: its stage is ${this.#stage}.` };
  }
}

/**
 * A Space that really runs: builds from committed files, starts the image's command, and goes through the
 * vendor's stages. Each turn (build, start, pause) aborts the
 * one before it.
 */
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
  knobs: SpaceBehaviour;
  faults: Faults;
  record: ExchangeRecord;
  reaper: Reaper | null;
  source: () => SpaceSource;
  /** Whether a visitor may see the Space; a private one answers 404 to others. */
  maySee: (request: IncomingMessage) => boolean;
};

export class SandboxSpace {
  readonly buildLog = new SpaceLog();
  readonly runLog = new SpaceLog();
  readonly #options: SpaceOptions;
  #gateway: Gateway | null = null;
  #stage: SpaceStage = 'NO_APP_FILE';
  #errorMessage: string | null = null;
  #built: BuildOutput | null = null;
  #serving: Container | null = null;
  #turn = new AbortController();
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

  /** The origin that visitors use, for as long as the sandbox lives. */
  get url(): string {
    return this.#gateway?.url ?? '';
  }

  get running(): { root: string; pid: number | null; port: number } | null {
    return this.#serving === null
      ? null
      : { root: this.#serving.root, pid: this.#serving.pid, port: this.#serving.port };
  }

  /** A commit arrived, or a factory restart: builds, then starts; the old version serves meanwhile. */
  build(): void {
    // Only a restart ends a pause; it must not start what was built before.
    if (this.#stage === 'PAUSED') return void (this.#built = null);
    this.#enter(this.#serving === null ? 'BUILDING' : 'RUNNING_BUILDING');
    this.#begin((signal) => this.#runBuild(signal));
  }

  /** Restarts from the image that is built; the stage says BUILDING first, as the Hub's does. */
  restart(options: { factory: boolean }): void {
    this.#enter('BUILDING');
    this.#begin(async (signal) => {
      await this.#stopServing();
      signal.throwIfAborted();
      if (this.#built === null || options.factory) return this.#runBuild(signal);
      await sleep(this.#options.knobs.settleMs, undefined, { signal });
      await this.#runStart(signal);
    });
  }

  /** A secret or a variable changed: restarts a Space that runs or has failed, once for a burst of changes. */
  settingsChanged(): void {
    if (this.#stage === 'PAUSED' || this.#stage === 'SLEEPING' || this.#stage === 'NO_APP_FILE') return;
    // Variables are build arguments, so a build under way begins again.
    const building = this.#stage === 'BUILDING' || this.#stage === 'RUNNING_BUILDING';
    if (this.#built === null || building) return this.build();
    this.#enter(this.#serving === null ? 'APP_STARTING' : 'RUNNING_APP_STARTING');
    this.#begin(async (signal) => {
      await sleep(this.#options.knobs.settleMs, undefined, { signal });
      await this.#runStart(signal);
    });
  }

  pause(): void {
    this.force('PAUSED');
  }

  sleep(): void {
    this.force('SLEEPING');
  }

  /** Puts a Space into a stage by word alone, ending what runs: an old failure, or a stage nobody knows. */
  force(stage: SpaceStage, errorMessage: string | null = null): void {
    this.#enter(stage, errorMessage);
    this.#begin(() => this.#stopServing());
  }

  async close(): Promise<void> {
    this.#turn.abort();
    await this.#work;
    await this.#stopServing();
    await this.#gateway?.close();
    rmSync(this.#options.home, { recursive: true, force: true });
  }

  #wake(): void {
    if (this.#built === null) return this.build();
    this.#enter('APP_STARTING');
    this.#begin((signal) => this.#runStart(signal));
  }

  #enter(stage: SpaceStage, errorMessage: string | null = null): void {
    this.#stage = stage;
    this.#errorMessage = errorMessage;
  }

  /** Ends the turn that is under way, then takes this one. */
  #begin(work: (signal: AbortSignal) => Promise<void>): void {
    this.#turn.abort();
    const turn = new AbortController();
    this.#turn = turn;
    this.#work = this.#work.then(async () => {
      if (turn.signal.aborted) return;
      try {
        await work(turn.signal);
      } catch (error) {
        if (turn.signal.aborted) return;
        process.stderr.write(`sandbox: Space failed: ${String(error)}\n`);
        this.#enter('RUNTIME_ERROR', String(error));
      }
    });
  }

  async #runBuild(signal: AbortSignal): Promise<void> {
    const { knobs, source } = this.#options;
    const outcome = buildSpace({ source: source(), log: this.buildLog });
    if (outcome === 'foreign') return untilAborted(signal);
    if ('stage' in outcome) return this.#halt(outcome);
    await sleep(knobs.buildMs, undefined, { signal });
    if (knobs.build === 'stuck') return untilAborted(signal);
    if (knobs.build === 'error') {
      return this.#halt(
        buildFailure(new BuildError('the sandbox was told to fail this build', 1), this.buildLog),
      );
    }
    this.buildLog.write('--> Pushing image\nDONE 0.1s');
    this.#built = outcome;
    await this.#runStart(signal);
  }

  async #runStart(signal: AbortSignal): Promise<void> {
    const { home, knobs, reaper, source } = this.#options;
    const { secrets, variables, ...rest } = source();
    const collision = collisionOf({ secrets, variables, ...rest });
    if (collision !== null) return this.#halt(collision);
    const built = this.#built;
    if (built === null) return;
    this.#enter(this.#serving === null ? 'APP_STARTING' : 'RUNNING_APP_STARTING');
    this.runLog.restart();
    this.runLog.write(`===== Application Startup at ${logTimestamp()} =====\n`);
    const settings = { ...variables, ...secrets };
    const container = await launchSpace({
      built,
      home,
      settings,
      start: knobs.start,
      log: this.runLog,
      reaper,
    });
    const late = AbortSignal.timeout(built.startupTimeoutMs);
    const up = await container.listening(AbortSignal.any([signal, late]));
    if (signal.aborted) return container.stop();
    if (up) return this.#serve(container);
    if (late.aborted) {
      await container.stop();
      const minutes = built.startupTimeoutMs / 60_000;
      return this.#halt({
        stage: 'RUNTIME_ERROR',
        errorMessage: `Launch timed out, space was not healthy after ${minutes} min`,
      });
    }
    await this.#halt({ stage: 'RUNTIME_ERROR', errorMessage: this.#lastWords(await container.exited) });
  }

  async #serve(container: Container): Promise<void> {
    const before = this.#serving;
    this.#serving = container;
    this.#enter('RUNNING');
    void container.exited.then((how) => this.#ended(container, how));
    await before?.stop();
  }

  #ended(container: Container, how: number | string): void {
    if (this.#serving !== container) return;
    this.#serving = null;
    if (this.#stage === 'RUNNING') this.#enter('RUNTIME_ERROR', this.#lastWords(how));
    else if (this.#stage === 'RUNNING_BUILDING') this.#enter('BUILDING');
    else if (this.#stage === 'RUNNING_APP_STARTING') this.#enter('APP_STARTING');
  }

  /** A failed Space serves nothing; a failed build forgets the image before it. */
  async #halt({ stage, errorMessage }: SpaceFailure): Promise<void> {
    if (stage !== 'RUNTIME_ERROR') this.#built = null;
    this.#enter(stage, errorMessage);
    await this.#stopServing();
  }

  async #stopServing(): Promise<void> {
    const serving = this.#serving;
    this.#serving = null;
    await serving?.stop();
  }

  #lastWords(how: number | string): string {
    const words = this.runLog
      .lines()
      .slice(-12)
      .map(({ data }) => data)
      .join('');
    return `Exit code: ${how}. Reason: ${words}`;
  }

  #target(request: IncomingMessage): { port: number } | { status: number; say: string } {
    if (!this.#options.maySee(request))
      return { status: 404, say: 'Sorry, we can’t find the page you are looking for.' };
    if (this.#serving !== null) return { port: this.#serving.port };
    if (this.#stage === 'SLEEPING') this.#wake();
    return { status: 503, say: `Your space is not ready: its stage is ${this.#stage}.` };
  }
}

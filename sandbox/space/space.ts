/**
 * A Space that really runs: builds from committed files, starts the image's command, and goes through the
 * vendor's stages. Names of stages: huggingface_hub's SpaceStage. Each turn (build, start, pause) aborts the
 * one before it.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import type { Faults } from '../faults.ts';
import type { Reaper } from '../reaper.ts';
import type { ExchangeRecord } from '../record.ts';
import type { Container } from './container.ts';
import { BuildError } from './dockerfile.ts';
import { readFrontMatter } from './front-matter.ts';
import { openGateway, type Gateway } from './gateway.ts';
import { buildImage, type Image } from './image.ts';
import type { SpaceKnobs } from './knobs.ts';
import { launch } from './launch.ts';
import { SpaceLog } from './log.ts';
import { untilAborted } from './until-aborted.ts';

export type Stage =
  | 'NO_APP_FILE'
  | 'CONFIG_ERROR'
  | 'BUILDING'
  | 'BUILD_ERROR'
  | 'APP_STARTING'
  | 'RUNNING'
  | 'RUNNING_BUILDING'
  | 'RUNNING_APP_STARTING'
  | 'RUNTIME_ERROR'
  | 'PAUSED'
  | 'SLEEPING';

/** What a build and a start read from the repository at that moment. */
export type SpaceSource = {
  sha: string;
  files: ReadonlyMap<string, Buffer>;
  secrets: Record<string, string>;
  variables: Record<string, string>;
};

export type SpaceOptions = {
  home: string;
  knobs: SpaceKnobs;
  faults: Faults;
  record: ExchangeRecord;
  reaper: Reaper | null;
  source: () => SpaceSource;
  /** Whether a visitor may see the Space; a private one answers 404 to others. */
  maySee: (request: IncomingMessage) => boolean;
};

export class Space {
  readonly buildLog = new SpaceLog();
  readonly runLog = new SpaceLog();
  readonly #options: SpaceOptions;
  #gateway: Gateway | null = null;
  #stage: Stage = 'NO_APP_FILE';
  #errorMessage: string | null = null;
  #image: Image | null = null;
  #appPort = 7860;
  #startupTimeoutMs = 30 * 60_000;
  #serving: Container | null = null;
  #turn = new AbortController();
  #work: Promise<void> = Promise.resolve();

  /** Opens the Space's gateway; nothing runs before `build`. */
  static async open(options: SpaceOptions): Promise<Space> {
    mkdirSync(options.home, { recursive: true, mode: 0o755 });
    const space = new Space(options);
    space.#gateway = await openGateway({ ...options, target: (request) => space.#target(request) });
    return space;
  }

  private constructor(options: SpaceOptions) {
    this.#options = options;
  }

  get stage(): Stage {
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
    this.#enter(this.#serving === null ? 'BUILDING' : 'RUNNING_BUILDING');
    this.#begin((signal) => this.#runBuild(signal));
  }

  /** Restarts from the image that is built; the stage says BUILDING first, as the Hub's does. */
  restart(options: { factory: boolean }): void {
    this.#enter('BUILDING');
    this.#begin(async (signal) => {
      await this.#stopServing();
      if (this.#image === null || options.factory) return this.#runBuild(signal);
      await sleep(this.#options.knobs.settleMs, undefined, { signal });
      await this.#runStart(signal);
    });
  }

  /** A secret or a variable changed: restarts a Space that runs or has failed, once for a burst of changes. */
  settingsChanged(): void {
    if (this.#stage === 'PAUSED' || this.#stage === 'SLEEPING' || this.#stage === 'NO_APP_FILE') return;
    // Variables are build arguments, so a build under way begins again.
    const building = this.#stage === 'BUILDING' || this.#stage === 'RUNNING_BUILDING';
    if (this.#image === null || building) return this.build();
    this.#enter(this.#serving === null ? 'APP_STARTING' : 'RUNNING_APP_STARTING');
    this.#begin(async (signal) => {
      await sleep(this.#options.knobs.settleMs, undefined, { signal });
      await this.#runStart(signal);
    });
  }

  pause(): void {
    this.#rest('PAUSED');
  }

  sleep(): void {
    this.#rest('SLEEPING');
  }

  /** Puts a Space into a stage without running it: how the sandbox's old Spaces came to be. */
  found(stage: Stage, errorMessage: string | null): void {
    this.#enter(stage, errorMessage);
  }

  async close(): Promise<void> {
    this.#turn.abort();
    await this.#work;
    await this.#stopServing();
    await this.#gateway?.close();
    rmSync(this.#options.home, { recursive: true, force: true });
  }

  #wake(): void {
    if (this.#image === null) return this.build();
    this.#enter('APP_STARTING');
    this.#begin((signal) => this.#runStart(signal));
  }

  #enter(stage: Stage, errorMessage: string | null = null): void {
    this.#stage = stage;
    this.#errorMessage = errorMessage;
  }

  #rest(stage: 'PAUSED' | 'SLEEPING'): void {
    this.#enter(stage);
    this.#begin(() => this.#stopServing());
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
    const { sha, files, variables, secrets } = source();
    this.buildLog.restart();
    this.buildLog.write(`===== Build Queued at ${stamp()} / Commit SHA: ${sha.slice(0, 7)} =====\n`);
    const readme = readFrontMatter(files.get('README.md')?.toString('utf8') ?? '');
    if (readme === null || readme.sdk === null) {
      return this.#fail('CONFIG_ERROR', 'Missing configuration in README');
    }
    if (await this.#collides(secrets, variables)) return;
    if (!files.has('Dockerfile')) return this.#fail('NO_APP_FILE', 'No application file');
    this.#appPort = readme.appPort;
    this.#startupTimeoutMs = readme.startupTimeoutMs;
    try {
      const image = buildImage({
        files,
        buildArguments: variables,
        log: (line) => this.buildLog.write(line),
      });
      await sleep(knobs.buildMs, undefined, { signal });
      if (knobs.build === 'stuck') return await untilAborted(signal);
      if (knobs.build === 'error') throw new BuildError('the sandbox was told to fail this build', 1);
      this.buildLog.write('--> Pushing image\nDONE 0.1s');
      this.#image = image;
    } catch (error) {
      if (!(error instanceof BuildError)) throw error;
      this.#image = null;
      this.buildLog.write(`\nDockerfile:${error.line}\nERROR: ${error.message}`);
      return this.#fail(
        'BUILD_ERROR',
        `Job failed with exit code: 1. Reason: Dockerfile:${error.line}: ${error.message}`,
      );
    }
    await this.#runStart(signal);
  }

  async #runStart(signal: AbortSignal): Promise<void> {
    const { secrets, variables } = this.#options.source();
    const image = this.#image;
    if (image === null || (await this.#collides(secrets, variables))) return;
    this.#enter(this.#serving === null ? 'APP_STARTING' : 'RUNNING_APP_STARTING');
    this.runLog.restart();
    this.runLog.write(`===== Application Startup at ${stamp()} =====\n`);
    const { home, knobs, reaper } = this.#options;
    const settings = { ...variables, ...secrets };
    const container = await launch({
      image,
      home,
      settings,
      appPort: this.#appPort,
      start: knobs.start,
      log: this.runLog,
      reaper,
    });
    const late = AbortSignal.timeout(this.#startupTimeoutMs);
    const stop = AbortSignal.any([signal, late]);
    if (await container.listening(stop)) {
      const before = this.#serving;
      this.#serving = container;
      this.#enter('RUNNING');
      void container.exited.then((how) => this.#ended(container, how));
      await before?.stop();
      return;
    }
    if (signal.aborted) return container.stop();
    if (late.aborted) {
      await container.stop();
      return this.#fail(
        'RUNTIME_ERROR',
        `Launch timed out, space was not healthy after ${this.#startupTimeoutMs / 60_000} min`,
      );
    }
    await this.#fail('RUNTIME_ERROR', this.#lastWords(await container.exited));
  }

  #ended(container: Container, how: number | string): void {
    if (this.#serving !== container) return;
    this.#serving = null;
    if (this.#stage === 'RUNNING') this.#enter('RUNTIME_ERROR', this.#lastWords(how));
    else if (this.#stage === 'RUNNING_BUILDING') this.#enter('BUILDING');
    else if (this.#stage === 'RUNNING_APP_STARTING') this.#enter('APP_STARTING');
  }

  async #fail(stage: Stage, errorMessage: string): Promise<void> {
    this.#enter(stage, errorMessage);
    await this.#stopServing();
  }

  async #stopServing(): Promise<void> {
    const serving = this.#serving;
    this.#serving = null;
    await serving?.stop();
  }

  /** One name as secret and as variable keeps a Space from starting. */
  async #collides(secrets: Record<string, string>, variables: Record<string, string>): Promise<boolean> {
    if (!Object.keys(secrets).some((name) => name in variables)) return false;
    await this.#fail('CONFIG_ERROR', 'Collision on variables and secrets names');
    return true;
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

function stamp(): string {
  return new Date().toISOString().slice(0, 19).replace('T', ' ');
}

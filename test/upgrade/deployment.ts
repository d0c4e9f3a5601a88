/** A deployment that an earlier build made, with what its owner and readers have added since. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { earlierBuild, presentBuild, runBuild, sql, type Build, type Lane, type Run } from './lane.ts';
import { ReaderPage } from './reader-page.ts';
import { expectAnswer, firstQuestion, ownersChoice, type Frontend } from './scenario.ts';
import { updateByHand } from './update-by-hand.ts';
import { projectOwner, spaceOwner } from './vendor-accounts.ts';

/** What an update may not lose. */
export type Holdings = {
  messages: Record<string, unknown>[];
  spaceVariables: Record<string, string>;
  spaceSecrets: string[];
  projectVariables: { key: string; value: string; target: string[] }[];
};

const sites = fileURLToPath(new URL('../fixtures/upgrade/', import.meta.url));
const bundler = fileURLToPath(new URL('../../sandbox/sites/bundle.mjs', import.meta.url));
export class Deployment {
  readonly #lane: Lane;
  readonly space: string;
  readonly project: string;
  /** The site's source, a git repository. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly owner: ReturnType<typeof spaceOwner>;
  readonly #projectOwner: ReturnType<typeof projectOwner>;
  #page: ReaderPage | null = null;

  private constructor(lane: Lane, target: { space: string; name: string; databaseUrl: string }) {
    const { space, name, databaseUrl } = target;
    this.#lane = lane;
    this.space = space;
    this.project = name;
    this.folder = join(lane.folder, name);
    this.databaseUrl = databaseUrl;
    this.owner = spaceOwner(lane.sandbox, this.space);
    this.#projectOwner = projectOwner(lane.sandbox, name);
  }

  /** Deployed by the earlier build, then changed by its owner and used by a reader. */
  static async byEarlierBuild(
    lane: Lane,
    options: {
      frontend: Frontend;
      /** Of the project, the database, the collection and a new Space. */
      name: string;
      /** The Space to adopt; a new one of that name where none is given. */
      space?: string;
    },
  ): Promise<Deployment> {
    const { frontend, name, space = `ana/${name}` } = options;
    const database = name.replaceAll('-', '_');
    await sql(lane.sandbox.env['DATABASE_URL'] ?? '', `CREATE DATABASE ${database}`);
    const url = new URL(lane.sandbox.env['DATABASE_URL'] ?? '');
    url.pathname = `/${database}`;
    const deployment = new Deployment(lane, { space, name, databaseUrl: url.href });
    await deployment.#createProject(frontend);
    await deployment.deployWith(earlierBuild);
    await deployment.#setWhatOwnersSet();
    const reply = await deployment.page.ask(firstQuestion);
    expectAnswer(reply);
    await deployment.storedMessages(2);
    await deployment.#storeOldTurn();
    return deployment;
  }

  get page(): ReaderPage {
    if (this.#page === null) throw new Error(`${this.project} is not deployed.`);
    return this.#page;
  }

  /** All that is needed to run without a question. */
  get env(): Record<string, string> {
    return {
      ...this.#lane.sandbox.env,
      HF_SPACE: this.space,
      VERCEL_PROJECT: this.project,
      QDRANT_COLLECTION: this.project,
      DATABASE_URL: this.databaseUrl,
      XDG_STATE_HOME: this.#stateFolder,
    };
  }

  /** The owner's machine keeps the journal here. */
  get #stateFolder(): string {
    return join(this.#lane.folder, 'state', this.project);
  }

  run(build: Build, args: readonly string[]): Promise<Run> {
    return runBuild(build, { args, env: this.env, cwd: this.folder });
  }

  /** As CI does it: every key in the environment. */
  async updateUnattended(): Promise<void> {
    const run = await this.run(presentBuild, ['--frontend', this.folder]);
    expect(run.code, run.output.slice(-3000)).toBe(0);
  }

  /** On another day, in a terminal, with no key in the environment. */
  async updateByHand(): Promise<void> {
    await updateByHand({
      sandbox: this.#lane.sandbox,
      project: this.project,
      folder: this.folder,
      env: { XDG_STATE_HOME: this.#stateFolder, HOME: this.#lane.folder },
    });
  }

  async holdings(): Promise<Holdings> {
    const [messages, spaceVariables, spaceSecrets, projectVariables] = await Promise.all([
      sql(
        this.databaseUrl,
        'SELECT id, conversation_id, role, content, sources FROM messages ORDER BY created_at, id',
      ),
      this.owner.variables(),
      this.owner.secrets(),
      this.#projectOwner.variables(),
    ]);
    return { messages, spaceVariables, spaceSecrets, projectVariables };
  }

  /** The reader's conversation as the server gives it back, once it holds so many messages. */
  async storedMessages(count: number): Promise<{ role: string; content: string }[]> {
    const url = `${await this.owner.url()}/api/conversation/${this.page.conversation}`;
    let messages: { role: string; content: string }[] = [];
    await expect
      .poll(
        async () => {
          const response = await fetch(url);
          if (!response.ok) return `${response.status} ${await response.text()}`;
          ({ messages } = (await response.json()) as { messages: typeof messages });
          return messages.length;
        },
        { timeout: 30_000, interval: 100 },
      )
      .toBe(count);
    return messages;
  }

  /** What the model was last sent with this question: the conversation so far is in it. */
  async promptFor(question: string): Promise<string> {
    const exchanges = await this.#lane.sandbox.exchanges();
    const prompts = exchanges.filter(
      ({ vendor, requestBody }) => vendor === 'gemini' && requestBody.includes('systemInstruction'),
    );
    return prompts.findLast(({ requestBody }) => requestBody.includes(question))?.requestBody ?? '';
  }

  /** Waits until the Space runs exactly this build's server, and that one is healthy. */
  async serverOf(build: Build): Promise<void> {
    const built = readFileSync(join(build.folder, 'dist/space/server.js'), 'utf8');
    const isBuilt = (await this.owner.file('server.js')) === built;
    expect(isBuilt, `the Space holds the server of the ${build.name} build`).toBe(true);
    await this.healthy();
  }

  async healthy(): Promise<void> {
    const url = await this.owner.url();
    await expect
      .poll(async () => (await runtimeOf(this.#lane, this.space)).stage, { timeout: 60_000, interval: 100 })
      .toBe('RUNNING');
    await expect
      .poll(
        async () => {
          const response = await fetch(`${url}/api/health`).catch(() => null);
          return ((await response?.json().catch(() => null)) as { status: string } | null)?.status;
        },
        { timeout: 60_000, interval: 100 },
      )
      .toBe('healthy');
  }

  /** What a reader asked three years ago: older than any retention that this tool sets by itself. */
  async #storeOldTurn(): Promise<void> {
    await sql(
      this.databaseUrl,
      `with conversation as (
        insert into conversations (id, created_at, updated_at)
        values (gen_random_uuid(), now() - interval '3 years', now() - interval '3 years') returning id)
      insert into messages (id, conversation_id, role, content, sources, created_at)
      select gen_random_uuid(), id, role, 'Of three years ago', 'null', now() - interval '3 years'
      from conversation, unnest(array['user', 'assistant']) as role`,
    );
  }

  async #createProject(frontend: Frontend): Promise<void> {
    cpSync(join(sites, frontend), this.folder, { recursive: true });
    mkdirSync(this.#stateFolder, { recursive: true });
    this.#git('init', '-q', '-b', 'main');
    this.#commit('A book');
    const build = { command: [process.execPath, bundler, 'vite'], output: 'dist' };
    const { project: name, folder } = this;
    const site = { name, folder, framework: 'vite', build, repository: `ana/${name}` };
    await this.#lane.sandbox.setControls({ vercel: { site } });
  }

  /** A frontend that needs a change of its source gets it, and a second run once that is pushed. */
  async deployWith(build: Build): Promise<void> {
    const args = ['--frontend', this.folder, '--write-frontend'];
    let run = await this.run(build, args);
    if (this.#git('status', '--porcelain') !== '') {
      this.#commit('Wired');
      const push = { project: this.project, folder: this.folder, sha: this.#git('rev-parse', 'HEAD') };
      await this.#lane.sandbox.setControls({ vercel: { push } });
      run = await this.run(build, args);
    }
    expect(run.code, run.output.slice(-3000)).toBe(0);
    const deployed = run.events.at(-1)?.['deployment'] as { frontend: string } | undefined;
    this.#page ??= new ReaderPage(deployed?.frontend ?? '');
  }

  async #setWhatOwnersSet(): Promise<void> {
    const { spaceVariables, spaceSecret, origin, projectVariable } = ownersChoice;
    for (const [key, value] of Object.entries(spaceVariables)) await this.owner.setVariable(key, value);
    await this.owner.setSecret(spaceSecret, 'a secret of the owner');
    const { ALLOWED_ORIGINS = '' } = await this.owner.variables();
    await this.owner.setVariable('ALLOWED_ORIGINS', `${ALLOWED_ORIGINS},${origin}`);
    const { key, value, target } = projectVariable;
    await this.#projectOwner.setVariable(key, value, target);
    await restarted();
    await this.healthy();
  }

  #git(...args: string[]): string {
    const author = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com'];
    return execFileSync('git', [...author, ...args], { cwd: this.folder, encoding: 'utf8' }).trim();
  }

  #commit(title: string): void {
    this.#git('add', '.');
    this.#git('commit', '-q', '-m', title);
  }
}

/** The Hub restarts a Space a moment after its last changed setting; the sandbox after 150 ms. */
const restarted = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_000));

async function runtimeOf({ sandbox }: Lane, space: string): Promise<{ stage: string }> {
  const { HF_ENDPOINT, HF_TOKEN } = sandbox.env;
  const headers = { authorization: `Bearer ${HF_TOKEN}` };
  return (await (await fetch(`${HF_ENDPOINT}/api/spaces/${space}/runtime`, { headers })).json()) as {
    stage: string;
  };
}

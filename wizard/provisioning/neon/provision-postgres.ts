import { HttpFailure } from '../../clients/http-failure.ts';
import { Failure } from '../../model/failure.ts';
import { Secret } from '../../model/secret.ts';
import { readCreated, rememberCreated, type ClaimableDatabase } from '../created-file.ts';
import {
  createClaimable,
  createNeonAccount,
  readClaimable,
  type NeonClaimable,
  type NeonOptions,
  type NeonProject,
} from './neon-client.ts';

/** Where a database comes from: made at Neon without an account, or in the account of a key. */
export type PostgresSource =
  | { type: 'claimable' }
  | {
      type: 'account';
      /** An id; `new` for one that was not shown; null for what there is, else a new one. */
      project: string | 'new' | null;
      /** Ids of the projects that were shown. */
      shown?: readonly string[];
    };

export type ProvisionTools = NeonOptions & {
  stateDir: string;
  /** The folder of the book: a later run there uses what this one made. */
  folder: string;
  /** Of a project that is made. */
  name: string;
  key: Secret | null;
  /** Called before one is made. */
  onCreate?: (() => void) | undefined;
};

/** A database, with the link that makes it its holder's. */
export type ProvisionedPostgres = {
  url: Secret;
  /** In a sentence: what was made, or used again. */
  what: string;
  isNew: boolean;
  /** Id of the account's project; null without an account. */
  project: string | null;
  claim: { link: Secret; expiresAt: Date } | null;
};

/** Where Spaces run. */
const region = 'aws-us-east-1';

/**
 * Makes a database, or uses the one that an earlier run in this folder made: a run that was killed leaves no second one.
 * Between the call and the note of it a kill may leave a database without an account; that one is gone after 72 hours.
 *
 * @throws Failure, `neon-refused` with Neon's own words.
 */
export async function provisionPostgres(
  tools: ProvisionTools,
  source: PostgresSource,
): Promise<ProvisionedPostgres> {
  try {
    return await (source.type === 'claimable' ? claimable(tools) : inAccount(tools, source));
  } catch (error) {
    throw neonRefusal(error);
  }
}

async function claimable(tools: ProvisionTools): Promise<ProvisionedPostgres> {
  const earlier = await earlierClaimable(tools);
  if (earlier === null) tools.onCreate?.();
  const database = earlier ?? (await createClaimable(tools));
  const { id, claim_url: claimUrl, expires_at: expiresAt, connection_string: url } = database;
  const { stateDir, folder } = tools;
  await rememberCreated(stateDir, { type: 'neon-claimable', folder, id, claimUrl, expiresAt });
  const claim = { link: new Secret(claimUrl), expiresAt: new Date(expiresAt) };
  const how = earlier === null ? 'a database' : 'the database that was made before,';
  return {
    url: new Secret(url ?? ''),
    what: `${how} at Neon, without an account: 100 MB, until ${momentOf(claim.expiresAt)} unless it is claimed`,
    isNew: earlier === null,
    project: null,
    claim,
  };
}

/** `2026-12-02 at 20:30 UTC`. */
export function momentOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' at ')} UTC`;
}

/** Only while its connection string can still be read: not once it is claimed. */
async function earlierClaimable(tools: ProvisionTools): Promise<NeonClaimable | null> {
  const noted = (await readCreated(tools.stateDir)).find(
    (entry): entry is ClaimableDatabase => entry.type === 'neon-claimable' && entry.folder === tools.folder,
  );
  const seen = noted === undefined ? null : await readClaimable(tools, noted.id);
  return seen?.connection_string == null ? null : seen;
}

/** A project is looked up by its name before it is made: the call may have been answered in vain. */
async function inAccount(
  tools: ProvisionTools,
  { project: chosen, shown = [] }: Extract<PostgresSource, { type: 'account' }>,
): Promise<ProvisionedPostgres> {
  const { stateDir, folder, name: wanted, key } = tools;
  if (key === null) throw new TypeError('a project at Neon needs a key');
  const account = createNeonAccount(tools, key);
  const { organisation, projects } = await account.projects();
  const noted = (await readCreated(stateDir)).find(
    (entry) => entry.type === 'neon-project' && entry.folder === folder,
  );
  const own = noted?.type === 'neon-project' ? noted : null;
  const existing = projects.find((project) => {
    if (chosen !== null && chosen !== 'new') return project.id === chosen;
    // One that was shown, and was not chosen, is another one.
    if (chosen === 'new' && shown.includes(project.id)) return false;
    // Its name was free when it was noted, so without an id it is known by that.
    return own !== null && (own.id === null ? project.name === own.name : project.id === own.id);
  });
  if (existing !== undefined)
    return {
      url: new Secret(await account.connectionString(existing.id)),
      what: `the Neon project ${existing.name}`,
      isNew: false,
      project: existing.id,
      claim: null,
    };
  const name = freeName(wanted, projects);
  tools.onCreate?.();
  await rememberCreated(stateDir, { type: 'neon-project', folder, name, id: null });
  const { id } = await account.create({ name, region, organisation });
  await rememberCreated(stateDir, { type: 'neon-project', folder, name, id });
  const url = new Secret(await account.connectionString(id));
  const what = `the Neon project ${name}, made now in ${region}, with the limits of your plan`;
  return { url, what, isNew: true, project: id, claim: null };
}

/** Neon allows two projects of one name. */
function freeName(wanted: string, projects: readonly NeonProject[]): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (projects.every((project) => project.name !== name)) return name;
  }
}

/** An answer of Neon as the Failure that ends a run; `byHand` is what helps without its API. */
export function neonRefusal(
  error: unknown,
  byHand = 'make a database at https://console.neon.tech and paste its connection string.',
): unknown {
  if (!(error instanceof HttpFailure)) return error;
  const isAway = error.kind === 'unreachable';
  return new Failure({
    kind: isAway ? 'unreachable' : 'rejected',
    code: isAway ? 'neon-unreachable' : 'neon-refused',
    service: 'postgres',
    message: error.message,
    remedy: isAway
      ? `Wait some minutes and run again, or ${byHand}`
      : `Look at the limits of your Neon account, or ${byHand}`,
    cause: error,
  });
}

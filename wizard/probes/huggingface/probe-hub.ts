import type { z } from 'zod';
import type { Http } from '../../clients/http.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { Credentials, HubAccount, Probe, ProbeFailure } from '../../model/credential.ts';
import type { Secret } from '../../model/secret.ts';
import { dockerSpaces, type DockerSpaces, type HubGet } from './docker-spaces.ts';
import { readHubPermissions, hubPermissions, isSameName, type HubPermissions } from './hub-permissions.ts';
import { organisationSchema, spaceFactsSchema, whoamiSchema, type Whoami } from './hub-schemas.ts';
import { loginExpiry, tokenRemedy } from './login-expiry.ts';
import { verdictOf, rejected } from '../rejection.ts';

type Owners = HubAccount['owners'];

const tokenPage = 'https://huggingface.co/settings/tokens';

/**
 * Reads whose token it is, what it may write, and whether it can create a Docker Space. `space` is the `owner/name` that
 * the user gave: when it exists and may be taken over, no plan is needed. Since July 2026 a new Docker Space needs PRO or
 * an organisation's plan (402, hub-docs 2026-07-21).
 */
export async function probeHub(options: {
  token: Secret;
  /** Of the Hub, without a slash at the end. */
  endpoint: string;
  http: Http;
  signal: AbortSignal;
  space?: string | null;
}): Promise<Probe<Credentials['huggingface']>> {
  const { token, endpoint, http, space = null } = options;
  // When one call fails, those beside it are aborted.
  const halt = new AbortController();
  const signal = AbortSignal.any([options.signal, halt.signal]);
  if (!token.reveal().startsWith('hf_')) return notAToken;
  const headers = { authorization: `Bearer ${token.reveal()}` };
  const get: HubGet = (path, what, schema, onHeaders) => {
    const request = {
      service: 'huggingface',
      what,
      url: `${endpoint}${path}`,
      headers,
      schema,
      signal,
    } as const;
    return http.request({ ...request, ...(onHeaders !== undefined && { onHeaders }) });
  };
  try {
    // Once: this call has a stricter rate limit than all others.
    const whoami = await get('/api/whoami-v2', 'reading the account', whoamiSchema);
    const rights = readHubPermissions(whoami);
    const [{ owners, warnings }, existing] = await Promise.all([
      ownersOf({ whoami, rights, get }),
      space === null ? null : findSpace({ id: fullName(space, whoami), get }),
    ]);
    const account: HubAccount = {
      name: whoami.name,
      isPro: whoami.isPro ?? false,
      owners,
      role: rights.role,
    };
    const refusal =
      space === null
        ? await checkAccount({ account, get })
        : await checkSpace({ id: fullName(space, whoami), facts: existing, account, rights, get });
    if (refusal !== null) return refusal;
    return {
      verdict: 'accepted',
      message: `${whoami.name}, ${account.isPro ? 'PRO' : 'free account'}, ${validity(token)}`,
      credential: { token, endpoint, account },
      rights: hubPermissions({
        whoami,
        owner:
          space === null ? defaultOwner(account) : (fullName(space, whoami).split('/')[0] ?? whoami.name),
        owners: owners.map(({ name }) => name),
        page: tokenPage,
      }),
      ...(warnings.length > 0 && { warnings }),
    };
  } catch (error) {
    return verdictOf(error, { remedy: tokenRemedy(token, tokenPage) });
  } finally {
    halt.abort();
  }
}

/** Of a login, when it ends. */
function validity(token: Secret): string {
  const expiry = loginExpiry(token);
  return expiry === null ? 'token may write' : `login until ${expiry.toISOString().slice(0, 10)}`;
}

const notAToken = rejected({
  code: 'not-a-token',
  message: 'This is no Hugging Face token: those begin with hf_.',
  remedy: `Copy one from ${tokenPage}.`,
});

/** The namespaces that this token may create in, the account's own first, with the plan of each. */
async function ownersOf(options: {
  whoami: Whoami;
  rights: HubPermissions;
  get: HubGet;
}): Promise<{ owners: Owners; warnings: string[] }> {
  const { whoami, rights, get } = options;
  const warnings: string[] = [];
  const own = { name: whoami.name, canCreateDockerSpaces: whoami.isPro ?? false, plan: null };
  const organisations = (whoami.orgs ?? []).filter(({ name }) => rights.mayCreateIn(name));
  const others = organisations.map(async ({ name }) => {
    try {
      const path = `/api/organizations/${encodeURIComponent(name)}/overview`;
      const { plan } = await get(path, `reading the plan of ${name}`, organisationSchema);
      return { name, canCreateDockerSpaces: isPaid(plan), plan: plan ?? null };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      // The Hub has the last word when the Space is created.
      warnings.push(`The plan of ${name} could not be read.`);
      return { name, canCreateDockerSpaces: true, plan: null };
    }
  });
  const owners = [...(rights.mayCreateIn(whoami.name) ? [own] : []), ...(await Promise.all(others))];
  return { owners, warnings };
}

/** Where a Space is created when the user names none. */
function defaultOwner({ owners, name }: HubAccount): string {
  return owners.find(({ canCreateDockerSpaces }) => canCreateDockerSpaces)?.name ?? name;
}

function isPaid(plan: string | null | undefined): boolean {
  return plan != null && plan !== '' && plan !== 'free';
}

async function checkAccount(options: { account: HubAccount; get: HubGet }): Promise<ProbeFailure | null> {
  const { account, get } = options;
  if (account.owners.length === 0) return insufficientPermissions(account);
  if (account.owners.some((owner) => owner.canCreateDockerSpaces)) return null;
  return freePlan({ account, spaces: await dockerSpaces({ account, get }) });
}

function fullName(space: string, whoami: Whoami): string {
  return space.includes('/') ? space : `${whoami.name}/${space}`;
}

type SpaceFacts = z.infer<typeof spaceFactsSchema>;

/** Null when there is no such Space; another account's private one looks the same. */
async function findSpace({ id, get }: { id: string; get: HubGet }): Promise<SpaceFacts | null> {
  try {
    return await get(`/api/spaces/${id}`, `looking at the Space ${id}`, spaceFactsSchema);
  } catch (error) {
    if (error instanceof HttpFailure && (error.status === 404 || error.status === 401)) return null;
    throw error;
  }
}

async function checkSpace(options: {
  id: string;
  facts: SpaceFacts | null;
  account: HubAccount;
  rights: HubPermissions;
  get: HubGet;
}): Promise<ProbeFailure | null> {
  const { id, facts, account, rights, get } = options;
  if (facts !== null && !rights.mayWriteTo(id)) {
    return account.owners.length === 0 ? insufficientPermissions(account) : foreignOwner(id, account);
  }
  // An existing Docker Space takes commits on any plan; the create-space step decides whether to take it over.
  if (facts?.sdk === 'docker') return null;
  const owner = account.owners.find(({ name }) => isSameName(name, id.split('/')[0] ?? ''));
  if (owner === undefined) {
    return account.owners.length === 0 ? insufficientPermissions(account) : foreignOwner(id, account);
  }
  if (owner.canCreateDockerSpaces) return null;
  return freePlan({ account, spaces: await dockerSpaces({ account, get }), owner: owner.name });
}

function insufficientPermissions({ name, role }: HubAccount): ProbeFailure {
  const isFineGrained = role === 'fineGrained';
  return rejected({
    code: isFineGrained ? 'scope-missing' : 'token-read-only',
    message: isFineGrained
      ? `This fine-grained token of ${name} lacks "Write access to contents/settings of all repos" (repo.write).`
      : `This token of ${name} has role "${role}": it may read, not write.`,
    remedy: `Make one with role "write", or fine-grained with repo.write for ${name}, at ${tokenPage}.`,
  });
}

function foreignOwner(id: string, account: HubAccount): ProbeFailure {
  const names = account.owners.map(({ name }) => name).join(', ');
  return rejected({
    code: 'owner-not-writable',
    message: `This token may not write to ${id}.`,
    remedy: `Name a Space of ${names} with --space, or give a token that may write there (${tokenPage}).`,
  });
}

function freePlan(options: { account: HubAccount; spaces: DockerSpaces; owner?: string }): ProbeFailure {
  const { account, spaces, owner = account.name } = options;
  const { adoptable } = spaces;
  const owners = account.owners.flatMap(({ name, canCreateDockerSpaces: may }) => (may ? [name] : []));
  const existing = adoptable.length > 0 ? adoptable.slice(0, 3).join(' or ') : 'OWNER/NAME';
  const refusal = rejected({
    code: 'free-plan',
    message: `${owner} is on a free plan, which may not create Docker Spaces since July 2026.`,
    remedy:
      `Take over a Docker Space that you have (--space ${existing}), use an organisation with a plan, ` +
      `upgrade at https://huggingface.co/pro and run again, or host the server elsewhere and give --api-url.`,
  });
  return { ...refusal, alternatives: { ...spaces, owners } };
}

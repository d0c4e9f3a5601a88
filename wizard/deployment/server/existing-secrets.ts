import { readBookFile } from '../../../server/collection/book-file.ts';
import { secretNames, type SecretName } from '../../../server/contract.ts';
import type { HostedSecrets } from '../../clients/hub-schemas.ts';
import { currentFingerprint } from '../../hosting/hosted-settings.ts';
import { hostingOf } from '../../hosting/hosting-of.ts';
import type { RunContext } from '../context.ts';
import type { ExistingSecrets, ReusableService } from '../run-settings.ts';

const secretsByService: Record<ReusableService, readonly SecretName[]> = {
  gemini: ['GEMINI_API_KEY'],
  qdrant: ['QDRANT_URL', 'QDRANT_API_KEY'],
  postgres: ['DATABASE_URL'],
};
/** A cluster may need no key. */
const optionalSecrets: ReadonlySet<SecretName> = new Set(['QDRANT_API_KEY']);

/** The services whose secrets this tool wrote: those with a fingerprint, by which a change is recognised. */
export function reusableServices(secrets: HostedSecrets): ReusableService[] {
  const isMarked = (name: SecretName): boolean => currentFingerprint({ secrets }, name) !== null;
  const services = Object.entries(secretsByService) as [ReusableService, readonly SecretName[]][];
  return services
    .filter(([, names]) =>
      names.every((name) => isMarked(name) || (optionalSecrets.has(name) && !(name in secrets))),
    )
    .map(([service]) => service);
}

/** Names of the secrets that are kept. */
export function existingSecretNames({ services, secrets }: ExistingSecrets): SecretName[] {
  const names = new Set(services.flatMap((service) => secretsByService[service]));
  return secretNames.filter((name) => names.has(name) && name in secrets);
}

/** Name and fingerprint of each secret that is kept. */
export function secretFingerprints(existing: ExistingSecrets): [string, string][] {
  return existingSecretNames(existing).map((name) => [name, currentFingerprint(existing, name) ?? '']);
}

/** Whether the collection stays as it is, because reading and writing it needs both keys. */
export function isIndexKept(existing: ExistingSecrets | undefined): boolean {
  return (
    existing !== undefined && (existing.services.includes('gemini') || existing.services.includes('qdrant'))
  );
}

/** The current values of variables that depend on a key that is kept. */
export function existingVariables(
  { variables }: ExistingSecrets,
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = variables[name]?.value;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A file of the Space as text; null when it has none of that name. */
export function spaceFile(context: RunContext, path: string): Promise<string | null> {
  return context.state.spaceFile(path, () => hostingOf(context).readFile(path));
}

/** The title in the Space's README; null when this tool did not write it. */
export async function spaceTitle(context: RunContext): Promise<string | null> {
  const [, title] = /^title: (".*")$/m.exec((await spaceFile(context, 'README.md')) ?? '') ?? [];
  return title === undefined ? null : (JSON.parse(title) as string);
}

type SectionText = { title: string; headings: readonly string[]; content: string };

/** The sections in the Space's `book.json`; none without one. */
export async function spaceSections(context: RunContext): Promise<readonly SectionText[]> {
  const text = await spaceFile(context, 'book.json');
  try {
    return readBookFile(text)?.sections ?? [];
  } catch {
    return [];
  }
}

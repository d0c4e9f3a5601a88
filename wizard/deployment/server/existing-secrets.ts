import { readBookFile } from '../../../server/collection/book-file.ts';
import { secretNames, type SecretName } from '../../../server/contract.ts';
import type { SpaceSecrets } from '../../clients/hub-schemas.ts';
import { fingerprintIn } from '../../hosting/space/fingerprint.ts';
import { readSpaceFile } from '../../hosting/space/space-files.ts';
import type { RunContext } from '../context.ts';
import type { ExistingSecrets, ReusableService } from '../run-settings.ts';

const secretsByService: Record<ReusableService, readonly SecretName[]> = {
  gemini: ['GEMINI_API_KEY'],
  qdrant: ['QDRANT_URL', 'QDRANT_API_KEY'],
  postgres: ['DATABASE_URL'],
};
/** A cluster may be open to everybody. */
const optionalSecrets: ReadonlySet<SecretName> = new Set(['QDRANT_API_KEY']);

/** The services whose secrets stand in a Space as this tool wrote them: with the fingerprint that tells them apart. */
export function reusableServices(secrets: SpaceSecrets): ReusableService[] {
  const isMarked = (name: SecretName): boolean => fingerprintIn(secrets[name]?.description) !== null;
  const services = Object.entries(secretsByService) as [ReusableService, readonly SecretName[]][];
  return services
    .filter(([, names]) =>
      names.every((name) => isMarked(name) || (optionalSecrets.has(name) && !(name in secrets))),
    )
    .map(([service]) => service);
}

/** Names of the secrets that stay. */
export function existingSecretNames({ services, secrets }: ExistingSecrets): SecretName[] {
  const names = new Set(services.flatMap((service) => secretsByService[service]));
  return secretNames.filter((name) => names.has(name) && name in secrets);
}

/** Name and fingerprint of each secret that stays. */
export function secretFingerprints(kept: ExistingSecrets): [string, string][] {
  return existingSecretNames(kept).map((name) => [
    name,
    fingerprintIn(kept.secrets[name]?.description) ?? '',
  ]);
}

/** Whether the collection is out of reach: only who has both keys can look into it and write to it. */
export function isIndexKept(kept: ExistingSecrets | undefined): boolean {
  return kept !== undefined && (kept.services.includes('gemini') || kept.services.includes('qdrant'));
}

/** The variables that a key would have decided, as they stand. */
export function existingVariables(kept: ExistingSecrets, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = kept.variables[name]?.value;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A file of the Space as text; null when it has none of that name. */
export function spaceFile(context: RunContext, path: string): Promise<string | null> {
  return context.state.spaceFile(path, () => readSpaceFile(context, path));
}

/** The title that the Space's README was filled with; null when it is not ours. */
export async function spaceTitle(context: RunContext): Promise<string | null> {
  const [, title] = /^title: (".*")$/m.exec((await spaceFile(context, 'README.md')) ?? '') ?? [];
  return title === undefined ? null : (JSON.parse(title) as string);
}

type SectionText = { title: string; headings: readonly string[]; content: string };

/** The book as the Space keeps it; none when it keeps none. */
export async function spaceSections(context: RunContext): Promise<readonly SectionText[]> {
  const text = await spaceFile(context, 'book.json');
  try {
    return readBookFile(text)?.sections ?? [];
  } catch {
    return [];
  }
}

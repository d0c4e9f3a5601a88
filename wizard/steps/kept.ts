import { readBookFile } from '../../server/index/book-file.ts';
import { secretNames, type SecretName } from '../../server/contract.ts';
import type { SpaceSecrets } from '../clients/hub-schemas.ts';
import { fingerprintIn } from '../space/fingerprint.ts';
import { hubOf, type Kept, type KeptService, type RunContext } from './context.ts';
import { once } from './once.ts';

const secretsOf: Record<KeptService, readonly SecretName[]> = {
  gemini: ['GEMINI_API_KEY'],
  qdrant: ['QDRANT_URL', 'QDRANT_API_KEY'],
  postgres: ['DATABASE_URL'],
};
/** A cluster may be open to everybody. */
const optional: ReadonlySet<SecretName> = new Set(['QDRANT_API_KEY']);

/** The services whose secrets stand in a Space as this tool wrote them: with the fingerprint that tells them apart. */
export function keepable(secrets: SpaceSecrets): KeptService[] {
  const isMarked = (name: SecretName): boolean => fingerprintIn(secrets[name]?.description) !== null;
  const services = Object.entries(secretsOf) as [KeptService, readonly SecretName[]][];
  return services
    .filter(([, names]) =>
      names.every((name) => isMarked(name) || (optional.has(name) && !(name in secrets))),
    )
    .map(([service]) => service);
}

/** Names of the secrets that stay. */
export function keptNames({ services, secrets }: Kept): SecretName[] {
  const names = new Set(services.flatMap((service) => secretsOf[service]));
  return secretNames.filter((name) => names.has(name) && name in secrets);
}

/** Name and fingerprint of each secret that stays. */
export function keptMarks(kept: Kept): [string, string][] {
  return keptNames(kept).map((name) => [name, fingerprintIn(kept.secrets[name]?.description) ?? '']);
}

/** Whether the collection is out of reach: only who has both keys can look into it and write to it. */
export function isBookKept(kept: Kept | undefined): boolean {
  return kept !== undefined && (kept.services.includes('gemini') || kept.services.includes('qdrant'));
}

/** The variables that a key would have decided, as they stand. */
export function keptVariables(kept: Kept, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = kept.variables[name]?.value;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** A file of the Space as text; null when it has none of that name. */
export function standingFile(context: RunContext, path: string): Promise<string | null> {
  return once(context, `standing ${path}`, async () => {
    const { space } = context.target;
    const hub = hubOf(context);
    if (!(await hub.files(space)).some((file) => file.path === path)) return null;
    return (await hub.download({ space, path })).toString('utf8');
  });
}

/** The title that the Space's README was filled with; null when it is not ours. */
export async function standingTitle(context: RunContext): Promise<string | null> {
  const [, title] = /^title: (".*")$/m.exec((await standingFile(context, 'README.md')) ?? '') ?? [];
  return title === undefined ? null : (JSON.parse(title) as string);
}

type Text = { title: string; headings: readonly string[]; content: string };

/** The book as the Space keeps it; none when it keeps none. */
export async function standingSections(context: RunContext): Promise<readonly Text[]> {
  const text = await standingFile(context, 'book.json');
  try {
    return readBookFile(text)?.sections ?? [];
  } catch {
    return [];
  }
}

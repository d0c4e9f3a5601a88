import { secretNames, variableNames } from '../../../server/contract.ts';
import { targetsOf, type FrontendVariable } from '../../clients/vercel-schemas.ts';
import { fingerprintIn, marker } from '../fingerprint.ts';
import type { HostedSettings } from '../hosted-settings.ts';
import { functionVariables, type FunctionAccess } from './function-access.ts';

const serverNames: readonly string[] = [...secretNames, ...variableNames];

/** A team can make every variable sensitive: what is no secret is then kept in its comment, which has room for it. */
const readable = (value: string): string => `${marker} = ${value}`;
const longestComment = 500;

/** True for a server's variable that this tool wrote; the book's project may have the frontend's. */
export function isMarked({ key, comment }: FrontendVariable): boolean {
  if (!serverNames.includes(key)) return false;
  return comment === marker || valueIn(comment) !== null || fingerprintIn(comment) !== null;
}

/** The value in the comment of a variable that is sensitive and no secret; null where there is none. */
function valueIn(comment: string | null | undefined): string | null {
  return comment?.startsWith(readable('')) === true ? comment.slice(readable('').length) : null;
}

/** Sensitive variables are the secrets: Vercel never shows their values. */
export function settingsOf(all: readonly FrontendVariable[]): HostedSettings {
  const own = all
    .filter((variable) => variable.gitBranch == null && targetsOf(variable).includes('production'))
    .map((variable) => {
      const value = valueIn(variable.comment);
      return value === null ? variable : { ...variable, type: 'plain', value, comment: marker };
    });
  return {
    secrets: Object.fromEntries(
      own.filter(isSecret).map(({ key, comment }) => [key, { description: comment ?? null }]),
    ),
    variables: Object.fromEntries(
      own
        .filter((variable) => !isSecret(variable))
        .map(({ key, value, comment }) => [key, { value: value ?? '', description: comment ?? null }]),
    ),
  };
}

function isSecret({ type, value, decrypted }: FrontendVariable): boolean {
  return type === 'sensitive' || value == null || decrypted === false;
}

/** Writes a variable of production that is no secret. Returns all afterwards. */
export async function setPlainVariable(
  access: FunctionAccess,
  { key, value, isOurs }: { key: string; value: string; isOurs: boolean },
): Promise<HostedSettings['variables']> {
  const write = (comment: string): Promise<void> =>
    access.vercel.upsertVariable(access.place.name, {
      key,
      value,
      type: 'plain',
      target: 'production',
      comment,
    });
  await write(isOurs ? marker : '');
  const { variables, secrets } = settingsOf(await functionVariables(access));
  const kept = readable(value);
  if (variables[key]?.value === value || !(key in secrets) || !isOurs || kept.length > longestComment)
    return variables;
  await write(kept);
  return settingsOf(await functionVariables(access)).variables;
}

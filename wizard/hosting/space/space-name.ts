import type { HubAccount } from '../../model/credential.ts';
import { Failure } from '../../model/failure.ts';
import { misplacedKey } from '../../model/formats/misplaced-key.ts';

/** Repo ids of the Hub: 1 to 96 of `[A-Za-z0-9._-]`, no `--` or `..`, no `-` or `.` at either end. */
const repoName = /^(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?$/;

/**
 * `NAME` or `OWNER/NAME` as `OWNER/NAME`.
 *
 * @throws Failure `space-name-invalid`, also for a key that was pasted into the wrong field.
 */
export function parseSpaceName(raw: string, account: HubAccount): string {
  const [first = '', second, ...rest] = raw.trim().split('/');
  const owner = second === undefined ? account.name : first;
  const name = second ?? first;
  const key = misplacedKey(raw);
  if (key !== null) {
    throw invalid(
      `The name of the Space looks like ${key}.`,
      `Give OWNER/NAME, for example ${account.name}/book-chat. If that key was shown to others, replace it.`,
    );
  }
  if (rest.length > 0 || !repoName.test(owner) || !repoName.test(name) || name.endsWith('.git')) {
    throw invalid(
      `"${raw.slice(0, 100)}" is not the name of a Space.`,
      `Give OWNER/NAME, letters, digits, ".", "_" and single "-" only, for example ${account.name}/book-chat.`,
    );
  }
  return `${owner}/${name}`;
}

/** The Space's name by default: after the project, under the first owner that may create Spaces. */
export function defaultSpaceName(account: HubAccount, project: string): string {
  const owner = account.owners.find(({ canCreateDockerSpaces }) => canCreateDockerSpaces);
  const name = project
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${owner?.name ?? account.name}/${name === '' ? 'book' : name}-chat`;
}

function invalid(message: string, remedy: string): Failure {
  return new Failure({ kind: 'usage', code: 'space-name-invalid', message, remedy, service: 'huggingface' });
}

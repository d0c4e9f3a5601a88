/** Searches texts for secrets, in each form in which a value may be encoded. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A named text: `stdout of status`, `journal ana--book.json`. */
export type NamedText = readonly [name: string, text: string];

const secretNames = ['HF_TOKEN', 'VERCEL_TOKEN', 'GEMINI_API_KEY', 'QDRANT_API_KEY', 'DATABASE_URL'];

/** The secrets in an environment, including the database's password, URL-encoded and decoded. */
export function secretsIn(env: Readonly<Record<string, string>>): [name: string, value: string][] {
  const password = new URL(env['DATABASE_URL'] ?? '').password;
  return [
    ...secretNames.map((name): [string, string] => [name, env[name] ?? '']),
    ['password', password],
    ['decoded password', decodeURIComponent(password)],
  ];
}

/** A value raw, URL-encoded, JSON-escaped, and as base64 in both alphabets at each of the three offsets. */
export function encodedForms(value: string): string[] {
  const base64 = [0, 1, 2].flatMap((offset) =>
    (['base64', 'base64url'] as const).map((alphabet) =>
      Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
        .toString(alphabet)
        .slice(offset === 0 ? 0 : 4, -4),
    ),
  );
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...base64];
}

/** A value as a vendor may quote it: alone and within a longer text, in each encoding. */
export function quotedForms(value: string): string[] {
  const within = [`"${value}"`, `: ${value} `, `key=${value}&`];
  return [
    value,
    encodeURIComponent(value),
    JSON.stringify(value),
    ...[value, ...within].flatMap((text) => [
      Buffer.from(text).toString('base64'),
      Buffer.from(text).toString('base64url'),
    ]),
  ];
}

/** `GEMINI_API_KEY in stdout of status` for each leak. Throws when there is nothing to search for or in. */
export function findLeaks(options: {
  secrets: readonly (readonly [name: string, value: string])[];
  places: readonly NamedText[];
}): string[] {
  if (options.places.length === 0 || options.secrets.some(([, value]) => value.length < 6))
    throw new Error('nothing to search for, or nowhere to search');
  return options.places.flatMap(([place, text]) =>
    options.secrets
      .filter(([, value]) => encodedForms(value).some((form) => text.includes(form)))
      .map(([name]) => `${name} in ${place}`),
  );
}

/** Every file under a folder. */
export async function readFiles(folder: string): Promise<NamedText[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry): Promise<NamedText> => {
        const path = join(entry.parentPath, entry.name);
        return [`file ${path}`, await readFile(path, 'utf8')];
      }),
  );
}

/** The public texts of a Space: the files of its newest commit, and its variables. */
export async function publicTexts(
  env: Readonly<Record<string, string>>,
  space: string,
): Promise<NamedText[]> {
  const hub = env['HF_ENDPOINT'] ?? '';
  const headers = { authorization: `Bearer ${env['HF_TOKEN'] ?? ''}` };
  const tree = await fetch(`${hub}/api/spaces/${space}/tree/main?recursive=true`, { headers });
  const files = ((await tree.json()) as { path: string; type: string }[]).filter(
    ({ type }) => type === 'file',
  );
  const variables = await fetch(`${hub}/api/spaces/${space}/variables`, { headers });
  return [
    ['public variables', await variables.text()],
    ...(await Promise.all(
      files.map(async ({ path }): Promise<NamedText> => {
        const file = await fetch(`${hub}/spaces/${space}/resolve/main/${path}`, { headers });
        return [`uploaded ${path}`, await file.text()];
      }),
    )),
  ];
}

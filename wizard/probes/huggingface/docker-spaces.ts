import type { z } from 'zod';
import { HttpFailure } from '../../clients/http-failure.ts';
import { nextLink, readPages } from '../../clients/read-pages.ts';
import type { FreePlanAlternatives, HubAccount } from '../../model/credential.ts';
import { spaceListSchema } from './hub-schemas.ts';

/** A GET with the account's token; `path` begins with a slash. Throws HttpFailure. */
export type HubGet = <T>(
  path: string,
  what: string,
  schema: z.ZodType<T>,
  onHeaders?: (headers: Headers) => void,
) => Promise<T>;

export type DockerSpaces = Pick<FreePlanAlternatives, 'adoptable' | 'hidden'>;

/** Existing Docker Spaces, which a free account can still use. Empty when they cannot be listed. */
export async function dockerSpaces(options: { account: HubAccount; get: HubGet }): Promise<DockerSpaces> {
  const { account, get } = options;
  const first = `/api/spaces?author=${encodeURIComponent(account.name)}&limit=100`;
  const what = `listing the Spaces of ${account.name}`;
  try {
    const spaces = await readPages({
      service: 'huggingface',
      what,
      read: async (next) => {
        let following: string | null = null;
        const items = await get(next ?? first, what, spaceListSchema, (received) => {
          following = nextLink(received);
        });
        return { items, next: following };
      },
    });
    const docker = spaces.flatMap(({ id, sdk, private: isHidden }) =>
      id != null && sdk === 'docker' ? [{ id, isHidden: isHidden === true }] : [],
    );
    const ids = (hidden: boolean): string[] =>
      docker.filter(({ isHidden }) => isHidden === hidden).map(({ id }) => id);
    return { adoptable: ids(false), hidden: ids(true) };
  } catch (error) {
    if (error instanceof HttpFailure) return { adoptable: [], hidden: [] };
    throw error;
  }
}

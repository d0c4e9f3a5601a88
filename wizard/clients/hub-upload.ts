import { commit, HubApiError } from '@huggingface/hub';
import { Failure } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { deadline } from './deadline.ts';
import { HttpFailure, reasonOf, type HttpProblem } from './http-failure.ts';
import { redact } from './redact.ts';

/** One commit on `main`; resolves to its id. With `parent` it fails when someone else committed meanwhile. */
export type HubUpload = (options: {
  space: string;
  title: string;
  files: readonly { path: string; content: Buffer }[];
  /** Paths of files to delete. */
  removed?: readonly string[];
  parent: string | null;
}) => Promise<string>;

const what = 'uploading the server';
/** Milliseconds for one request of the package, which has no deadlines of its own. */
const longestMs = 120_000;

/**
 * Uploads through `@huggingface/hub`.
 *
 * @throws HttpFailure as every call of a vendor; Failure `space-changed` when `parent` is not the newest commit.
 */
export function createHubUpload({
  endpoint,
  token,
  fetch,
  signal,
}: {
  endpoint: string;
  token: Secret | null;
  fetch: typeof globalThis.fetch;
  signal: AbortSignal;
}): HubUpload {
  const fetchWithDeadline: typeof globalThis.fetch = (input, init) =>
    fetch(input, {
      ...init,
      signal: deadline({ signal: init?.signal ?? signal, ms: longestMs }),
    });
  return async ({ space, title, files, removed = [], parent }) => {
    try {
      const result = await commit({
        repo: { type: 'space', name: space },
        accessToken: token?.reveal() ?? '',
        hubUrl: endpoint,
        fetch: fetchWithDeadline,
        abortSignal: signal,
        branch: 'main',
        title,
        useXet: false,
        operations: [
          ...files.map(({ path, content }) => ({
            operation: 'addOrUpdate' as const,
            path,
            content: new Blob([new Uint8Array(content)]),
          })),
          ...removed.map((path) => ({ operation: 'delete' as const, path })),
        ],
        ...(parent === null ? {} : { parentCommit: parent }),
      });
      return result?.commit.oid ?? '';
    } catch (cause) {
      signal.throwIfAborted();
      throw uploadFailure(cause, { space, token });
    }
  };
}

function uploadProblem(cause: unknown): HttpProblem {
  if (cause instanceof SyntaxError) return { type: 'not-json', status: 200 };
  if (cause instanceof Error && cause.name === 'TimeoutError') return { type: 'timed-out', ms: longestMs };
  return { type: 'no-connection', detail: reasonOf(cause) };
}

function uploadFailure(cause: unknown, { space, token }: { space: string; token: Secret | null }): Failure {
  if (cause instanceof HubApiError && cause.statusCode === 412) {
    return new Failure({
      code: 'space-changed',
      service: 'huggingface',
      message: `Someone else committed to the Space ${space} while the server was being uploaded.`,
      remedy: 'Look at its latest commit, then run again.',
    });
  }
  const about = { service: 'huggingface', what } as const;
  if (!(cause instanceof HubApiError)) {
    return new HttpFailure({ problem: uploadProblem(cause), ...about, cause });
  }
  const bodyText = redact(JSON.stringify(cause.data ?? {}), token === null ? [] : [token.reveal()]);
  return new HttpFailure({
    problem: { type: 'status', status: cause.statusCode },
    ...about,
    bodyText,
    data: JSON.parse(bodyText) as unknown,
  });
}

import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { RouteCall, RouteReply } from '../../exchange/serve-routes.ts';
import type { ProjectFiles } from '../../frontend/site-source.ts';
import { badRequest, VercelApiError } from '../errors.ts';
import type { VercelState } from '../state.ts';

/** The type of a file in its mode, as in stat(2). */
const fileTypeBits = 0o170_000;
const folderBits = 0o040_000;

/** Body of `POST /v13/deployments`: a redeployment has `deploymentId`, a new deployment its files. */
export const createBody = z.looseObject({
  name: z.string().min(1).optional(),
  project: z.string().optional(),
  deploymentId: z.string().optional(),
  target: z.string().nullish(),
  meta: z.record(z.string(), z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
  build: z.looseObject({ env: z.record(z.string(), z.string()).optional() }).optional(),
  files: z
    .array(
      z.union([
        z.looseObject({ file: z.string(), sha: z.string() }),
        z.looseObject({
          file: z.string(),
          data: z.string(),
          encoding: z.enum(['utf-8', 'base64']).optional(),
        }),
        // An empty folder, as Vercel's own client sends it (@vercel/client 18.4.2): neither content nor digest.
        z.looseObject({
          file: z.string(),
          mode: z.number().refine((mode) => (mode & fileTypeBits) === folderBits),
          data: z.undefined().optional(),
          sha: z.undefined().optional(),
        }),
      ]),
    )
    .optional(),
});
type CreateBody = z.output<typeof createBody>;

/** The files of a request; throws `missing_files` with the digests that are not uploaded yet. */
export function sourceOf(state: VercelState, body: CreateBody): ProjectFiles {
  const files = body.files ?? [];
  if (files.length === 0) throw badRequest('Invalid request: `files` or `deploymentId` must be given.');
  const missing = files.flatMap((file) => (isDigest(file) && !state.uploads.has(file.sha) ? [file.sha] : []));
  if (missing.length > 0) {
    throw new VercelApiError({
      status: 400,
      code: 'missing_files',
      message: 'Missing files',
      extra: { missing: [...new Set(missing)] },
    });
  }
  return new Map(
    files.flatMap((file): [string, string][] => {
      if (isDigest(file)) return [[file.file, state.uploads.get(file.sha)?.toString('utf8') ?? '']];
      if (typeof file.data !== 'string') return [];
      const encoding = file['encoding'] === 'base64' ? 'base64' : 'utf8';
      return [[file.file, Buffer.from(file.data, encoding).toString('utf8')]];
    }),
  );
}

type FileInput = NonNullable<CreateBody['files']>[number];
const isDigest = (file: FileInput): file is FileInput & { sha: string } => typeof file['sha'] === 'string';

/** Stores a file for a later deployment by the SHA-1 of its bytes. */
export function upload(state: VercelState, call: RouteCall): RouteReply {
  const header = call.headers['x-now-digest'] ?? call.headers['x-vercel-digest'];
  const digest = createHash('sha1').update(call.body).digest('hex');
  if (header !== undefined && header !== digest)
    throw badRequest('The digest does not match the content of the file.');
  state.uploads.set(digest, call.body);
  return { json: { urls: [] } };
}

import { createHash } from 'node:crypto';
import type { RouteCall, RouteReply, Route } from '../../exchange/serve-routes.ts';
import { HubApiError } from '../hub-api-error.ts';
import { writableRepository, type HubState } from '../state.ts';

const LFS = 'application/vnd.git-lfs+json';

/** Large files by git-lfs with the basic transfer; the multipart and Xet transfers are not imitated. */
export function lfsRoutes(state: HubState): Route[] {
  return [
    {
      method: 'POST',
      path: '/spaces/:owner/:name.git/info/lfs/objects/batch',
      name: 'lfs-batch',
      handle: (call) => batch(state, call),
    },
    {
      method: 'PUT',
      path: '/lfs/:oid',
      name: 'lfs-upload',
      writes: true,
      handle: (call) => upload(state, call),
    },
  ];
}

function batch(state: HubState, call: RouteCall): RouteReply {
  writableRepository(state, call);
  const { objects = [] } = call.json() as { objects?: { oid: string; size: number }[] };
  const answers = objects.map(({ oid, size }) => {
    if (state.lfs.has(oid)) return { oid, size };
    return {
      oid,
      size,
      authenticated: true,
      actions: { upload: { href: `${state.url()}/lfs/${oid}`, expires_in: 900 } },
    };
  });
  return { json: { transfer: 'basic', objects: answers }, headers: { 'content-type': LFS } };
}

function upload(state: HubState, call: RouteCall): RouteReply {
  const oid = createHash('sha256').update(call.body).digest('hex');
  if (oid !== call.params['oid']) throw new HubApiError(400, 'The content does not match its SHA-256');
  state.lfs.set(oid, call.body);
  return { text: '' };
}

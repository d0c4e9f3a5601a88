import type { RouteReply } from '../exchange/serve-routes.ts';

/** gRPC's codes, with the status that its gateway answers: https://grpc.github.io/grpc/core/md_doc_statuscodes.html */
const codes = {
  'invalid-argument': { code: 3, status: 400 },
  'not-found': { code: 5, status: 404 },
  'permission-denied': { code: 7, status: 403 },
  'resource-exhausted': { code: 8, status: 429 },
  'failed-precondition': { code: 9, status: 400 },
  unauthenticated: { code: 16, status: 401 },
} as const;

/** `{code, message, details}`, as all of the control plane's errors. */
export function cloudError(type: keyof typeof codes, message: string): RouteReply {
  const { code, status } = codes[type];
  return { status, json: { code, message, details: [] } };
}

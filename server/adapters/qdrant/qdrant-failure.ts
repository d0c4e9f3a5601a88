import { ServerFailure } from '../../failure.ts';

/** Converts Qdrant's error response to a ServerFailure; 401 and 403 have a plain-text body, others JSON (Qdrant's source). */
export function qdrantFailure({
  status,
  body,
  collection,
  retryAfter,
}: {
  status: number;
  body: string;
  collection: string;
  /** The header's value, in seconds. */
  retryAfter?: string | null;
}): ServerFailure {
  const detail = new Error(`Qdrant answered ${status}: ${body.slice(0, 300)}`);
  if (status === 401 || status === 403)
    return new ServerFailure({
      code: 'qdrant-key-rejected',
      message: 'Qdrant rejects the API key.',
      remedy: 'Create a new key for this cluster in the Qdrant Cloud console and set QDRANT_API_KEY.',
      cause: detail,
    });
  if (status === 404 && /doesn't exist/.test(body))
    return new ServerFailure({
      code: 'qdrant-collection-missing',
      message: `Qdrant has no collection "${collection}".`,
      remedy: 'Index the book: npx rag-space-setup index',
      cause: detail,
    });
  if (status === 404)
    return new ServerFailure({
      code: 'qdrant-cluster-missing',
      message: 'No Qdrant cluster answers at QDRANT_URL.',
      remedy:
        'Open the Qdrant Cloud console: a free cluster is suspended when idle. Resume it, or copy its address.',
      cause: detail,
    });
  if (status === 409)
    return new ServerFailure({
      code: 'qdrant-collection-exists',
      message: `Qdrant has a collection "${collection}" already.`,
      remedy: 'Choose another QDRANT_COLLECTION.',
      cause: detail,
    });
  if (status === 400 || status === 422)
    return new ServerFailure({
      code: /dimension/i.test(body) ? 'qdrant-dimension-mismatch' : 'qdrant-request-refused',
      message: `Qdrant rejected the request for collection "${collection}".`,
      remedy: 'Index the book again: npx rag-space-setup index',
      cause: detail,
    });
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ServerFailure({
    code: status === 429 ? 'qdrant-busy' : 'qdrant-unavailable',
    message: `Qdrant responded with status ${status}.`,
    remedy: 'Wait a minute, then look at the cluster in the Qdrant Cloud console.',
    cause: detail,
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
  });
}

/** For a call that got no response. */
export function qdrantUnreachable(cause: unknown): ServerFailure {
  return new ServerFailure({
    code: 'qdrant-unreachable',
    message: 'Qdrant does not answer.',
    remedy: 'Check QDRANT_URL and that the cluster runs; a Space may only go out on ports 80, 443 and 8080.',
    cause,
  });
}

/** For a response with status 200 whose body is not Qdrant's. */
export function qdrantUnreadable(cause: unknown): ServerFailure {
  return new ServerFailure({
    code: 'qdrant-unreadable',
    message: 'What answers at QDRANT_URL is not Qdrant.',
    remedy: "Copy the cluster's endpoint from the Qdrant Cloud console into QDRANT_URL.",
    cause,
  });
}

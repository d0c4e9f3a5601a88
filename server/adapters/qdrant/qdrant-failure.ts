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
  const sentence = engineSentence(body);
  if (status === 401 || status === 403) return keyFailure(sentence, detail);
  if (status === 404 && /doesn't exist/.test(body))
    return new ServerFailure({
      code: 'qdrant-collection-missing',
      message: `Qdrant has no collection "${collection}".`,
      remedy: 'Index the book: npx rag-space-setup index',
      cause: detail,
    });
  if (status === 404 && /^Not found: (No point|Point) with id/.test(sentence))
    return new ServerFailure({
      code: 'qdrant-point-missing',
      message: `A section was removed from ${collection} while it was written: ${sentence}`,
      remedy: 'Index the book again, which writes it again: npx rag-space-setup index',
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
  if (status === 507)
    return new ServerFailure({
      code: 'qdrant-full',
      message: `Qdrant has no space left: ${sentence}`,
      remedy:
        'Delete collections that are not needed, or take a larger cluster, in the Qdrant Cloud console.',
      cause: detail,
    });
  if (status === 400 || status === 422) return requestFailure({ sentence, collection, cause: detail });
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ServerFailure({
    code: status === 429 ? 'qdrant-busy' : 'qdrant-unavailable',
    message: `Qdrant responded with status ${status}.`,
    remedy: 'Wait a minute, then look at the cluster in the Qdrant Cloud console.',
    cause: detail,
    ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {}),
  });
}

/** The engine's own sentence, on one line: `{"status":{"error":…}}`, or plain text. Its messages hold no key. */
function engineSentence(body: string): string {
  let text = body;
  try {
    const { status } = JSON.parse(body) as { status?: { error?: unknown } };
    if (typeof status?.error === 'string') text = status.error;
  } catch {
    // Plain text.
  }
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
}

/** A known key that may not do this is refused in JSON, `Forbidden: …`; one that is not accepted in plain text. */
function keyFailure(sentence: string, cause: Error): ServerFailure {
  const isKnown = sentence.startsWith('Forbidden: ');
  const isExpired = sentence.includes('ExpiredSignature');
  const reason = isExpired
    ? ' It has expired.'
    : sentence.includes('InvalidSignature')
      ? ' It was made for another cluster.'
      : '';
  return new ServerFailure({
    code: isKnown ? 'qdrant-unauthorized' : 'qdrant-key-rejected',
    message: isKnown
      ? `Qdrant does not allow this with its API key: ${sentence.replace('Forbidden: ', '')}.`
      : `Qdrant rejects the API key.${reason}`,
    remedy: isKnown
      ? 'Give QDRANT_API_KEY a key that may do this; the Qdrant Cloud console creates them.'
      : 'Create a new key for this cluster in the Qdrant Cloud console and set QDRANT_API_KEY.',
    cause,
  });
}

/** The beginnings of the engine's sentences, in 316 answers of 1.19. A gateway's own text is not shown in public health. */
const engineForm =
  /^(?:Bad request|Wrong input|(?:Format|Validation) error in [a-z ]+|Not found|JSON payload \()/i;

/** What the engine does not accept: its sentence names limit and value. */
function requestFailure({
  sentence,
  collection,
  cause,
}: {
  sentence: string;
  collection: string;
  cause: Error;
}): ServerFailure {
  const isDimension = /dimension/i.test(sentence);
  const [, limit] = /^Bad request: Limit exceeded \d+ > (\d+) for /.exec(sentence) ?? [];
  const isStrict = sentence.startsWith('Bad request: ');
  return new ServerFailure({
    code: isDimension ? 'qdrant-dimension-mismatch' : 'qdrant-request-refused',
    message: `Qdrant refused a request for the collection ${collection}${engineForm.test(sentence) ? `: ${sentence}` : '.'}`,
    remedy: isDimension
      ? 'The collection has vectors of another model: name another one in QDRANT_COLLECTION and index the book there.'
      : isStrict
        ? `The collection’s strict mode sets this limit: raise it in the Qdrant Cloud console.`
        : `Look at the collection ${collection} in the Qdrant Cloud console.`,
    cause,
    ...(limit === undefined ? {} : { limit: Number(limit) }),
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

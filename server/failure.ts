/**
 * An error that the caller cannot handle, written for a person: `message` says what happened, `remedy` what to type or
 * click. `code` is kebab-case and stable. `cause` is for logs only and never leaves the process. The wizard's own
 * `Failure` also has an exit code.
 */
export class ServerFailure extends Error {
  /** The log prints this name; it is older than the class's. */
  override readonly name = 'Failure';
  readonly code: string;
  readonly remedy: string;
  /** How long the vendor asks to wait before a retry, in milliseconds; absent when it names no time. */
  readonly retryAfterMs?: number;
  /** How much the vendor allows at once of what was asked for; absent when it refused for another reason. */
  readonly limit?: number;

  constructor(options: {
    code: string;
    message: string;
    remedy: string;
    cause?: unknown;
    retryAfterMs?: number;
    limit?: number;
  }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.remedy = options.remedy;
    if (options.limit !== undefined) this.limit = options.limit;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }
}

/** An error response of the Hub: status, the `error` of its body, and its `X-Error-Code`. */
export class HubApiError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly extra: Record<string, string>;

  constructor(
    status: number,
    message: string,
    options: { code?: string; more?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = options.code ?? null;
    this.extra = options.more ?? {};
  }
}

import type { z } from 'zod';
import type { Http, HttpRequest } from '../clients/http.ts';
import type { Service } from '../model/service.ts';

/** One call of an account's API. Throws HttpFailure. */
export type VendorCall = <T>(
  schema: z.ZodType<T>,
  path: string,
  what: string,
  request?: Partial<HttpRequest>,
) => Promise<T>;

/** The calls of one account, all under the same key. */
export function vendorCalls(
  { http, signal }: { http: Http; signal: AbortSignal },
  options: { service: Service; vendor: string; baseUrl: string; authorization: string },
): VendorCall {
  const { service, vendor, baseUrl, authorization } = options;
  return (schema, path, what, request = {}) =>
    http.request({
      service,
      vendor,
      what,
      url: `${baseUrl}${path}`,
      headers: { authorization },
      schema,
      signal,
      ...request,
    });
}

import { Failure } from '../failure.ts';

/** Where the vendors answer, without a slash at the end; Qdrant and Postgres carry theirs in the value. */
export type Endpoints = { hf: string; vercel: string; gemini: string };

const vendorEndpoints: Endpoints = {
  hf: 'https://huggingface.co',
  vercel: 'https://api.vercel.com',
  gemini: 'https://generativelanguage.googleapis.com',
};

/** A host on this machine: the only kind that may be spoken to without TLS. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(hostname);
}

const variables = { hf: 'HF_ENDPOINT', vercel: 'VERCEL_API_URL', gemini: 'GOOGLE_GEMINI_BASE_URL' } as const;

/** The addresses without slashes at their ends. Keys go there: throws Failure `insecure-endpoint` for http elsewhere. */
export function secureEndpoints(endpoints: Endpoints): Endpoints {
  const secure = { ...endpoints };
  for (const name of ['hf', 'vercel', 'gemini'] as const) {
    secure[name] = secureEndpoint(variables[name], endpoints[name]);
  }
  return secure;
}

/** The address without slashes at its end; `variable` names it. Throws Failure `insecure-endpoint` for http elsewhere. */
export function secureEndpoint(variable: string, address: string): string {
  const text = address.trim().replace(/\/+$/, '');
  const url = URL.canParse(text) ? new URL(text) : null;
  const isSecure = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (isSecure) return text;
  throw new Failure({
    kind: 'usage',
    code: 'insecure-endpoint',
    message: `${variable} is no https address.`,
    remedy: 'Give an address that begins with https://; http is for hosts of this machine only.',
  });
}

/** The vendors' addresses, or those that stand in for them. Throws Failure `insecure-endpoint` (usage). */
export function endpointsFrom(env: Readonly<Record<string, string | undefined>>): Endpoints {
  return secureEndpoints({
    hf: env[variables.hf]?.trim() || vendorEndpoints.hf,
    vercel: env[variables.vercel]?.trim() || vendorEndpoints.vercel,
    gemini: env[variables.gemini]?.trim() || vendorEndpoints.gemini,
  });
}

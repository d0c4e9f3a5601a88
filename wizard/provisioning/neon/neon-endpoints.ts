import { secureEndpoint } from '../../model/formats/endpoints.ts';

/** Neon's API and its service for databases without an account, or what stands in for them. Throws Failure `insecure-endpoint`. */
export function neonEndpoints(env: Readonly<Record<string, string | undefined>>): {
  apiUrl: string;
  claimUrl: string;
} {
  return {
    apiUrl: secureEndpoint('NEON_API_URL', env['NEON_API_URL']?.trim() || 'https://console.neon.tech/api/v2'),
    claimUrl: secureEndpoint('NEON_CLAIM_URL', env['NEON_CLAIM_URL']?.trim() || 'https://neon.new'),
  };
}

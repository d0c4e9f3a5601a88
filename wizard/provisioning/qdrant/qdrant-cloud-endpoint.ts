import { secureEndpoint } from '../../model/formats/endpoints.ts';

/** Qdrant Cloud's API, or what stands in for it. Throws Failure `insecure-endpoint`. */
export function qdrantCloudEndpoint(env: Readonly<Record<string, string | undefined>>): string {
  const url = env['QDRANT_CLOUD_API_URL']?.trim() || 'https://api.cloud.qdrant.io';
  return secureEndpoint('QDRANT_CLOUD_API_URL', url).replace(/\/$/, '');
}

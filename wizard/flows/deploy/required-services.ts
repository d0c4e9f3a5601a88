import type { Flags } from '../../model/command.ts';
import { services, type Service } from '../../model/service.ts';

/** The services that a deployment's steps use: no other credential is asked for. */
export function requiredServices({
  apiUrl,
  hosting,
  noFrontend,
  noIndex,
}: Pick<Flags, 'apiUrl' | 'hosting' | 'noFrontend' | 'noIndex'>): Service[] {
  const hasServer = apiUrl === null;
  const isOnVercel = hasServer && hosting === 'vercel';
  const uses: Record<Service, boolean> = {
    huggingface: hasServer && !isOnVercel,
    vercel: !noFrontend || isOnVercel,
    gemini: hasServer || !noIndex,
    // Also without indexing: the proof asks about what the collection holds.
    qdrant: true,
    postgres: hasServer,
  };
  return services.filter((service) => uses[service]);
}

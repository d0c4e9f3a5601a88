import type { Flags } from '../../model/command.ts';
import { services, type Service } from '../../model/service.ts';

/** The services that a deployment's steps use: no other credential is asked for. */
export function requiredServices({
  apiUrl,
  noFrontend,
  noIndex,
}: Pick<Flags, 'apiUrl' | 'noFrontend' | 'noIndex'>): Service[] {
  const hasSpace = apiUrl === null;
  const uses: Record<Service, boolean> = {
    huggingface: hasSpace,
    vercel: !noFrontend,
    gemini: hasSpace || !noIndex,
    // Also without indexing: the proof asks about what the collection holds.
    qdrant: true,
    postgres: hasSpace,
  };
  return services.filter((service) => uses[service]);
}

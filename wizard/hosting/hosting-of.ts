import { stepTitle, type StepId } from '../model/run/plan.ts';
import type { Service } from '../model/service.ts';
import type { Hosting, HostingAccess } from './hosting.ts';
import { createSpaceHosting } from './space/space-hosting.ts';
import { isVercelPlace } from '../model/formats/function-place.ts';
import { createFunctionHosting } from './vercel-function/function-hosting.ts';

/** The hosting of a place, by its id. This is the only line that knows how many there are. */
export function hostingOf(access: HostingAccess): Hosting {
  return isVercelPlace(access.target.space) ? createFunctionHosting(access) : createSpaceHosting(access);
}

/** The vendor of a place, without its credential. */
export function hostingService({
  target,
}: Pick<HostingAccess, 'target'>): Extract<Service, 'huggingface' | 'vercel'> {
  return isVercelPlace(target.space) ? 'vercel' : 'huggingface';
}

/** The title of the step that made an entry of the journal. */
export function journaledTitle({ step, place }: { step: StepId; place: string }): string {
  return stepTitle({ step, service: hostingService({ target: { space: place } }) });
}

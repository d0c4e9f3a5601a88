import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { Service } from '../../model/service.ts';

/** How one created resource is undone, as shown to the user. `run` is null for one that has to stay. */
export type UndoAction = {
  service: Service;
  resource: CreatedResource;
  what: string;
  run: (() => Promise<void>) | null;
};

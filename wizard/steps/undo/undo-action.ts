import type { CreatedResource } from '../../model/run/created-resources.ts';
import type { Service } from '../../model/service.ts';

/** How one created resource is undone, as shown to the user. `run` is null for one that has to stay. */
export type UndoAction = {
  service: Service;
  resource: CreatedResource;
  what: string;
  /** Of a file of the frontend that is to get its old text back. */
  diff?: string;
  run: (() => Promise<void>) | null;
};

/** A fact that answers bring: the verdict of a live check, a project list, a plan. */
export type Resource<S> = {
  id: string;
  /** The inputs it is loaded from, compared one by one with `Object.is`; null while one of them is missing. */
  key(state: S): readonly unknown[] | null;
  /** `signal` aborts when an input changes: the result is then not used any more. */
  load(state: S, signal: AbortSignal): Promise<Partial<S>>;
  /** Gives back what a dropped fact holds, such as a lock. */
  release?(fact: Partial<S>): Promise<void>;
};

/** Loads facts and drops those whose inputs changed. */
export type FactStore<S> = {
  /** Starts and drops what the state asks for. */
  load(state: S): Promise<Snapshot<S>>;
  /** The state with the facts that fit it, without starting anything. */
  view(state: S): S;
  /** Drops every fact. */
  release(): Promise<void>;
};

/** The state with all facts that were loaded at one moment. */
export type Snapshot<S> = {
  view: S;
  /** The resources, of these ids or all, that were still loading. */
  pending(ids?: readonly string[]): Promise<unknown>[];
};

type Loading<S> = {
  key: readonly unknown[];
  controller: AbortController;
  promise: Promise<Partial<S>>;
  fact: Partial<S> | null;
};

export function createFactStore<S extends object>(options: {
  resources?: readonly Resource<S>[];
  initial: S;
  signal: AbortSignal;
}): FactStore<S> {
  const { resources = [], initial, signal } = options;
  const loads = new Map<string, Loading<S>>();
  const fields = new Set<keyof S>();

  /** Answers are given in a state with facts: those are taken out before the present ones are put in. */
  const withoutFacts = (state: S): S =>
    Object.assign({ ...state }, Object.fromEntries([...fields].map((field) => [field, initial[field]])));

  const start = (resource: Resource<S>, key: readonly unknown[], state: S): void => {
    const controller = new AbortController();
    const promise = resource.load(state, AbortSignal.any([signal, controller.signal]));
    const loading: Loading<S> = { key, controller, promise, fact: null };
    loads.set(resource.id, loading);
    promise.then(
      (fact) => {
        loading.fact = fact;
        for (const field of Object.keys(fact)) fields.add(field as keyof S);
      },
      // The caller that waits for it gets the error.
      () => undefined,
    );
  };

  const drop = async (resource: Resource<S>): Promise<void> => {
    const loading = loads.get(resource.id);
    if (loading === undefined) return;
    loads.delete(resource.id);
    loading.controller.abort();
    if (resource.release === undefined) return;
    const fact = await loading.promise.catch(() => null);
    if (fact !== null) await resource.release(fact);
  };

  const fits = (resource: Resource<S>, key: readonly unknown[] | null): boolean =>
    isSameKey(loads.get(resource.id)?.key ?? null, key);

  return {
    load: async (state) => {
      let view = withoutFacts(state);
      const pending = new Map<string, Promise<unknown>>();
      for (const resource of resources) {
        const key = resource.key(view);
        if (!fits(resource, key)) await drop(resource);
        if (key !== null && !loads.has(resource.id)) start(resource, key, view);
        const loading = loads.get(resource.id);
        if (loading?.fact === null) pending.set(resource.id, loading.promise);
        view = { ...view, ...loading?.fact };
      }
      return {
        view,
        pending: (ids = [...pending.keys()]) => ids.flatMap((id) => pending.get(id) ?? []),
      };
    },
    view: (state) =>
      resources.reduce(
        (view, resource) =>
          fits(resource, resource.key(view)) ? { ...view, ...loads.get(resource.id)?.fact } : view,
        withoutFacts(state),
      ),
    release: async () => {
      for (const resource of resources.toReversed()) await drop(resource);
    },
  };
}

function isSameKey(before: readonly unknown[] | null, now: readonly unknown[] | null): boolean {
  if (before === null || now === null) return before === now;
  return before.length === now.length && before.every((value, index) => Object.is(value, now[index]));
}

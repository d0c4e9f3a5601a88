/** The interface of each vendor's stand-in. */
export type StandIn = {
  /** What `POST /world` can set, by name; `docs/sandbox.md` lists them. */
  controls: Record<string, (value: unknown) => void | Promise<void>>;
  /** The current state, for `GET /world`; without the values of secrets. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

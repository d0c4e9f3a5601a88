/** What the sandbox needs of each vendor's stand-in, whatever vendor it is. */
export type StandIn = {
  /** What `POST /world` may turn, by name. */
  controls: Record<string, (value: unknown) => void | Promise<void>>;
  /** What stands there now, for a test to read; no secret's value. */
  state(): Record<string, unknown>;
  close(): Promise<void>;
};

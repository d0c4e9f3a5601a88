/** How builds and starts of all Spaces go from now on; set through the admin port. */
export type SpaceBehaviour = {
  build: 'ok' | 'error' | 'stuck';
  start: 'ok' | 'crash' | 'hang';
  /** Duration of a build, in milliseconds. */
  buildMs: number;
  /** Delay between the last changed setting and the restart, in milliseconds. */
  settleMs: number;
};

/** Builds and starts succeed, quickly. */
export function defaultSpaceBehaviour(): SpaceBehaviour {
  return { build: 'ok', start: 'ok', buildMs: 250, settleMs: 150 };
}

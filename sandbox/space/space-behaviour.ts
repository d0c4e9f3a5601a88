/** How the next builds and starts of every Space go; changed through the admin port. */
export type SpaceBehaviour = {
  build: 'ok' | 'error' | 'stuck';
  start: 'ok' | 'crash' | 'hang';
  /** How long a build takes, milliseconds. */
  buildMs: number;
  /** Silence after a changed setting before the restart, milliseconds. */
  settleMs: number;
};

export function defaultSpaceBehaviour(): SpaceBehaviour {
  return { build: 'ok', start: 'ok', buildMs: 250, settleMs: 150 };
}

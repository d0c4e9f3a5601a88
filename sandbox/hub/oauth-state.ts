/** What the user of the newest code does at the page: `pending` while nothing is done. */
export type DeviceDecision = 'pending' | 'approved' | 'denied' | 'expired';

export type DeviceGrant = {
  deviceCode: string;
  userCode: string;
  client: string;
  decision: DeviceDecision;
  expiresAt: number;
  /** When the client asked last, and how long it has to wait in between, in milliseconds. */
  polledAt: number | null;
  intervalMs: number;
};

export type OAuthState = {
  grants: DeviceGrant[];
  /** What becomes of the newest code, and of those after it. */
  decision: DeviceDecision;
  /** Seconds between two polls, and for which a code is good. */
  interval: number;
  expiresIn: number;
  /** In milliseconds. */
  now(): number;
};

export const newOAuthState = (): OAuthState => ({
  grants: [],
  decision: 'pending',
  interval: 5,
  expiresIn: 900,
  now: () => performance.now(),
});

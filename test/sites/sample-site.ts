import type { Mechanism } from '../../wizard/frontend/detect-api-url/api-url-detection.ts';

/** A site of `sandbox/sites`: where its chat gets the address from, and what is expected of it. */
export type SampleSite = {
  name: string;
  tool: 'docusaurus' | 'vite' | 'cra' | 'next';
  mechanism: Mechanism;
  /** The variable that sets the URL, or that the wiring adds. */
  variable: string | null;
  /** The line that is shown to the user. */
  location: string;
  /** What follows the origin in the variable's value. */
  path: string;
  /** Whether setting the variable is enough. */
  reaches: boolean;
  /** The page that has the chat, where that is not the first. */
  page?: string;
  /** Whether its chat names its sources without linking them. */
  hasNoLinks?: true;
  /** Files with a server of their own, which stay as they are. */
  untouched?: readonly string[];
};

/** Every host that a run may contact. No telemetry, no update check. */
export const contactedHosts = [
  'huggingface',
  'space',
  'vercel',
  'site',
  'gemini',
  'qdrant',
  'postgres',
  'neon',
  'qdrant-cloud',
] as const;
export type ContactedHost = (typeof contactedHosts)[number];

/** Announced once something is wanted there. */
export const hostsOnDemand: ReadonlySet<ContactedHost> = new Set(['neon', 'qdrant-cloud']);

/** The address of each, unless a value or a variable names another one, and what this tool sends there. */
export const hosts: Readonly<Record<ContactedHost, { host: string; sends: string }>> = {
  huggingface: { host: 'huggingface.co', sends: 'your token; the Space’s files and secrets' },
  space: { host: 'your Space', sends: 'a reader’s question, no key' },
  vercel: { host: 'api.vercel.com', sends: 'your token; a variable, a redeployment' },
  site: { host: 'your book’s site', sends: 'nothing: its pages are read' },
  gemini: { host: 'generativelanguage.googleapis.com', sends: 'your key; the book’s text' },
  qdrant: { host: 'your Qdrant', sends: 'your key; the book’s text and vectors' },
  postgres: { host: 'your Postgres', sends: 'your login; reads only, but for forget' },
  neon: { host: 'neon.new, console.neon.tech', sends: 'a database is made, if you want one' },
  'qdrant-cloud': { host: 'api.cloud.qdrant.io', sends: 'your management key, if you give one' },
};

/** One line for the user: `Contacts api.vercel.com: your token; …`. */
export function hostLine(name: ContactedHost, host: string = hosts[name].host): string {
  return `Contacts ${host}: ${hosts[name].sends}`;
}

/** A host and what it is sent, out of `hostLine`; null for another text. */
export function parseHostLine(text: string): { host: string; sends: string } | null {
  const [, host, sends] = /^Contacts (\S.*?): (.*)$/.exec(text) ?? [];
  return host === undefined || sends === undefined || host === 'no host' ? null : { host, sends };
}

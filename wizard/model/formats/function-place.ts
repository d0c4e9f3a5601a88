/** A Vercel project as the place of a server: whose it is, and its name. */
export type FunctionPlace = { account: string; isTeam: boolean; name: string };

const pattern = /^vercel\/(~?)([^/~]+)\/([^/]+)$/;

/** `vercel/TEAM/NAME`, or `vercel/~USER/NAME` of a personal account; a Space's id has two parts. */
export function isVercelPlace(place: string): boolean {
  return pattern.test(place);
}

export function functionPlace({ account, isTeam, name }: FunctionPlace): string {
  return `vercel/${isTeam ? '' : '~'}${account}/${name}`;
}

/** Throws a TypeError for the id of anything else. */
export function parseFunctionPlace(place: string): FunctionPlace {
  const match = pattern.exec(place);
  if (match === null) throw new TypeError(`${place} is no Vercel project`);
  const [, sign, account = '', name = ''] = match;
  return { account, isTeam: sign === '', name };
}

/** The project's name by default: after the book's. */
export function functionName(project: string): string {
  const name = project
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${name === '' ? 'book' : name}-chat`;
}

/** A place's id as a person reads it; `label` names what it is, within a sentence and before a colon. */
export function describePlace(place: string): { vendor: string; label: string; name: string } {
  if (!isVercelPlace(place)) return { vendor: 'Hugging Face', label: 'Space', name: place };
  const { account, name } = parseFunctionPlace(place);
  return { vendor: 'Vercel Function', label: 'Function', name: `${account}/${name}` };
}

/** Known reasons for which a book's build fails at Vercel, with what to do. */
const known: readonly { sign: RegExp; why: string; remedy: string }[] = [
  {
    // facebook/docusaurus#11923: without a lockfile a newer webpack is taken, which webpackbar does not understand.
    sign: /ProgressPlugin[\s\S]*unknown property 'name'|webpackbar/i,
    why: 'this Docusaurus does not work with the newest webpack, and the project has no lockfile',
    remedy:
      'Commit a package-lock.json, update Docusaurus to 3.10.1 or newer, or add "overrides": {"webpackbar": "^7"} to package.json.',
  },
  {
    sign: /heap out of memory|SIGKILL|exited with 137/i,
    why: 'the build ran out of memory',
    remedy: 'Set NODE_OPTIONS=--max-old-space-size=6144 in the project’s variables on Vercel.',
  },
  {
    sign: /Docusaurus found broken (?:links|anchors)/i,
    why: 'Docusaurus found broken links',
    remedy: 'Mend the links that its log names, or set onBrokenLinks to "warn".',
  },
  {
    sign: /(?:exceed|reach)\w*[^\n]{0,60}\b(?:limit|quota)|\b(?:limit|quota)\b[^\n]{0,40}(?:exceed|reach)/i,
    why: 'a limit of the Vercel plan is reached',
    remedy: 'Wait until it is reset, or upgrade the plan at https://vercel.com/account/billing.',
  },
  {
    sign: /No Output Directory named/i,
    why: 'Vercel looks for the built site in another folder',
    remedy: 'Set the output directory (build, for Docusaurus) in the project’s settings.',
  },
  {
    sign: /Found invalid Node\.js Version|engine "node" is incompatible|Unsupported engine/i,
    why: 'the project asks for another Node.js than Vercel runs',
    remedy: 'Set "engines": {"node": "22.x"} in package.json, or the version in the project’s settings.',
  },
];

/** Why a build failed and what to do, when its log shows a reason that is known. */
export function buildHint(log: string): { why: string; remedy: string } | null {
  return known.find(({ sign }) => sign.test(log)) ?? null;
}

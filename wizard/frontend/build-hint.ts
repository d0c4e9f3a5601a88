/** Known reasons why a book's build fails on Vercel, and what to do. The first match wins: the most certain come first. */
const buildFailures: readonly { sign: RegExp; why: string; remedy: string }[] = [
  {
    // facebook/docusaurus#11923: without a lockfile npm installs a newer webpack, which webpackbar does not support.
    sign: /Progress ?Plugin[\s\S]{0,2000}unknown property 'name'/i,
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
    remedy: 'Fix the links that its log names, or set onBrokenLinks to "warn".',
  },
  {
    sign: /MDX compilation failed/i,
    why: 'a page of the book is not valid MDX',
    remedy: 'Fix the page that its log names; write a bare < or { in a text as \\< or \\{.',
  },
  {
    sign: /package-lock\.json[^\n]*in sync|OUTDATED_LOCKFILE|lockfile (?:needs to be updated|had changes, but lockfile is frozen)/i,
    why: 'the lockfile does not match package.json',
    remedy: 'Run npm install (or what the project uses) in the site’s folder, and commit the lockfile.',
  },
  {
    sign: /npm (?:ERR!|error)[^\n]*ERESOLVE/i,
    why: 'packages of the site need different versions of the same package',
    remedy: 'Fix the versions that its log names, or commit a file .npmrc with legacy-peer-deps=true.',
  },
  {
    sign: /vercel\.json[^\n]*(?:schema|should NOT have)|schema validation failed/i,
    why: 'vercel.json has a setting that Vercel does not know',
    remedy: 'Remove what its log names; variables go into the project’s settings, not into that file.',
  },
  {
    // Not the bundlers' warnings about large files, which use similar words.
    sign: /^(?![^\n]*(?:recommended|asset|entrypoint|chunk))[^\n]*(?:(?:exceed|reach)\w*[^\n]{0,60}\b(?:limit|quota)|\b(?:limit|quota)\b[^\n]{0,40}(?:exceed|reach))/im,
    why: 'a limit of the Vercel plan is reached',
    remedy: 'Wait until it is reset, or upgrade the plan at https://vercel.com/account/billing.',
  },
  {
    sign: /No Output Directory named/i,
    why: 'Vercel looks for the built site in another folder',
    remedy: 'Set the output directory (build, for Docusaurus) in the project’s settings.',
  },
  {
    sign: /(?:docusaurus|vite|next|react-scripts): (?:command )?not found|exited with 127/i,
    why: 'the site’s tools are not installed where Vercel builds',
    remedy:
      'Set the root directory in the project’s settings to the folder that holds the site’s package.json.',
  },
  {
    sign: /Found invalid Node\.js Version|engine "node" is incompatible|npm (?:ERR!|error)[^\n]*EBADENGINE/i,
    why: 'the project requires another Node.js version than Vercel runs',
    remedy: 'Set "engines": {"node": "22.x"} in package.json, or the version in the project’s settings.',
  },
];

/** Why a build failed and what to do; null when its log shows no known reason. */
export function buildHint(log: string): { why: string; remedy: string } | null {
  return buildFailures.find(({ sign }) => sign.test(log)) ?? null;
}

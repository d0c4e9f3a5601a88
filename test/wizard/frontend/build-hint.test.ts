import { expect, it } from 'vitest';
import { buildHint } from '../../../wizard/frontend/build-hint.ts';

/** As Docusaurus 3.10 begins every build, those that succeed too. */
const begun = `[INFO] [en] Creating an optimized production build...
[webpackbar] ℹ Compiling Client
[webpackbar] ℹ Compiling Server
[webpackbar] ✔ Server: Compiled successfully in 23.91s
`;

it.each([
  [
    `ValidationError: Invalid options object. Progress Plugin has been initialized using an options object that does not match the API schema.
 - options has an unknown property 'name'. These properties are valid:`,
    'package-lock.json',
  ],
  ['FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', 'NODE_OPTIONS'],
  ['Error: Docusaurus found broken links!\n- Broken link on source page path = /docs/a', 'onBrokenLinks'],
  ['Error: MDX compilation failed for file "/vercel/path0/docs/a.mdx"', 'page that its log names'],
  [
    'npm error `npm ci` can only install packages when package.json and package-lock.json are in sync.',
    'commit the lockfile',
  ],
  ['ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with "frozen-lockfile"', 'commit the lockfile'],
  ['npm error code ERESOLVE\nnpm error ERESOLVE could not resolve', 'legacy-peer-deps'],
  ['The `vercel.json` schema validation failed with the following message', 'not into that file'],
  ['Error: Build exceeded the maximum limit of 45 minutes.', 'billing'],
  ['Error: No Output Directory named "public" found after the Build completed.', 'output directory'],
  [
    'sh: line 1: docusaurus: command not found\nError: Command "npm run build" exited with 127',
    'root directory',
  ],
  ['Error: Found invalid Node.js Version: "24.x".', '22.x'],
])('%s', (log, remedy) => {
  expect(buildHint(begun + log)?.remedy).toContain(remedy);
});

it.each([
  'Error: Something else',
  'WARNING in asset size limit: The following asset(s) exceed the recommended size limit (244 KiB).',
  'npm warn ERESOLVE overriding peer dependency',
  "npm warn EBADENGINE Unsupported engine { package: 'a@1', required: { node: '>=22' } }",
  'WARNING in entrypoint size limit: main exceeds the recommended limit',
])('finds no reason in %s', (log) => {
  expect(buildHint(begun + log)).toBeNull();
});

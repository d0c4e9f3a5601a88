/** Every lane, in the order in which it runs. `only` names the script that it belongs to; without it, both run it. */
const core = 'core';
const full = 'full';

export const lanes = [
  // The README's test command: installs, then lint, format, types and every test.
  { name: 'tests', command: 'npm cit' },
  // The built wizard and server on the Space's Node.
  { name: 'node-24', command: 'node .ci/rehearse-on-node-24.mjs' },
  // Nodes that are too old, which npx only warns of.
  { name: 'old-nodes', only: full, command: 'node build.mjs --quiet && node .ci/refuse-old-nodes.mjs' },
  // A whole deployment through a proxy and a certificate that only the company knows, on Nodes with another fetch.
  { name: 'proxy', only: full, command: 'node .ci/deploy-behind-proxy.mjs' },
  // Vendors' own clients that this project does not use, against the sandbox.
  { name: 'vendor-clients', command: 'npm run --silent test:vendor-clients' },
  // Frontends built by their real tools and asked in Chromium: one of each builder, or all of them.
  {
    name: 'sites',
    only: core,
    command:
      'npm run --silent test:sites -- --install --require docusaurus-env vite-env cra-endpoint next-public',
  },
  { name: 'all-sites', only: full, command: 'npm run --silent test:sites -- --install --require' },
  // The Space's page in Chromium, framed as the Hub frames it.
  { name: 'page', command: 'npm run --silent test:page -- --install --require' },
  // The chat and the Space's page in other engines.
  { name: 'browsers', only: full, command: 'npm run --silent test:browsers -- --install --require' },
  // What an attacker can send: input, links, headers, slow texts.
  { name: 'attack-quick', only: core, command: 'npm run --silent test:attack -- --project quick' },
  { name: 'attack', only: full, command: 'npm run --silent test:attack' },
  // 200 conversations and 300 single questions over functions that are frozen and killed; what a start costs.
  {
    name: 'function',
    only: full,
    command: 'npx vitest run test/server/function.test.ts test/server/function-cost.test.ts',
    env: { FUNCTION_SCALE: '20' },
  },
  // A deployment's files in Vercel's own development launcher and build.
  { name: 'vercel', only: full, command: 'npm run --silent test:vercel' },
  // The main job's tests once more, with the server on Vercel.
  {
    name: 'on-vercel',
    only: full,
    command: `npx vitest run ${['deploy', 'kill', 'rotate', 'rotate-restore', 'undo'].map((name) => `test/e2e/${name}.test.ts`).join(' ')}`,
    env: { TEST_HOSTING: 'vercel' },
  },
  // The uploaded files in a real builder, and the image run as a Space runs it.
  { name: 'image', only: full, command: 'npm run --silent test:image -- --install --require' },
  // Deployments of an older version, updated by this one.
  { name: 'upgrade', only: full, command: 'npm run --silent test:upgrade' },
  // The workflow that `ci` writes, run as a runner does; a history of commits, indexed one by one.
  { name: 'owner', only: full, command: 'npm run --silent test:owner' },
  // Questions about the sample book against the retrieval, with a realistic embedding model where it can be fetched.
  { name: 'eval', only: full, command: 'npm run --silent eval -- --fetch' },
  // Every call of a deployment to a vendor, broken in every way.
  { name: 'faults', only: full, command: 'npm run --silent test:faults' },
  // Every fault of the sandbox against the server: nothing it prints or sends holds a secret.
  { name: 'sweep', only: full, command: 'npm run --silent test:sweep' },
  // Soaks: longer runs of what `npm test` runs for seconds.
  {
    name: 'soak-bad-input',
    only: full,
    command: 'npx vitest run test/server/bad-input.test.ts',
    env: { FUZZ_RUNS: '20000', FUZZ_SEED: '7' },
  },
  {
    name: 'soak-properties',
    only: full,
    command: 'npx vitest run test/properties',
    env: { PROPERTY_RUNS: '2000' },
  },
];

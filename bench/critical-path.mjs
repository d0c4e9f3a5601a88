/**
 * The longest chain of dependent vendor calls in a first deployment, with the number of each. Calls that run in parallel
 * with it, and repeated calls, are not part of it.
 */
const chain = [
  // The first check can end the run, and determines where a Space can be created.
  ['hub.whoami', 1],
  ['hub.organization', 1],
  ['vercel.teams', 1],
  ['vercel.projects', 1],
  ['vercel.domains', 1],
  // The plan is shown before it is applied, and its inputs are read again.
  ['hub.info', 1],
  ['qdrant.collection', 1],
  ['qdrant.create-collection', 1],
  ['qdrant.create-index', 1],
  // A batch is stored before the next one is embedded.
  ['gemini.batchEmbedContents', 'batches'],
  ['qdrant.upsert', 'batches'],
  // No other process has indexed meanwhile; then the stamp.
  ['qdrant.collection', 1],
  ['qdrant.retrieve', 1],
  ['qdrant.upsert', 1],
  // Production gets the URL of a healthy server only; the variable is read back.
  ['vercel.env', 1],
  ['vercel.create-env', 1],
  ['vercel.env', 1],
  ['vercel.deployments', 1],
  ['vercel.create-deployment', 1],
  ['vercel.deployment', 2],
  // The server answers the question that proves the deployment.
  ['gemini.embedContent', 1],
  ['qdrant.query', 1],
  ['gemini.streamGenerateContent', 1],
];

/** Number of calls in the chain, for a run that wrote `batches` batches of the book. */
export function chainLength(batches) {
  return chain.reduce((sum, [, times]) => sum + (times === 'batches' ? batches : times), 0);
}

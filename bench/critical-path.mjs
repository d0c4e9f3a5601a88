/**
 * The longest chain of vendor calls of a first deployment in which each needs the answer of the one before, and how
 * often each is made. What is asked beside it, or twice, is not in it.
 */
const chain = [
  // The first check may end everything, and says where a Space can be made.
  ['hub.whoami', 1],
  ['hub.organization', 1],
  ['vercel.teams', 1],
  ['vercel.projects', 1],
  ['vercel.domains', 1],
  // The plan is shown before it is carried out, and what it saw is looked at again.
  ['hub.info', 1],
  ['qdrant.collection', 1],
  ['qdrant.create-collection', 1],
  ['qdrant.create-index', 1],
  // A batch is in the collection before the next one is paid for.
  ['gemini.batchEmbedContents', 'batches'],
  ['qdrant.upsert', 'batches'],
  // No other process has indexed meanwhile; then the stamp.
  ['qdrant.collection', 1],
  ['qdrant.retrieve', 1],
  ['qdrant.upsert', 1],
  // Production is pointed at nothing less than a healthy server; what is written is read back.
  ['vercel.env', 1],
  ['vercel.create-env', 1],
  ['vercel.env', 1],
  ['vercel.deployments', 1],
  ['vercel.create-deployment', 1],
  ['vercel.deployment', 2],
  // The question that proves it, as the server asks it.
  ['gemini.embedContent', 1],
  ['qdrant.query', 1],
  ['gemini.streamGenerateContent', 1],
];

/** How many calls long the chain is, in a run that wrote so many batches of the book. */
export function chainLength(batches) {
  return chain.reduce((sum, [, times]) => sum + (times === 'batches' ? batches : times), 0);
}

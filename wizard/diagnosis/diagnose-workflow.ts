import type { ProjectFile } from '../project-file/project-file.ts';
import type { Finding } from './finding.ts';

const dayMs = 86_400_000;
/** Time enough to notice it, and to make another. */
const warningDays = 14;

/** The key of the repository's workflow, which stops writing when it expires. Pure. */
export function diagnoseWorkflow(file: ProjectFile | null, { now }: { now: number }): Finding[] {
  const date = file?.ciKeyExpires;
  if (date === undefined) return [];
  const days = Math.ceil((Date.parse(date) - now) / dayMs);
  if (days > warningDays) return [];
  return [
    {
      code: 'ci-key-expires',
      service: 'qdrant',
      message: `The Qdrant key named ci ${days > 0 ? `expires in ${days} day${days === 1 ? '' : 's'}` : 'has expired'}, on ${date}: the workflow then indexes nothing.`,
      remedy: 'Run npx rag-space-setup ci: it shows how to make and set another, and keeps its date.',
    },
  ];
}

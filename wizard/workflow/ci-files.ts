import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChange } from '../frontend/wiring/write-files.ts';
import { Failure } from '../model/failure.ts';
import type { StoredProjectFile } from '../project-file/find-project-file.ts';
import { projectFileName, projectFileText, type ProjectFile } from '../project-file/project-file.ts';
import { githubWorkflow, workflowMarker } from './github-workflow.ts';
import { gitlabInclude, gitlabPaths, gitlabPipeline } from './gitlab-pipeline.ts';
import type { WorkflowInput } from './workflow-input.ts';

export type CiProvider = 'github' | 'gitlab';

const githubPath = '.github/workflows/rag-space.yml';

/** As Qdrant’s console proposes. */
const keyDays = 90;
/** Before that, doctor warns, and another key is made. */
const warningDays = 14;
const dayMs = 86_400_000;

/**
 * The files that differ from what they should be. A pipeline of the user's own is not touched.
 *
 * @throws Failure `workflow-not-ours` where a file of that name was written by someone else.
 */
export async function ciChanges(
  provider: CiProvider,
  options: { top: string; input: WorkflowInput; project: { path: string; content: ProjectFile } },
): Promise<FileChange[]> {
  const { top, input, project } = options;
  const isGitHub = provider === 'github';
  const workflow = await change(top, {
    path: isGitHub ? githubPath : gitlabPaths.jobs,
    after: isGitHub ? githubWorkflow(input) : gitlabPipeline(input),
  });
  if (workflow.before !== null && !workflow.before.startsWith(workflowMarker)) throw notOurs(workflow.path);
  const changes = [
    workflow,
    await change(top, { path: project.path, after: projectFileText(project.content) }),
  ];
  if (!isGitHub) {
    const pipeline = await change(top, { path: gitlabPaths.pipeline, after: gitlabInclude });
    if (pipeline.before === null) changes.push(pipeline);
  }
  return changes.filter(({ before, after }) => before !== after);
}

/** Whether the user's own pipeline runs the jobs; null where there is none. */
export async function isIncluded(top: string): Promise<boolean | null> {
  const text = await readFile(join(top, gitlabPaths.pipeline), 'utf8').catch(() => null);
  return text === null ? null : text.includes(gitlabPaths.jobs);
}

async function change(top: string, { path, after }: { path: string; after: string }): Promise<FileChange> {
  return { path, before: await readFile(join(top, path), 'utf8').catch(() => null), after };
}

/** The project's file with the date on which the workflow's key expires; one that is near is replaced. */
export function withKeyExpiry(
  stored: StoredProjectFile | null,
  options: { targets: Partial<ProjectFile>; now: number; top: string },
): { path: string; content: ProjectFile & { ciKeyExpires: string } } {
  const { targets, now } = options;
  const before: ProjectFile = stored?.content ?? { version: 1, ...targets };
  const last = before.ciKeyExpires;
  const inDays = (days: number): string => new Date(now + days * dayMs).toISOString().slice(0, 10);
  const [soon, next] = [inDays(warningDays), inDays(keyDays)];
  const ciKeyExpires = last !== undefined && last > soon ? last : next;
  const folder =
    stored === null || stored.folder === options.top ? '' : stored.folder.slice(options.top.length + 1);
  const path = [folder, projectFileName].filter((part) => part !== '').join('/');
  return { path, content: { ...before, ciKeyExpires } };
}

function notOurs(path: string): Failure {
  return new Failure({
    kind: 'usage',
    code: 'workflow-not-ours',
    message: `${path} exists, and this tool did not write it.`,
    remedy: 'Rename it, then run again.',
  });
}

import { workflowMarker } from './github-workflow.ts';
import type { WorkflowInput } from './workflow-input.ts';

/** Where the jobs are, and the file of the user that includes them. */
export const gitlabPaths = { jobs: '.gitlab/rag-space.yml', pipeline: '.gitlab-ci.yml' } as const;

/** The lines that the user's own pipeline needs. */
export const gitlabInclude = `include:\n  - local: ${gitlabPaths.jobs}\n`;

const onDefaultBranch = '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH';

/**
 * The same jobs for GitLab, in a file that the pipeline includes. A job's own token may not comment there: the changed
 * sections are an artifact of the merge request.
 */
export function gitlabPipeline(input: WorkflowInput): string {
  return `${workflowMarker} Run it again to update this file; other changes are lost.
${[indexJob(input), ...verifyJob(input), changesJob(input), doctorJob(input)].join('\n')}`;
}

function indexJob({ version, docs, collection }: WorkflowInput): string {
  return `# GEMINI_API_KEY, QDRANT_URL and QDRANT_API_KEY are masked, protected variables of the project.
rag-space-index:
  image: node:24
  rules:
    - if: ${onDefaultBranch}
  resource_group: rag-space-index
  variables:
    DOCS: ${quoted(docs)}
    QDRANT_COLLECTION: ${quoted(collection)}
  script:
    - ${tool(version)} index "$DOCS" --yes --plain
`;
}

function verifyJob({ version, docs, build }: WorkflowInput): string[] {
  if (build === null) return [];
  const { folder, install, run } = build;
  return [
    `rag-space-verify:
  image: node:24
  rules:
    - if: ${onDefaultBranch}
  variables:
    DOCS: ${quoted(docs)}
    SITE: ${quoted(folder)}
  script:
    - ${quoted(`(cd "$SITE" && ${[...install, run].join(' && ')})`)}
    - ${tool(version)} index "$DOCS" --verify "$SITE/build" --plain
`,
  ];
}

function changesJob({ version, docs }: WorkflowInput): string {
  return `rag-space-changes:
  image: node:24
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  variables:
    DOCS: ${quoted(docs)}
  script:
    - git fetch --quiet --depth=1 origin "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
    - base=$(mktemp -d)
    - git worktree add --quiet --detach "$base" "$CI_MERGE_REQUEST_DIFF_BASE_SHA"
    - ${tool(version)} index "$DOCS" --changes-from "$base/$DOCS" --markdown changes.md --plain
    - cat changes.md
  artifacts:
    expose_as: Changed sections
    paths:
      - changes.md
`;
}

function doctorJob({ version, serverFlags, collection }: WorkflowInput): string {
  return `rag-space-doctor:
  image: node:24
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  variables:
    QDRANT_COLLECTION: ${quoted(collection)}
  script:
    - ${tool(version)} doctor ${serverFlags.join(' ')} --yes --plain
`;
}

function tool(version: string): string {
  return `npx --yes rag-space-setup@${version}`;
}

/** JSON's strings are YAML's, too; a dollar sign would be a variable. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

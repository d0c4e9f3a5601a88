import type { WorkflowInput } from './workflow-input.ts';

/** The first words of a file that this tool wrote, and may replace. */
export const workflowMarker = '# Written by rag-space-setup ci.';

/** Releases of GitHub’s own actions, pinned: a workflow does the same tomorrow. */
const checkout = 'actions/checkout@v5.0.0';
const setupNode = 'actions/setup-node@v5.0.0';

/** Of the server’s own image. */
const nodeVersion = 24;

/**
 * The workflow of GitHub Actions. What could come from a repository's content is in `env`, never in a command's text. No
 * job but `index` gets a secret.
 */
export function githubWorkflow(input: WorkflowInput): string {
  const { daily } = input;
  return `${workflowMarker} Run it again to update this file; other changes are lost.
name: Book assistant

on:
  push:
  # Never pull_request_target: it would run a stranger's commit with this repository's rights.
  pull_request:
  schedule:
    - cron: '${daily.minute} ${daily.hour} * * *'

permissions: {}

jobs:
${[indexJob(input), ...verifyJob(input), changesJob(input), doctorJob(input)].join('\n')}`;
}

const onDefaultBranch =
  "github.event_name == 'push' && github.ref == format('refs/heads/{0}', github.event.repository.default_branch)";

function indexJob({ version, docs, collection }: WorkflowInput): string {
  return `  index:
    name: Index the book
    if: ${onDefaultBranch}
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read
    concurrency: rag-space-index
    steps:
${checkoutAndNode()}
      - name: Write the changed sections to Qdrant
        env:
          DOCS: ${quoted(docs)}
          QDRANT_COLLECTION: ${quoted(collection)}
          GEMINI_API_KEY: \${{ secrets.GEMINI_API_KEY }}
          QDRANT_URL: \${{ secrets.QDRANT_URL }}
          QDRANT_API_KEY: \${{ secrets.QDRANT_API_KEY }}
        run: ${tool(version)} index "$DOCS" --yes --plain
`;
}

function verifyJob({ version, docs, build }: WorkflowInput): string[] {
  if (build === null) return [];
  const { folder, install, run } = build;
  return [
    `  verify:
    name: Compare the book with its site
    if: ${onDefaultBranch}
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read
    steps:
${checkoutAndNode()}
      - name: Build the site
        working-directory: ${quoted(folder)}
        run: |
${[...install, run].map((command) => `          ${command}`).join('\n')}
      - name: Compare links, anchors and words
        env:
          DOCS: ${quoted(docs)}
          BUILD: ${quoted(folder === '.' ? 'build' : `${folder}/build`)}
        run: ${tool(version)} index "$DOCS" --verify "$BUILD" --plain
`,
  ];
}

function changesJob({ version, docs }: WorkflowInput): string {
  return `  changes:
    name: Sections that a pull request changes
    if: github.event_name == 'pull_request'
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      pull-requests: write
    steps:
${checkoutAndNode('          path: head\n')}
      - uses: ${checkout}
        with:
          persist-credentials: false
          ref: \${{ github.event.pull_request.base.sha }}
          path: base
      - name: Compare the sections
        env:
          DOCS: ${quoted(docs)}
        run: ${tool(version)} index "head/$DOCS" --changes-from "base/$DOCS" --markdown "$RUNNER_TEMP/changes.md" --plain
      - name: Comment on the pull request
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
          REPOSITORY: \${{ github.repository }}
        run: |
          cat "$RUNNER_TEMP/changes.md" >> "$GITHUB_STEP_SUMMARY"
          if ! gh pr comment "$PULL_REQUEST" --repo "$REPOSITORY" --edit-last --create-if-none --body-file "$RUNNER_TEMP/changes.md"
          then echo "::notice::The token of a pull request from a fork may not comment. The sections are in this run's summary."
          fi
`;
}

function doctorJob({ version, serverFlags, collection }: WorkflowInput): string {
  return `  doctor:
    name: Check the assistant
    if: github.event_name == 'schedule'
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
    steps:
${checkoutAndNode()}
      - name: Find what is wrong
        env:
          QDRANT_COLLECTION: ${quoted(collection)}
        run: ${tool(version)} doctor ${serverFlags.join(' ')} --yes --plain
`;
}

function checkoutAndNode(more = ''): string {
  return `      - uses: ${checkout}
        with:
          persist-credentials: false
${more}      - uses: ${setupNode}
        with:
          node-version: ${nodeVersion}`;
}

function tool(version: string): string {
  return `npx --yes rag-space-setup@${version}`;
}

/** JSON's strings are YAML's, too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readCommandInputs } from '../../deployment/command-inputs.ts';
import { createGit } from '../../frontend/wiring/git.ts';
import { unifiedDiff } from '../../frontend/wiring/unified-diff.ts';
import { writeFiles } from '../../frontend/wiring/write-files.ts';
import { confirmChoice } from '../../interview/confirm-choice.ts';
import { chooseSpace } from '../../interview/targets/choose-space.ts';
import { exitCodes, Failure } from '../../model/failure.ts';
import { resolveBookLocation } from '../../model/formats/book-location.ts';
import type { CommandResult } from '../../model/run/command-result.ts';
import type { Session } from '../../model/runtime.ts';
import { configuredCollection } from '../../model/server-defaults.ts';
import { rememberAccepted } from '../../project-file/accepted-settings.ts';
import { findProjectFile, repositoryTop } from '../../project-file/find-project-file.ts';
import { serverOf } from '../../project-file/settings-to-keep.ts';
import { ciChanges, isIncluded, withKeyExpiry, type CiProvider } from '../../workflow/ci-files.ts';
import { gitlabInclude, gitlabPaths } from '../../workflow/gitlab-pipeline.ts';
import { bookInRepository, dailyTimeOf, serverFlags } from '../../workflow/workflow-input.ts';

const done: CommandResult = { deployment: null, exitCode: exitCodes.done };

/**
 * Shows and writes the workflow that keeps the book indexed and checks the assistant, and the commands that set its
 * secrets. Contacts no one. Throws Failure.
 */
export async function ci(session: Session): Promise<CommandResult> {
  const { runtime, flags, emit } = session;
  const { cwd, env, signal } = runtime;
  const top = repositoryTop(cwd);
  if (top === null) throw noRepository();
  const provider = flags.provider ?? (await providerOf(session, top));
  const inputs = await readCommandInputs(session);
  const { space: place } = await chooseSpace(session, inputs.answers);
  const dir = resolveBookLocation({ cwd, typed: flags.docs ?? env['DOCS_DIR'] ?? '.' });
  const book = await bookInRepository({ dir, top, signal });
  const collection = configuredCollection(env);
  const project = withKeyExpiry(await findProjectFile(cwd), {
    targets: { ...serverOf(place), collection, docs: book.docs },
    now: runtime.now(),
    top,
  });
  const input = {
    ...book,
    version: runtime.version,
    serverFlags: serverFlags(place),
    collection,
    daily: dailyTimeOf(place),
  };
  const changes = await ciChanges(provider, { top, input, project });
  for (const change of changes)
    emit({ type: 'notice', code: 'file-diff', message: unifiedDiff(change), remedy: '' });
  if (changes.length > 0) {
    const lines = [changes.map(({ path }) => path).join(', ')];
    const isWanted = await confirmChoice(session, {
      title: 'Write this?',
      lines,
      yes: 'Yes, write it',
      no: 'No',
    });
    if (!isWanted) return done;
    await writeFiles(top, changes);
    // Run again, it asks nothing about its own file.
    const accepted = Object.fromEntries(Object.entries({ ...serverOf(place), collection }));
    await rememberAccepted(runtime.stateDir, accepted).catch(() => undefined);
  }
  const written = changes.length === 0 ? 'Everything is up to date.' : 'Written. Commit and push it.';
  say(session, 'ci-written', written);
  for (const line of secretLines(provider, { collection, expires: project.content.ciKeyExpires }))
    say(session, 'ci-secrets', line);
  if (provider === 'gitlab' && (await isIncluded(top)) === false)
    say(session, 'ci-include', `Add this to ${gitlabPaths.pipeline}:\n${gitlabInclude}`);
  return done;
}

/** What sets the secrets: each command asks for its value, and shows nothing of it. */
function secretLines(provider: CiProvider, key: { collection: string; expires: string }): string[] {
  const names = ['GEMINI_API_KEY', 'QDRANT_URL', 'QDRANT_API_KEY'];
  const commands =
    provider === 'github'
      ? names.map((name) => `gh secret set ${name}`)
      : names.map(
          (name) => `read -rs value && printf %s "$value" | glab variable set ${name} --masked --protected`,
        );
  const schedule =
    provider === 'github'
      ? []
      : [
          'And the daily check: glab schedule create --cron "17 5 * * *" --ref main --description "Check the assistant"',
        ];
  return [
    'Only the job that indexes gets secrets. Each command asks for its value and shows nothing of it:',
    ...commands.map((command) => `    ${command}`),
    `QDRANT_API_KEY is a key of its own, not your server’s: in your cluster’s API keys, create one named ci that may write to the collection ${key.collection} only, and expires on ${key.expires}. doctor warns before that.`,
    ...schedule,
  ];
}

function say({ emit }: Session, code: string, message: string): void {
  emit({ type: 'notice', code, message, remedy: '' });
}

/** GitLab where its pipeline is there, or the remote is its; else GitHub. */
async function providerOf({ runtime }: Session, top: string): Promise<CiProvider> {
  const hasPipeline = await access(join(top, gitlabPaths.pipeline)).then(
    () => true,
    () => false,
  );
  const host = await createGit({ dir: top, signal: runtime.signal }).remoteHost();
  return hasPipeline || host?.includes('gitlab') === true ? 'gitlab' : 'github';
}

function noRepository(): Failure {
  return new Failure({
    kind: 'usage',
    code: 'no-repository',
    message: 'This folder is in no git repository.',
    remedy: 'Run it in the repository that holds the book.',
  });
}

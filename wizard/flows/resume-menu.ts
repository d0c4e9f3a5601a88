import type { Choice, Prompt } from '../model/question.ts';
import { classifyStage, describeStage } from '../hosting/space/space-stage.ts';

/** What a Space that stands may be wanted for. */
export type ResumeAction = 'converge' | 'content' | 'rotate' | 'other-project' | 'wake' | 'anew';

export type ExistingSpace = {
  /** `owner/name`. */
  space: string;
  /** Null where it could not be looked at. */
  stage: string | null;
  /** What its server says of itself; null when it was not asked or does not answer. */
  health: string | null;
  serverVersion: string | null;
  /** Of this tool. */
  version: string;
  /** What an earlier run from this machine began and did not end, in words. */
  unfinished: readonly string[];
};

/** The first screen of a run that finds its Space standing. */
export function resumeMenu(seen: ExistingSpace): Extract<Prompt, { type: 'choice' }> {
  const isAsleep = seen.stage !== null && classifyStage(seen.stage) === 'asleep';
  return {
    type: 'choice',
    name: 'again',
    title: `${seen.space} ${stateOf(seen)}`,
    lines: [
      ...(isNewer(seen) ? [`A newer server: ${seen.version}; it runs ${seen.serverVersion ?? ''}.`] : []),
      ...(seen.unfinished.length === 0 ? [] : [`Begun and not finished: ${seen.unfinished.join(', ')}.`]),
      'Its secrets stay in the Space; only what you choose asks for keys.',
    ],
    choices: isAsleep ? [wake, ...choices(seen)] : choices(seen),
    canGoBack: false,
  };
}

const wake: Choice = { value: 'wake', label: 'Wake it', note: 'no key' };

function choices(seen: ExistingSpace): Choice[] {
  const what =
    seen.unfinished.length > 0 ? 'Finish it' : isNewer(seen) ? 'Update the server' : 'Bring it up to date';
  return [
    { value: 'converge', label: what, note: 'keys of Hugging Face and Vercel' },
    { value: 'content', label: 'Index new content of the book', note: 'Gemini and Qdrant' },
    { value: 'rotate', label: 'Replace a secret', note: 'Hugging Face and the new value' },
    { value: 'other-project', label: 'Another Vercel project', note: 'Hugging Face and Vercel' },
    { value: 'anew', label: 'Set up another Space', note: 'all keys' },
  ];
}

function stateOf({ stage, health }: ExistingSpace): string {
  if (stage === null) return 'could not be looked at';
  if (classifyStage(stage) === 'asleep') return 'is SLEEPING, normal: nobody asked for 48 hours';
  return `is ${describeStage(stage)}${health === null ? '' : `, ${health}`}`;
}

/** By whole numbers between dots; a version that is not known is not older. */
export function isNewer({
  version,
  serverVersion,
}: Pick<ExistingSpace, 'version' | 'serverVersion'>): boolean {
  if (serverVersion === null) return false;
  const numbers = (text: string): number[] => text.split(/[.-]/).slice(0, 3).map(Number);
  const [mine, its] = [numbers(version), numbers(serverVersion)];
  const at = mine.findIndex((one, index) => one !== its[index]);
  return at >= 0 && (mine[at] ?? 0) > (its[at] ?? 0);
}

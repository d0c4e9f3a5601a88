/** What a Space's stage means for somebody who waits. */
export type StageCategory =
  | 'running'
  | 'in-progress'
  | 'asleep'
  | 'paused'
  | 'build-failed'
  | 'crashed'
  | 'empty'
  | 'deleting'
  | 'unknown';

/** Stages as in huggingface_hub's SpaceStage, and SLEEPING of the JavaScript clients. */
const stages: Readonly<Record<string, { meaning: StageCategory; words: string }>> = {
  BUILDING: { meaning: 'in-progress', words: 'building' },
  RUNNING_BUILDING: { meaning: 'in-progress', words: 'building, the old version still serves' },
  APP_STARTING: { meaning: 'in-progress', words: 'starting' },
  RUNNING_APP_STARTING: { meaning: 'in-progress', words: 'starting, the old version still serves' },
  RUNNING: { meaning: 'running', words: 'running' },
  STOPPED: { meaning: 'asleep', words: 'asleep' },
  SLEEPING: { meaning: 'asleep', words: 'asleep' },
  PAUSED: { meaning: 'paused', words: 'paused' },
  BUILD_ERROR: { meaning: 'build-failed', words: 'build failed' },
  CONFIG_ERROR: { meaning: 'build-failed', words: 'configuration refused' },
  RUNTIME_ERROR: { meaning: 'crashed', words: 'crashed' },
  NO_APP_FILE: { meaning: 'empty', words: 'without files' },
  /** Ours: the Hub itself does not answer just now. */
  UNREACHABLE: { meaning: 'unknown', words: 'out of sight, Hugging Face does not answer' },
  DELETING: { meaning: 'deleting', words: 'being deleted' },
};

export function classifyStage(stage: string): StageCategory {
  return stages[stage]?.meaning ?? 'unknown';
}

/** For a person; a stage that is new to us is shown as it came. */
export function describeStage(stage: string): string {
  return stages[stage]?.words ?? stage.toLowerCase().replaceAll('_', ' ');
}

/** What a stage means for a run that waits. */
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

/** Stages as in huggingface_hub's SpaceStage, and SLEEPING of the JavaScript clients. Any hosting uses those that fit. */
const stages: Readonly<Record<string, { category: StageCategory; words: string }>> = {
  BUILDING: { category: 'in-progress', words: 'building' },
  RUNNING_BUILDING: { category: 'in-progress', words: 'building, the old version still serves' },
  APP_STARTING: { category: 'in-progress', words: 'starting' },
  RUNNING_APP_STARTING: { category: 'in-progress', words: 'starting, the old version still serves' },
  RUNNING: { category: 'running', words: 'running' },
  STOPPED: { category: 'asleep', words: 'asleep' },
  SLEEPING: { category: 'asleep', words: 'asleep' },
  PAUSED: { category: 'paused', words: 'paused' },
  BUILD_ERROR: { category: 'build-failed', words: 'build failed' },
  CONFIG_ERROR: { category: 'build-failed', words: 'configuration refused' },
  RUNTIME_ERROR: { category: 'crashed', words: 'crashed' },
  NO_APP_FILE: { category: 'empty', words: 'without files' },
  /** Ours: the Hub itself does not answer. */
  UNREACHABLE: { category: 'unknown', words: 'out of sight, Hugging Face does not answer' },
  DELETING: { category: 'deleting', words: 'being deleted' },
};

/** Stages that are new to this version are `unknown`. */
export function classifyStage(stage: string): StageCategory {
  return stages[stage]?.category ?? 'unknown';
}

/** For the user; an unknown stage is shown as it is. */
export function describeStage(stage: string): string {
  return stages[stage]?.words ?? stage.toLowerCase().replaceAll('_', ' ');
}

/** Where a Space is. Names: huggingface_hub's SpaceStage and @gradio/client. */
export type SpaceStage =
  | 'NO_APP_FILE'
  | 'CONFIG_ERROR'
  | 'BUILDING'
  | 'BUILD_ERROR'
  | 'APP_STARTING'
  | 'RUNNING'
  | 'RUNNING_BUILDING'
  | 'RUNNING_APP_STARTING'
  | 'RUNTIME_ERROR'
  | 'PAUSED'
  | 'SLEEPING';

/** What a build and a start read from the repository at that moment. */
export type SpaceSource = {
  sha: string;
  files: ReadonlyMap<string, Buffer>;
  secrets: Record<string, string>;
  variables: Record<string, string>;
};

/** A Space that cannot go on: the stage it ends in and what the Hub says of it. */
export type SpaceFailure = { stage: SpaceStage; errorMessage: string };

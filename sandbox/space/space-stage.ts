/** Stages of a Space; the names are those of huggingface_hub's SpaceStage and @gradio/client. */
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

/** What a build or a start reads from the repository. */
export type SpaceSource = {
  /** `owner/name`. */
  id: string;
  sha: string;
  files: ReadonlyMap<string, Buffer>;
  secrets: Record<string, string>;
  variables: Record<string, string>;
};

/** The final stage of a failed Space, with the Hub's message. */
export type SpaceFailure = { stage: SpaceStage; errorMessage: string };

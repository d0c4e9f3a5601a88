/**
 * Builds a Space's image from its committed files by the Dockerfile's instructions; RUN is only logged. A Space's
 * container runs with user ID 1000, and its variables are build arguments (the Hub's Docker Spaces documentation).
 */
import { posix } from 'node:path';
import {
  BuildError,
  jsonForm,
  parseDockerfile,
  splitWords,
  substitute,
  type Instruction,
} from './dockerfile.ts';
import { SourceTree } from './source-tree.ts';

export type Image = {
  /** Absolute path in the image → content. */
  files: ReadonlyMap<string, ImageFile>;
  environment: Record<string, string>;
  workdir: string;
  command: string[];
  user: string | null;
  ports: number[];
};

export type ImageFile = { content: Buffer; owner: string | null };

type BuildStage = {
  name: string | null;
  base: string;
  files: Map<string, ImageFile>;
  folders: Set<string>;
  environment: Record<string, string>;
  values: Record<string, string>;
  workdir: string;
  user: string | null;
  ports: number[];
  entrypoint: string[] | null;
  command: string[] | null;
};

type ImageBuild = {
  source: SourceTree;
  buildArguments: Record<string, string>;
  stages: BuildStage[];
  log: (line: string) => void;
};

/** Builds the image of `files`. Throws BuildError with the Dockerfile's line. */
export function buildImage(options: {
  files: ReadonlyMap<string, Buffer>;
  buildArguments: Record<string, string>;
  log: (line: string) => void;
}): Image {
  const dockerfile = options.files.get('Dockerfile');
  if (dockerfile === undefined)
    throw new BuildError('failed to read dockerfile: open Dockerfile: no such file', 1);
  const build: ImageBuild = { ...options, source: new SourceTree(options.files), stages: [] };
  const instructions = parseDockerfile(dockerfile.toString('utf8'));
  const last = instructions.at(-1)?.line ?? 1;
  for (const instruction of instructions) {
    build.log(`--> ${instruction.word} ${flagText(instruction)}${instruction.rest}`);
    runInstruction(build, instruction);
    build.log('DONE 0.0s');
  }
  const stage = build.stages.at(-1);
  if (stage === undefined) throw new BuildError('no build stage in current context', 1);
  const command = [...(stage.entrypoint ?? []), ...(stage.command ?? [])];
  if (command.length === 0)
    throw new BuildError('the image has no CMD and no ENTRYPOINT: nothing would start', last);
  if (stage.user === null || /^(root|0)(:|$)/.test(stage.user)) {
    build.log('WARN: the image runs as root; a Space runs it with user ID 1000. Say USER 1000.');
  }
  const { files, environment, workdir, user, ports } = stage;
  return { files, environment, workdir, command, user, ports };
}

function runInstruction(build: ImageBuild, instruction: Instruction): void {
  if (instruction.word === 'FROM') return void build.stages.push(startStage(build, instruction));
  const stage = build.stages.at(-1);
  if (stage === undefined) {
    // Only ARG is allowed before FROM; its values are the build's.
    if (instruction.word === 'ARG') return;
    throw new BuildError(
      `dockerfile parse error on line ${instruction.line}: no build stage in current context`,
      instruction.line,
    );
  }
  const act = HANDLERS[instruction.word];
  if (act !== undefined) act({ build, stage, instruction, text: substitute(instruction.rest, stage.values) });
}

type InstructionHandler = (options: {
  build: ImageBuild;
  stage: BuildStage;
  instruction: Instruction;
  text: string;
}) => void;

const HANDLERS: Record<string, InstructionHandler> = {
  WORKDIR: ({ stage, text }) => {
    stage.workdir = posix.resolve(stage.workdir, text);
    stage.folders.add(stage.workdir);
  },
  USER: ({ stage, text }) => void (stage.user = text),
  EXPOSE: ({ stage, text }) =>
    void stage.ports.push(...splitWords(text).map((port) => Number.parseInt(port, 10))),
  ENV: ({ stage, text }) => {
    for (const [name, value] of pairs(text)) {
      stage.environment[name] = value;
      stage.values[name] = value;
    }
  },
  ARG: ({ build, stage, text }) => {
    for (const word of splitWords(text)) {
      const [name = '', ...rest] = word.split('=');
      const value = build.buildArguments[name] ?? (rest.length > 0 ? rest.join('=') : undefined);
      if (value !== undefined) stage.values[name] ??= value;
    }
  },
  COPY: copy,
  ADD: copy,
  // Not substituted here: the container's shell expands the variables.
  CMD: ({ stage, instruction }) => void (stage.command = commandOf(instruction)),
  ENTRYPOINT: ({ stage, instruction }) => {
    stage.entrypoint = commandOf(instruction);
    stage.command = null;
  },
  RUN: ({ stage, instruction }) => {
    // In node's images UID 1000 is `node`, so a second user with that id is refused.
    const isUidTaken =
      /(^|\/)node(:|$)/.test(stage.base) &&
      /\b(useradd|adduser)\b[^&|;]*(-u|--uid)[ =]*1000\b/.test(instruction.rest);
    if (isUidTaken) throw new BuildError('useradd: UID 1000 is not unique (exit code: 4)', instruction.line);
  },
};

function startStage(build: ImageBuild, instruction: Instruction): BuildStage {
  const [base = '', as, name] = splitWords(substitute(instruction.rest, build.buildArguments));
  if (as !== undefined && (as.toUpperCase() !== 'AS' || name === undefined)) {
    throw new BuildError('FROM requires either one or three arguments', instruction.line);
  }
  const parent = build.stages.find((stage) => stage.name === base);
  if (parent === undefined && !/^[a-z0-9][\w./-]*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/.test(base)) {
    throw new BuildError(`failed to parse stage name "${base}": invalid reference format`, instruction.line);
  }
  return {
    name: name ?? null,
    base: parent?.base ?? base,
    files: new Map(parent?.files),
    folders: new Set(parent?.folders),
    environment: { ...parent?.environment },
    values: { ...parent?.environment },
    workdir: parent?.workdir ?? '/',
    user: parent?.user ?? null,
    ports: [...(parent?.ports ?? [])],
    entrypoint: parent?.entrypoint ?? null,
    command: parent?.command ?? null,
  };
}

function copy({ build, stage, instruction, text }: Parameters<InstructionHandler>[0]): void {
  const words = jsonForm(text) ?? splitWords(text);
  const target = words.at(-1) ?? '';
  const patterns = words.slice(0, -1);
  if (patterns.length === 0)
    throw new BuildError(`${instruction.word} requires at least two arguments`, instruction.line);
  const source = instruction.flags['from'] === undefined ? build.source : stageTree(build, instruction);
  const owner = instruction.flags['chown'] ?? null;
  const matches = patterns.flatMap((pattern) => {
    const files = source.match(pattern);
    // A wildcard may match nothing (BuildKit, AllowEmptyWildcard); a plain name may not.
    if (files.length === 0 && !/[*?[]/.test(pattern)) {
      throw new BuildError(
        `failed to calculate checksum of ref: "/${pattern.replace(/^\.?\//, '')}": not found`,
        instruction.line,
      );
    }
    return files;
  });
  const isFolder =
    target.endsWith('/') ||
    target === '.' ||
    matches.length > 1 ||
    stage.folders.has(posix.resolve(stage.workdir, target));
  const at = posix.resolve(stage.workdir, target);
  for (const { path, within, content } of matches) {
    // A folder's contents are copied, not the folder itself; a file keeps its name or gets the target's.
    const destination =
      within !== null ? posix.join(at, within) : isFolder ? posix.join(at, posix.basename(path)) : at;
    stage.files.set(destination, { content, owner });
    stage.folders.add(posix.dirname(destination));
  }
}

function stageTree(build: ImageBuild, instruction: Instruction): SourceTree {
  const name = instruction.flags['from'] ?? '';
  const stage = build.stages.find((candidate, index) => candidate.name === name || String(index) === name);
  if (stage === undefined) {
    throw new BuildError(`the stand-in has no image "${name}" to copy from`, instruction.line);
  }
  const entries = [...stage.files].map(([path, { content }]) => [path.slice(1), content] as const);
  return new SourceTree(new Map(entries));
}

function commandOf(instruction: Instruction): string[] {
  return jsonForm(instruction.rest) ?? (instruction.rest === '' ? [] : ['/bin/sh', '-c', instruction.rest]);
}

function pairs(text: string): [string, string][] {
  const words = splitWords(text);
  if (words[0]?.includes('=') !== true) return [[words[0] ?? '', words.slice(1).join(' ')]];
  return words.map((word) => {
    const at = word.indexOf('=');
    return [word.slice(0, at), word.slice(at + 1)];
  });
}

function flagText({ flags }: Instruction): string {
  return Object.entries(flags)
    .map(([name, value]) => `--${name}${value === '' ? '' : `=${value}`} `)
    .join('');
}

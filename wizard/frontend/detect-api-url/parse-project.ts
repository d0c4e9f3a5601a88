import { parseSourceFile, type SourceFile, type SourceTexts } from '../../../javascript/source-file.ts';
import { isBuildConfig, isServerSide } from '../file-roles.ts';
import { frameworkOf, type Framework } from '../framework.ts';
import { mountedFiles } from './mounted/mounted-files.ts';
import { createTracer } from './trace/create-tracer.ts';
import type { Tracer } from './trace/reference.ts';

/** A frontend, parsed. */
export type Project = {
  framework: Framework;
  /** Runs in a reader's browser. */
  browserFiles: readonly SourceFile[];
  /** Runs when the site is built. */
  configFiles: readonly SourceFile[];
  tracer: Tracer;
  /** Whether it is the output of a bundler, not source. */
  isBundle: boolean;
};

/** Parses the scripts that a site mounts; all of a project where it does not show what it mounts. */
export function parseProject(files: SourceTexts): Project {
  const framework = frameworkOf(files.get('package.json'));
  const mounted = mountedFiles(files, framework);
  if (mounted === null) return parseAllFiles(files);
  return {
    framework,
    browserFiles: mounted.browser,
    configFiles: mounted.config,
    isBundle: false,
    tracer: createTracer([...mounted.config, ...mounted.browser], {
      hasProcess: framework === 'next',
    }),
  };
}

/** Parses every script of a project; those that run on a server and those that are tests are left out. */
export function parseAllFiles(files: SourceTexts): Project {
  const parsed = [...files]
    .filter(([path]) => isScript(path) && (isBuildConfig(path) || !isServerSide(path)))
    .flatMap(([path, text]) => parseSourceFile(path, text) ?? []);
  const framework = frameworkOf(files.get('package.json'));
  return {
    framework,
    browserFiles: parsed.filter(({ path }) => !isBuildConfig(path)),
    configFiles: parsed.filter(({ path }) => isBuildConfig(path)),
    isBundle: false,
    tracer: createTracer(parsed, { hasProcess: framework === 'next' }),
  };
}

const isScript = (path: string): boolean =>
  /\.(?:[cm]?[jt]sx?|mdx|html)$/.test(path) && !/\.(?:test|spec|stories|d)\.[cm]?[jt]sx?$/.test(path);

/** Parses the scripts of a deployed page, by URL: the output of a bundler, without its configuration. */
export function parseBundles(scripts: SourceTexts, page: URL): Project {
  const parsed = [...scripts].flatMap(([url, text]) => parseSourceFile(url, text, { isBundle: true }) ?? []);
  return {
    framework: 'unknown',
    browserFiles: parsed,
    configFiles: [],
    isBundle: true,
    tracer: createTracer(parsed, { page }),
  };
}

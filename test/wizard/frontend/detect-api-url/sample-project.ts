/** What detection must find first in a project; a key that is missing is not checked. */
export type ExpectedFinding = {
  /** No finding at all. */
  none?: true;
  /** No other finding. */
  only?: true;
  mechanism?: string;
  variable?: string;
  path?: string;
  name?: string;
  reaches?: boolean;
  undefinedVariables?: readonly string[];
};
export type SampleProject = readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  expected: ExpectedFinding,
];

const docusaurus = { '@docusaurus/core': '^3.9.0' };

/**
 * A project with a manifest, and with a configuration where it is a Docusaurus site without one. `src/theme/Root.js`
 * mounts its scripts.
 */
export function projectWith(
  files: Record<string, string>,
  dependencies: Record<string, string> = docusaurus,
): Record<string, string> {
  const needsConfig =
    dependencies === docusaurus && !Object.keys(files).some((path) => path.startsWith('docusaurus.'));
  const scripts = Object.keys(files).filter((path) =>
    /^(?!static|public|scripts|src\/__tests__).*\/.*\.(?:[cm]?[jt]sx?)$/.test(path),
  );

  const isMounted = dependencies !== docusaurus || 'src/theme/Root.js' in files;
  return {
    ...(!isMounted && {
      'src/theme/Root.js': scripts.map((path) => `import '@site/${path}';`).join('\n'),
    }),
    'package.json': JSON.stringify({ dependencies }),
    ...(needsConfig && { 'docusaurus.config.js': `export default { title: 'A', baseUrl: '/' };` }),
    ...files,
  };
}

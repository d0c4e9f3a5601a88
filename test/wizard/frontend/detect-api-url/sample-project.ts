/** Projects as they are written, each with what is to be found in it. */
export type ExpectedFinding = {
  none?: true;
  only?: true;
  mechanism?: string;
  variable?: string;
  path?: string;
  name?: string;
  reaches?: boolean;
  undef?: readonly string[];
};
export type SampleProject = readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  wanted: ExpectedFinding,
];

const docusaurus = { '@docusaurus/core': '^3.9.0' };

export function projectWith(
  files: Record<string, string>,
  dependencies: Record<string, string> = docusaurus,
): Record<string, string> {
  const isBare =
    dependencies === docusaurus && !Object.keys(files).some((path) => path.startsWith('docusaurus.'));
  return {
    'package.json': JSON.stringify({ dependencies }),
    ...(isBare && { 'docusaurus.config.js': `export default { title: 'A', baseUrl: '/' };` }),
    ...files,
  };
}

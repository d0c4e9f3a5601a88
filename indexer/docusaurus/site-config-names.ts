/**
 * The file of a site's configuration, relative to its root. Of several, Docusaurus reads the first of this order
 * (packages/docusaurus/src/server/config.ts).
 */
export const siteConfigNames: readonly string[] = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map(
  (extension) => `docusaurus.config.${extension}`,
);

import { siteConfigNames } from '../../../../indexer/docusaurus/site-config-names.ts';
import type { SourceTexts } from '../../../../javascript/source-file.ts';
import { isServerSide } from '../../file-roles.ts';
import type { Framework } from '../../framework.ts';

/** Components that Docusaurus's themes render: a file of that name in `src/theme` takes the place of theirs. */
const themeComponent =
  /^src\/theme\/(?:Admonition|AnnouncementBar|ApiItem|BackToTopButton|Blog\w*|CodeBlock|CodeInline|ColorModeToggle|ContentVisibility|Details|Doc\w*|EditMetaRow|EditThisPage|Error\w*|Footer|Heading|Icon|IdealImage|LastUpdated|Layout|LayoutProvider|Loading|Logo|MDX\w*|Mermaid|Navbar|NavbarItem|NotFound|PaginatorNavLink|Playground|prism-\S*|Root|Search\w*|SiteMetadata|SkipToContent|Tab\w*|TOC\w*|Tag\w*|Theme\w*|Unlisted\w*)(?:\/|\.[jt]sx?$)/;

/** The files that a browser loads without another one importing them; null where the project does not show them. */
export function browserRoots(texts: SourceTexts, framework: Framework): string[] | null {
  const paths = [...texts.keys()].filter((path) => !isTest(path));
  if (framework === 'docusaurus') {
    const config = siteConfigNames.find((name) => texts.has(name));
    return config === undefined ? null : docusaurusRoots(paths, texts.get(config) ?? '');
  }
  const roots = paths.filter((path) => isEntry(framework, path) && !isServerSide(path));
  const hasScript = roots.some((path) => !path.endsWith('.html')) || namesScript(texts, roots);
  return hasScript ? roots : null;
}

const isTest = (path: string): boolean =>
  /\.(?:test|spec|stories|d)\.[cm]?[jt]sx?$|(?:^|\/)(?:__tests__|node_modules)\//.test(path);

function docusaurusRoots(paths: readonly string[], config: string): string[] {
  const folders = [...config.matchAll(/\bpath:\s*['"`](?:\.\/)?([^'"`]+?)\/?['"`]/g)].map(
    ([, folder]) => `${folder ?? ''}/`,
  );
  const content = ['docs/', 'blog/', 'versioned_docs/', 'i18n/', 'src/pages/', ...folders];
  // Docusaurus makes no page of a file or a folder whose name begins with `_`.
  const isPartial = (path: string): boolean => /(?:^|\/)_/.test(path);
  return paths.filter((path) => {
    if (isPartial(path)) return false;
    if (/\.mdx?$/.test(path)) return content.some((folder) => path.startsWith(folder));
    if (!/\.[jt]sx?$/.test(path)) return false;
    return path.startsWith('src/pages/') || themeComponent.test(path);
  });
}

function isEntry(framework: Framework, path: string): boolean {
  if (framework === 'next')
    return /^(?:src\/)?(?:pages|app)\/.*\.[jt]sx?$|^(?:src\/)?instrumentation-client\./.test(path);
  if (framework === 'create-react-app') return /^src\/index\.[jt]sx?$|^public\/index\.html$/.test(path);
  return framework === 'vite' && /^[^/]+\.html$|^src\/(?:main|index)\.[jt]sx?$/.test(path);
}

/** Whether a page of the site loads a script that is there. */
function namesScript(texts: SourceTexts, pages: readonly string[]): boolean {
  return pages.some((page) =>
    [...(texts.get(page) ?? '').matchAll(/<script[^>]*\ssrc=["']\.?\/?([^"']+)/g)].some(([, src = '']) =>
      texts.has(src),
    ),
  );
}

const buildConfigPath =
  /(?:^|\/)(?:docusaurus|vite|next|craco|webpack|gatsby|nuxt|svelte|astro)[.-]config[\w.-]*\.[cm]?[jt]s$|plugin[\w.-]*\.[cm]?[jt]s$|^plugins\//;

/** Whether a file runs when the site is built, not in a reader's browser: configuration and plugins. */
export const isBuildConfig = (path: string): boolean => buildConfigPath.test(path);

/** Whether a file is copied into the site unchanged: no variable of the build reaches it. */
export const isServedAsIs = (path: string): boolean => /^(?:static|public)\//.test(path);

const serverPath =
  /^(?:(?:packages|apps)\/[^/]+\/)?(?:backend|server|scripts|api|functions)\/|(?:^|\/)(?:pages|app)\/(?:.*\/)?api\/|(?:^|\/)(?:tests?|__tests__|node_modules|e2e|cypress)\//;

/** Whether a file never runs in a reader's browser: Vercel functions, the servers of other packages, test folders. */
export const isServerSide = (path: string): boolean => serverPath.test(path);

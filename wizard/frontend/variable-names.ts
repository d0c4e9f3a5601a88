/** Words of the names of secrets, of connection strings, and of what they belong to. */
const secretWord =
  /^(?:secrets?|passwords?|passwd|pass|pwd|credentials?|private|salt|jwt|dsn|conn|connection|databases?|db|pg|postgres\w*|mysql|mariadb|mongo\w*|redis|sqlite|neon|qdrant|smtp)$/i;

/**
 * Whether a name suggests a secret or a connection string, which holds a password. Such a value is never taken for a
 * URL, and such a variable never gets into a proposed change: it would be built into the pages.
 */
export function isSecretName(name: string): boolean {
  return (
    /key|token|secret|password|credential|database|postgres|mongo|redis/i.test(name) ||
    wordsOf(name).some((word) => secretWord.test(word))
  );
}

/** Whether frontends keep the URL of their API under such a name. Never true for the name of a secret. */
export function isUrlName(name: string): boolean {
  if (isSecretName(name) || /node_env|public_url|site_url/i.test(name)) return false;
  return (
    /api|backend|server|chat|rag|bot|assistant|endpoint/i.test(name) &&
    /url|uri|base|endpoint|host|origin|api|backend|server/i.test(name)
  );
}

/** Whether a variable is meant to be in the pages: a build's prefix says so, or it is named like the URL of an API. */
export function isPublicName(name: string): boolean {
  if (isSecretName(name)) return false;
  return /^(?:REACT_APP|NEXT_PUBLIC|VITE|GATSBY|DOCUSAURUS|PUBLIC)_/.test(name) || isUrlName(name);
}

/** The words of a name or a path: split at everything that is no letter, and at capitals. */
export function wordsOf(text: string): string[] {
  return text
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

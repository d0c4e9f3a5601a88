/** Whether a name suggests a secret. Such a value is never taken for a URL: it would be shown, and built into the pages. */
export function isSecretName(name: string): boolean {
  return /key|token|secret|password/i.test(name);
}

/** Whether frontends keep the URL of their API under such a name. Never true for the name of a secret. */
export function isUrlName(name: string): boolean {
  if (isSecretName(name) || /node_env|public_url|site_url|db|database|qdrant/i.test(name)) return false;
  return (
    /api|backend|server|chat|rag|bot|assistant|endpoint/i.test(name) &&
    /url|uri|base|endpoint|host|origin|api|backend|server/i.test(name)
  );
}

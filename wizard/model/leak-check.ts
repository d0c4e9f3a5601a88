import { someSecretMatches } from './secret.ts';

/**
 * Whether a text that is to be shown holds a known secret: also where it is broken over lines, escaped, encoded, or
 * in other letters. A second look, by other means than those by which secrets are hidden.
 */
export function containsSecret(text: string): boolean {
  const joined = text.replaceAll(/[\s\u200B-\u200D\uFEFF]+/g, '');
  const views = [text, joined, percentDecoded(joined), unescaped(text), ...base64Decoded(joined)].map(
    (view) => view.toLowerCase(),
  );
  return someSecretMatches((value) => {
    const small = value.toLowerCase();
    return views.some((view) => view.includes(small));
  });
}

function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => {
    try {
      return decodeURIComponent(run);
    } catch {
      return run;
    }
  });
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code: string | undefined, plain: string) =>
    code === undefined ? plain : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** What each run of base64 letters says, from each of the four places at which it may begin. */
function base64Decoded(text: string): string[] {
  const runs = text.match(/[\w+/-]{8,}/g) ?? [];
  return runs.flatMap((run) => {
    const plain = run.replaceAll('-', '+').replaceAll('_', '/');
    return [0, 1, 2, 3].map((from) => {
      const whole = plain.slice(from);
      return atob(whole.slice(0, whole.length - (whole.length % 4)));
    });
  });
}

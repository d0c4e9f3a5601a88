import {
  fieldsOf,
  isUnresolved,
  type StaticFields,
  type StaticValue,
} from '../../../javascript/static/static-value.ts';

/** Names whose values no component shows: addresses, styles, identifiers. */
const neverText =
  /^(?:class(?:Name)?|style|src(?:Set)?|href|to|url|uri|link|id|key|ref|icon|image|img|logo|file|path|slug|hash|sha|integrity)$|^(?:data-|aria-|on[A-Z])|(?:ClassName|Style|Url|Href|Src|Id|Path|Color|Icon)$/;
/** Attributes that choose how a component looks or behaves; as fields of an object the same words are text. */
const settingName =
  /^(?:as|is|width|height|size|colou?r|bg|background|variant|type|kind|theme|align|layout|mode|target|rel|role|lang|language|groupId|queryString|default[A-Z]\w*|sizes|loading|decoding|tabIndex|lazy|open|index|correct\w*|answerIndex)$/;

const secretName =
  /(?:^|[a-z\d_.-])(?:api[-_]?keys?|access[-_]?keys?|private[-_]?keys?|secrets?|passw(?:or)?d|passphrase|credentials?|bearer)|(?:^|[a-z\d_-])token$|^auth(?:orization)?$/i;
const secretForm =
  /(?:^|[^\w])(?:sk-|pk_|rk_|sk_|hf_|gh[opsur]_|github_pat_|glpat-|xox[abprs]-|AIza|AKIA|ASIA|eyJ[\w-]{8}|npm_|napi_|vcp_)[\w-]{6}|-----BEGIN|:\/\/[^\s/:@]+:[^\s/@]+@/;
/** A path, an address, a file, a colour, a hash: nothing that is read as text. */
const codeForm =
  /^(?:(?:[a-z][a-z\d+.-]*:\/\/|(?:mailto|tel|data|javascript|pathname):)\S*|#[\w-]*|\.{0,2}\/\S*|@\S+\/\S*|[\w.~-]+(?:\/[\w.~-]+){2,}|\S+\.(?:png|jpe?g|gif|svg|webp|avif|ico|mp[34]|webm|pdf|css|jsx?|tsx?|mdx?|json|woff2?)|(?=[a-f\d]*\d)(?=[a-f\d]*[a-f])[a-f\d]{7,}|(?:rgb|hsl|var|calc|url)a?\(.*\))$/i;

/** Whether an attribute of this name can hold text for a reader. */
export function isTextAttribute(name: string): boolean {
  return isTextField(name) && !settingName.test(name);
}

function isTextField(name: string): boolean {
  return !neverText.test(name) && !secretName.test(name);
}

/** Whether a string is text for a reader, and no address, code or key. */
export function isReadable(text: string): boolean {
  const trimmed = text.trim();
  if (!/[\p{L}\p{N}]/u.test(trimmed) || codeForm.test(trimmed) || secretForm.test(trimmed)) return false;
  return !trimmed.split(/\s+/).some(looksRandom);
}

/** Long, of letters and digits, and with more information in each character than words have. */
function looksRandom(word: string): boolean {
  if (word.length < 20 || !/\d/.test(word) || !/[a-z]/i.test(word) || !/^[\w+/=.~-]+$/.test(word))
    return false;
  const counts = new Map<string, number>();
  for (const character of word) counts.set(character, (counts.get(character) ?? 0) + 1);
  const bits = [...counts.values()].reduce(
    (sum, count) => sum - (count / word.length) * Math.log2(count / word.length),
    0,
  );
  return bits > 3.5;
}

/** The text in a value, a line for each string that has a key: `gpu: RTX 4090`. Lists of strings are one line. */
export function valueLines(name: string, value: StaticValue): string[] {
  // A reader sees one of them, whichever it is.
  if (isUnresolved(value))
    return [...new Set((value.alternatives ?? []).flatMap((each) => valueLines(name, each)))];
  if (value === null || value === undefined || typeof value === 'boolean') return [];
  if (typeof value === 'number') return name === '' ? [String(value)] : [`${name}: ${value}`];
  if (typeof value === 'string') {
    if (!isReadable(value)) return [];
    return [name === '' ? value.trim() : `${name}: ${value.trim()}`];
  }
  if (!Array.isArray(value)) return fieldLines(value);
  const isPlain = value.every((entry) => typeof entry === 'string' || typeof entry === 'number');
  const entries = value.flatMap((entry) => valueLines('', entry));
  if (entries.length === 0) return [];
  if (isPlain) return [`${name === '' ? '' : `${name}: `}${entries.join('; ')}`];
  return name === '' ? entries : [`${name}:`, ...entries];
}

function fieldLines(value: StaticFields): string[] {
  const fields = fieldsOf(value) ?? {};
  const row = rowOf(fields);
  return Object.entries(fields).flatMap(([name, field]) => {
    if (row !== null && (name === 'key' || name === 'value')) return name === 'key' ? row : [];
    return isTextField(name) ? valueLines(name, field) : [];
  });
}

/**
 * The line of `{key: "Log", value: "/var/log"}`, none where the value is a secret: with its key, a path is text too. Null
 * for another object, whose key is for React alone.
 */
function rowOf({ key, value }: StaticFields): string[] | null {
  if (typeof key !== 'string' || typeof value !== 'string' || !/\p{L}/u.test(key)) return null;
  const words = value.trim().split(/\s+/);
  // Of a secret, a sentence tells what it is for.
  const isSecret = secretName.test(key) && words.length < 3;
  const isShown = !isSecret && !secretForm.test(value) && !words.some(looksRandom);
  return isShown ? [`${key.trim()}: ${words.join(' ')}`] : [];
}

import type { SourceFile, SourceTexts } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import type { ApiUrlDetection, ApiUrlFinding } from '../detect-api-url/api-url-detection.ts';
import { publicPrefixes, variableExpression } from '../framework.ts';
import { addDefinePlugin, noPluginsPlace } from './docusaurus-plugin.ts';
import { originOf } from '../url-source.ts';
import { applyEdits, type TextEdit } from './text-edits.ts';
import { noChange, planChange, type WiringPlan } from './wiring-plan.ts';

/**
 * Gives the chat's request an address of its own, where other requests go to the same base: the code reads a new
 * variable there, with the base as its fallback, and everything else stays as it is.
 */
export function planChatRequest({
  files,
  detection,
  finding,
}: {
  files: SourceTexts;
  detection: ApiUrlDetection;
  finding: ApiUrlFinding;
}): WiringPlan {
  const { framework } = detection;
  if (framework === 'unknown') return noChange('no build tool was found that could fill in a variable');
  const variable = freeVariable(files, publicPrefixes[framework] ?? 'REACT_APP_');
  const edits = new Map<string, BaseEdit>();
  // A session that another server opened is none of the new one's.
  const moved = finding.variable ?? originOf(finding.source.name);
  const sessions = detection.otherRequests.filter(
    ({ address, method, isAnswered }) => isAnswered && method === 'POST' && address === moved,
  );
  for (const request of [...finding.questionCalls, ...sessions.map(({ call }) => call)]) {
    const edit = editFor(request, variableExpression(framework, variable));
    const key = edit === null ? '' : `${edit.file.path} ${edit.start}`;
    const other = edits.get(key);
    if (edit === null || (other !== undefined && other.text !== edit.text))
      return noChange(
        `${request.file.path} builds the address of the chat’s request together with those of others: let it ask at a variable of its own`,
      );
    edits.set(key, { ...edit, conditions: [...new Set([...(other?.conditions ?? []), ...edit.conditions])] });
  }
  if (edits.size === 0) return noChange('the line that asks the chat was not found');
  const next = applyEdits([...edits.values()].map(withConditions));
  if (framework === 'docusaurus') {
    const plugin = addDefinePlugin({
      files: new Map([...files, ...next]),
      detection,
      variable: { name: variable, env: 'process.env' },
    });
    if (plugin === null) return noChange(noPluginsPlace);
    for (const [path, text] of plugin) next.set(path, text);
  }
  const summary = `lets the chat’s request alone read ${variable}`;
  return planChange(files, next, { variable, path: finding.suffix.path, summary });
}

/** A variable that nothing in the project reads yet: another one’s value would move more than the chat’s request. */
function freeVariable(files: SourceTexts, prefix: string): string {
  const names = ['CHAT_API_URL', 'CHAT_SERVER_URL', 'BOOK_CHAT_API_URL'].map((name) => prefix + name);
  const isRead = (name: string): boolean =>
    [...files.values()].some((text) => new RegExp(`\\b${name}\\b`).test(text));
  return names.find((name) => !isRead(name)) ?? `${prefix}RAG_SPACE_CHAT_API_URL`;
}

/** An edit of the base of an address; under `conditions`, one for each path, where other requests have the same base. */
type BaseEdit = TextEdit & { conditions: readonly string[] };

function withConditions({ conditions, ...edit }: BaseEdit): TextEdit {
  if (conditions.length === 0) return edit;
  const base = edit.file.text.slice(edit.start, edit.end);
  return { ...edit, text: `${conditions.join(' || ')} ? ${edit.text} : ${base}` };
}

/** Puts the variable before the base that the address of a request begins with; null where it has none of its own. */
function editFor(
  { file, node, path, address: made }: ApiUrlFinding['questionCalls'][number],
  expression: string,
): BaseEdit | null {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null;
  const [argument] = node.arguments;
  if (argument === undefined) return null;
  const address = ownExpression(file, argument);
  const own = address === null ? null : editOf({ file, node: address, call: node }, expression);
  if (path === null) return own;
  const whole = address?.type === 'TemplateLiteral' ? { file, node: address } : made;
  if (whole?.node.type === 'TemplateLiteral' && !isInside(path, whole))
    return editForPath(whole, { path: path.node, expression }) ?? own;
  const written = own === null ? addressAround(path) : null;
  return written === null ? own : editOf({ ...written, call: null }, expression);
}

/** The same in the expression of an address; `call` is the one that asks there, where it has the expression. */
function editOf(
  { file, node: address, call }: { file: SourceFile; node: Node; call: Node | null },
  expression: string,
): BaseEdit | null {
  const textOf = ({ start, end }: Node): string => file.text.slice(start, end);
  const edit = ({ start, end }: Node, text: string): BaseEdit => ({
    file,
    start,
    end,
    text,
    conditions: [],
  });
  if (address.type === 'TemplateLiteral') {
    const [base] = address.expressions;
    const isFirst = address.quasis[0]?.value.raw === '';
    return base !== undefined && isFirst ? edit(base, `${expression} || ${textOf(base)}`) : null;
  }
  if (address.type === 'BinaryExpression') {
    let base: Node = address;
    while (base.type === 'BinaryExpression' && base.operator === '+') base = base.left as Node;
    return edit(base, `(${expression} || ${textOf(base)})`);
  }
  if (address.type !== 'Literal' || typeof address.value !== 'string' || call === null) return null;
  const { value } = address;
  if (/^https?:/.test(value)) {
    const { origin } = new URL(value);
    const rest = value.slice(origin.length);
    return edit(address, `(${expression} || '${origin}')${rest === '' ? '' : ` + '${rest}'`}`);
  }
  // The client has the base: an absolute address takes its place.
  if (!('callee' in call) || call.callee.type !== 'MemberExpression') return null;
  const path = value.startsWith('/') ? value : `/${value}`;
  return edit(address, `\`\${${expression} || ''}${path}\``);
}

/** `${base}${path}` of a function that gets the path: the variable is read for the chat’s path alone. */
function editForPath(
  { file, node }: { file: SourceFile; node: Node },
  { path, expression }: { path: Node; expression: string },
): BaseEdit | null {
  if (node.type !== 'TemplateLiteral' || node.quasis.some(({ value }) => value.raw !== '')) return null;
  const [base, name, ...others] = node.expressions;
  const text = path.type === 'Literal' ? path.value : null;
  if (base === undefined || name?.type !== 'Identifier' || others.length > 0 || typeof text !== 'string')
    return null;
  const chosen = `${expression} || ${file.text.slice(base.start, base.end)}`;
  const conditions = [`${name.name} === '${text}'`];
  return /^[\w/.-]+$/.test(text)
    ? { file, start: base.start, end: base.end, text: chosen, conditions }
    : null;
}

type Place = { file: SourceFile; node: Node };

const isInside = (inner: Place, outer: Place): boolean =>
  inner.file === outer.file && inner.node.start >= outer.node.start && inner.node.end <= outer.node.end;

/** The template or the sum in which a path follows its base. */
function addressAround({ file, node }: Place): Place | null {
  let whole = file.scopes.parentOf(node);
  if (whole?.type === 'TemplateLiteral') return { file, node: whole };
  if (whole?.type !== 'BinaryExpression') return null;
  for (
    let parent = file.scopes.parentOf(whole);
    parent?.type === 'BinaryExpression';
    parent = file.scopes.parentOf(parent)
  )
    whole = parent;
  return { file, node: whole };
}

/** How many names an address is followed through. */
const maxNames = 3;

/** The expression of an address, through constants of the same file that nothing else uses. */
function ownExpression(file: SourceFile, start: Node): Node | null {
  let node = start;
  for (let names = 0; node.type === 'Identifier' && names < maxNames; names += 1) {
    const [source, ...others] = file.scopes.sourcesOf(node, node.name) ?? [];
    const isOwn = file.scopes.usesOf(node).length <= 1;
    if (source?.type !== 'expression' || source.path.length > 0 || others.length > 0 || !isOwn) return null;
    node = source.node;
  }
  return node;
}

import type { CompileContext, Extension as FromMarkdown } from 'mdast-util-from-markdown';
import type { Code, Effects, Extension, State } from 'micromark-util-types';

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    htmlComment: 'htmlComment';
    htmlCommentData: 'htmlCommentData';
    headingIdText: 'headingIdText';
  }
}

const lessThan = 60;
const leftBrace = 123;
const dash = 45;

/**
 * A micromark extension for `<!-- … -->`, which is a syntax error in MDX: Docusaurus allows it while
 * `mdx1Compat.comments` is on. It produces no node.
 */
export const htmlComment: Extension = {
  flow: { [lessThan]: { name: 'htmlComment', tokenize: tokenizeComment, concrete: true } },
  text: { [lessThan]: { name: 'htmlComment', tokenize: tokenizeComment } },
};

/** A micromark extension that keeps the `{#id}` of a heading as text; MDX would parse it as an expression. */
export const headingIdText: Extension = {
  text: { [leftBrace]: { name: 'headingIdText', tokenize: tokenizeHeadingId } },
};

/** Builds the mdast nodes of both extensions. */
export const compatFromMarkdown: FromMarkdown = {
  enter: {
    htmlComment(this: CompileContext) {
      this.buffer();
    },
    headingIdText(this: CompileContext, token) {
      this.enter({ type: 'text', value: this.sliceSerialize(token) }, token);
    },
  },
  exit: {
    htmlComment(this: CompileContext) {
      this.resume();
    },
    headingIdText(this: CompileContext, token) {
      this.exit(token);
    },
  },
};

/** Line endings are negative codes below -2; null is the end of the file. */
function isLineEnding(code: Code): boolean {
  return code !== null && code < -2;
}

function tokenizeComment(effects: Effects, ok: State, nok: State): State {
  const opening = [lessThan, 33, dash, dash];
  let dashes = 0;

  const open: State = (code) => {
    const expected = opening.shift();
    if (expected === undefined) return inside(code);
    if (code !== expected) return nok(code);
    effects.consume(code);
    return open;
  };
  const inside: State = (code) => {
    if (code === null) return nok(code);
    if (isLineEnding(code)) {
      effects.exit('htmlCommentData');
      return lineEnd(code);
    }
    effects.consume(code);
    if (code === 62 && dashes >= 2) {
      effects.exit('htmlCommentData');
      effects.exit('htmlComment');
      return ok;
    }
    dashes = code === dash ? dashes + 1 : 0;
    return inside;
  };
  const lineEnd: State = (code) => {
    dashes = 0;
    effects.enter('lineEnding');
    effects.consume(code);
    effects.exit('lineEnding');
    return lineStart;
  };
  const lineStart: State = (code) => {
    if (code === null) return nok(code);
    if (isLineEnding(code)) return lineEnd(code);
    effects.enter('htmlCommentData');
    return inside(code);
  };
  return (code) => {
    effects.enter('htmlComment');
    effects.enter('htmlCommentData');
    return open(code);
  };
}

function tokenizeHeadingId(effects: Effects, ok: State, nok: State): State {
  const inside: State = (code) => {
    if (code === null || isLineEnding(code)) return nok(code);
    effects.consume(code);
    if (code !== 125) return inside;
    effects.exit('headingIdText');
    return ok;
  };
  const hash: State = (code) => (code === 35 ? inside(code) : nok(code));
  return (code) => {
    effects.enter('headingIdText');
    effects.consume(code);
    return hash;
  };
}

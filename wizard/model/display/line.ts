/** Colour follows the tone and never says more than the words do. */
export type Tone = 'plain' | 'strong' | 'dim' | 'good' | 'bad' | 'warn' | 'link';

/**
 * One line for the user. A `link` is alone on its line and never broken, so that it can be copied. Its first `hang`
 * characters are a column of their own: what does not fit goes on to the right of it.
 */
export type Line = {
  text: string;
  tone: Tone;
  indent: number;
  /** An address after the text, on a row of its own where both do not fit into one. */
  link?: string;
};

/** Vendors' texts may hold escape sequences, which would move the cursor or worse. */
const unprintable =
  /\u001B\[[0-?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)|[\u0000-\u001F\u007F-\u009F]/g;

/** One line, with what a terminal would obey taken out. */
export function line(text: string, tone: Tone = 'plain', hang = 0): Line {
  return { text: text.replaceAll(unprintable, ''), tone, indent: hang };
}

/** An address, alone on its line. */
export function linkLine(url: string): Line {
  return line(url, 'link');
}

/** A label and its address. */
export function linkedLine(label: string, url: string): Line {
  return { ...line(label), link: url };
}

const address = /(https?:\/\/[^\s)]+)/;

/** Text whose addresses stand on lines of their own, without the full stop or bracket around them. */
export function textLines(text: string, tone: Tone = 'plain', hang = 0): Line[] {
  return text.split('\n').flatMap((paragraph) =>
    paragraph.split(address).flatMap((part) => {
      if (address.test(part)) return [linkLine(part.replace(/[.,;]$/, ''))];
      const words = part
        .replace(/^[).,;]+(?=\s|$)/, '')
        .replace(/\($/, '')
        .trim();
      return words === '' ? [] : [line(words, tone, hang)];
    }),
  );
}

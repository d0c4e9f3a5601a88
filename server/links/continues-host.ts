/** What ends a host for every program: a quotation mark, a backtick, a bracket of HTML, or closing punctuation before a blank. */
const hostEnd = /^(?:["<>\\`]|[')\]},;.:!?]*$)/;

/**
 * Whether a program that takes code for text may read on in the host of an address: one without a path or a port, with
 * `after` up to the next blank. `isCut`: the blank was not reached.
 */
export function continuesHost(address: string, { after, isCut }: { after: string; isCut: boolean }): boolean {
  const isHostAlone = !/[/?#]/.test(address.replace(/^[a-z]*:?\/\//i, '')) && !/:\d+$/.test(address);
  return isHostAlone && (isCut || !hostEnd.test(after));
}

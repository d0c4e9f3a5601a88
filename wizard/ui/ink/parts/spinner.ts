const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Milliseconds between two frames at the least, while nothing is typed. */
export const frameMs = 250;
/** Milliseconds between two pictures of a spinner: twice a second, so that a long wait writes little. */
export const tickMs = 500;

/** The spinner's picture at a time in milliseconds. */
export function spinnerAt(time: number): string {
  return spinner[Math.floor(time / tickMs) % spinner.length] ?? '';
}

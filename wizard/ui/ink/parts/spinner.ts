const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Milliseconds between two pictures of a spinner, and the shortest time between two frames while nothing is typed. */
export const tickMs = 250;

/** The spinner's picture at a time in milliseconds. */
export function spinnerAt(time: number): string {
  return spinner[Math.floor(time / tickMs) % spinner.length] ?? '';
}

/** Of the package: what `--version` prints and health reports. Alone in its file, so that `--version` loads nothing else. */
export const version = '0.1.0';

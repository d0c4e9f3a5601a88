/** Replaces Ink's optional developer tools, as in the build. */
export default {};

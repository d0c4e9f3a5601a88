/** The text of a module and all it imports as one script for browsers: `browser-scripts.mjs`. */
declare module '*.script' {
  const script: string;
  export default script;
}

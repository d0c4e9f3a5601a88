/** Characters. A chunk stays below `most`, except for a code block or a table, which stays whole up to `hard`. */
export const chunkSize = { max: 1600, small: 300, tiny: 40, hardMax: 2400 } as const;

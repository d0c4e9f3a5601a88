/** Characters. A chunk stays below `most`, except for a code block or a table, which stays whole up to `hard`. */
export const chunkSize = { most: 1600, small: 300, tiny: 40, hard: 2400 } as const;

/** One value of a paste, with the name it came under, or null where it had none. */
export type PasteEntry = { name: string | null; raw: string };

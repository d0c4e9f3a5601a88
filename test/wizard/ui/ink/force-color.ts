/** Imported before Ink: its colours are chosen when it is loaded, and tests have no terminal. */
process.env['FORCE_COLOR'] = '1';

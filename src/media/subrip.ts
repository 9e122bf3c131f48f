/** Captions as ffmpeg writes them, as SubRip that any player understands. Pure. */

/**
 * The place on the screen and the typewriter's font go: where a player takes them at their word, all captions stand at the top.
 * Italics stay.
 */
export const captionsOf = (subrip: string): string => subrip.replace(/\{\\an\d\}|<\/?font[^>]*>/g, '');

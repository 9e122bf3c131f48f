/** Reads `ffmpeg -h filter=…`: which options a filter has in the build at hand. Topaz's own set drifts between versions. Pure. */

/**
 * An option's line is its name, its type and its flags; lines of a longer help text and of an option's constants are not.
 * Printed by `opt_list` of libavutil/opt.c, the same in every version since 4.0.
 */
const OPTION = /^\s+-?(\w+)\s+<\w+>\s+[.A-Z]{8,}/;

/** @returns names of all options, empty where the build has no such filter */
export function filterOptions(help: string): ReadonlySet<string> {
  const names = help.split(/\r?\n/).flatMap((line) => OPTION.exec(line)?.[1] ?? []);
  return new Set(names);
}

/** `-h filter=<name>`; ffmpeg exits 0 also where there is no such filter. */
export const filterHelpArgv = (filter: string): readonly string[] => ['-hide_banner', '-h', `filter=${filter}`];

/** Options that every build has to have; without them a render would be another one than the profile says. */
export const neededOptions = ['model', 'scale', 'device', 'vram', 'instances', 'preblur', 'compression'] as const;

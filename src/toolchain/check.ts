/** What `taaf doctor` says about the programs: found, wanted, and the one line that mends it. */
import type { Env, TaafPaths } from '../config/paths.js';
import { Failure } from '../domain/failures.js';
import type { Tools } from '../domain/tools.js';
import { run } from '../process/run.js';
import { checkFfmpeg } from './ffmpeg.js';
import { locateTools } from './locate.js';
import type { ToolChoices } from './locate.js';
import { findRuntime } from './onnxruntime.js';
import { isOlder, OLDEST_TEMPORAL, temporalVersion } from './temporal-version.js';

export interface ToolFinding {
  readonly name: 'ffmpeg' | 'ffprobe' | 'temporal' | 'apprise' | 'onnxruntime' | 'ansible' | 'session-manager-plugin';
  /** Version and path; undefined when there is none. */
  readonly found: string | undefined;
  readonly wanted: string;
  readonly ok: boolean;
  /** The next command; undefined where all is well. */
  readonly fix: string | undefined;
}

interface Look {
  readonly found: string;
  readonly ok: boolean;
}

const FIX = 'Run: taaf setup';

/** Looks at every program. It throws nothing that concerns them: what is missing is a finding. */
export async function checkTools(paths: TaafPaths, choices: ToolChoices, env: Env): Promise<ToolFinding[]> {
  const tools = await found(() => locateTools(paths, choices, env));
  const looks = tools instanceof Failure ? undefined : programLooks(tools);
  const fix = tools instanceof Failure ? tools.next : undefined;
  const wanted = {
    ffmpeg: 'with zlib, png, zscale, xpsnr, libx265, ffv1',
    ffprobe: 'any',
    temporal: `${OLDEST_TEMPORAL} or newer`,
    apprise: 'any',
  } as const;
  const names = ['ffmpeg', 'ffprobe', 'temporal', 'apprise'] as const;
  const programs = names.map((name) => finding(name, wanted[name], looks?.[name], fix));
  return Promise.all([...programs, runtimeFinding(paths)]);
}

const programLooks = (tools: Tools): Record<keyof Tools, () => Promise<Look>> => ({
  ffmpeg: async () => {
    const { version, missing } = await checkFfmpeg(tools.ffmpeg);
    const lacks = missing.length === 0 ? '' : `, lacks ${missing.join(', ')}`;
    return { found: `${version}${lacks} (${tools.ffmpeg})`, ok: missing.length === 0 };
  },
  ffprobe: () => looked(tools.ffprobe, ['-version'], /^ffprobe version n?(\S+)/),
  temporal: async () => {
    const { cli, server } = await temporalVersion(tools.temporal);
    return { found: `${cli}, server ${server} (${tools.temporal})`, ok: !isOlder(cli, OLDEST_TEMPORAL) };
  },
  apprise: () => looked(tools.apprise, ['--version'], /^Apprise v(\S+)/),
});

async function looked(program: string, args: readonly string[], pattern: RegExp): Promise<Look> {
  const { stdout } = await run([program, ...args], {
    failure: { kind: 'tool-missing', what: `${program} does not run` },
  });
  return { found: `${pattern.exec(stdout)?.[1] ?? 'unknown version'} (${program})`, ok: true };
}

async function finding(
  name: ToolFinding['name'],
  wanted: string,
  look: (() => Promise<Look>) | undefined,
  fix = FIX,
): Promise<ToolFinding> {
  const seen = look && (await found(look));
  if (seen === undefined || seen instanceof Failure) {
    return { name, found: seen?.message, wanted, ok: false, fix: seen?.next ?? fix };
  }
  return {
    name,
    found: seen.found,
    wanted,
    ok: seen.ok,
    fix: seen.ok ? undefined : `Set tools.${name} to auto in config.yaml`,
  };
}

async function runtimeFinding(paths: TaafPaths): Promise<ToolFinding> {
  const path = await findRuntime(paths);
  const ok = path !== undefined;
  return { name: 'onnxruntime', found: path, wanted: 'for profiles with an ONNX model', ok, fix: ok ? undefined : FIX };
}

/** A result, or the failure in its place. */
async function found<T>(look: () => Promise<T>): Promise<T | Failure> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

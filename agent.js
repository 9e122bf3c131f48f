import { createRequire as taafRequire } from 'node:module'; const require = taafRequire(import.meta.url);
import {
  firstFrameTicks
} from "./chunks/chunk-YKNCMP7U.js";
import {
  filterThreads,
  openRenderer,
  renderedToCompare,
  restoredDurations,
  restoredInput,
  restoredToCompare
} from "./chunks/chunk-FAPP5MYR.js";
import {
  boardOf,
  claimUnit,
  countingEdition,
  createRecord,
  failpoint,
  lifeObserver,
  nextOpen,
  readRecord,
  seal,
  voidRecord,
  workReader
} from "./chunks/chunk-KNELNHZI.js";
import {
  averageRate,
  resultSeconds,
  stepsOf
} from "./chunks/chunk-TAVKIZRH.js";
import {
  durations,
  lasting
} from "./chunks/chunk-FEMYGCJX.js";
import {
  alarmKinds,
  meanOf,
  medianOf,
  timecode
} from "./chunks/chunk-BGDH5XIK.js";
import {
  directoryStore
} from "./chunks/chunk-66KT67MV.js";
import {
  guardProcessGroup
} from "./chunks/chunk-LGUFWDLO.js";
import {
  decodeExit
} from "./chunks/chunk-QZLIJOM4.js";
import "./chunks/chunk-BS4NI45J.js";
import {
  cadenceOf,
  clockOf,
  ffmpegExitKind,
  ffmpegHead,
  fileUrl,
  frameReport,
  ownInput,
  passagesOf,
  progressOptions,
  readProgress,
  reportFilters,
  restoreFilters,
  restoredFrames,
  restoredOutput,
  secondsOf,
  sourceInput,
  steadyDurations
} from "./chunks/chunk-SRLYOH6X.js";
import {
  diskFailure
} from "./chunks/chunk-UVRH4SAI.js";
import {
  sha256OfFile
} from "./chunks/chunk-62FTKCPG.js";
import {
  external_exports
} from "./chunks/chunk-OFM3T3IH.js";
import {
  lastLine,
  run,
  start
} from "./chunks/chunk-4NPK6UQT.js";
import {
  takeLock
} from "./chunks/chunk-6FANGAP6.js";
import "./chunks/chunk-PLJWO3LP.js";
import {
  pause
} from "./chunks/chunk-G7PHISLK.js";
import "./chunks/chunk-34ZYO7SA.js";
import {
  keys,
  segmentOfUnit
} from "./chunks/chunk-X2MPI5BB.js";
import {
  ignoreMissing,
  writeDurably
} from "./chunks/chunk-OPDZC4AS.js";
import {
  Failure,
  factOf
} from "./chunks/chunk-2IJYTAY2.js";
import "./chunks/chunk-GVXPHZAE.js";

// src/agent/main.ts
import { mkdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join as join8 } from "node:path";

// src/store/open.ts
async function openStore(place) {
  if (place.kind === "directory") return Promise.resolve(directoryStore(place.folder));
  throw new Failure("unsupported", `There are no stores in S3 in this version`, { next: "Use --fleet local" });
}

// src/agent/lease.ts
import { readFile } from "node:fs/promises";
import { join } from "node:path";

// src/process/shutdown.ts
async function shutdownIn(seconds, platform = process.platform) {
  await run(shutdownArgv(seconds, platform), options());
}
function shutdownArgv(seconds, platform) {
  if (platform === "win32")
    return ["cmd.exe", "/d", "/c", `shutdown /a & shutdown /s /f /t ${Math.max(1, Math.ceil(seconds))}`];
  return ["shutdown", "-h", `+${Math.max(1, Math.ceil(seconds / 60))}`];
}
var ANSWER_MS = 3e4;
var options = () => ({
  outlivesUs: true,
  signal: AbortSignal.timeout(ANSWER_MS),
  failure: { kind: "permission", what: "The system does not let TAAF set the time at which it turns itself off" }
});

// src/agent/patience.ts
var GENEROUS = 5;
var TELLING = 1 / 20;
var firstPatience = (now, scale) => ({
  until: now + durations.patienceFirst / scale,
  longest: 0
});
function afterUnit({ longest }, took, now, scale) {
  const most = Math.max(longest, took);
  return { until: now + Math.max(durations.patienceLeast / scale, GENEROUS * most), longest: most };
}
function duringUnit(patience, first, last) {
  const done = last.frames - first.frames;
  if (last.total === 0 || done < last.total * TELLING) return patience;
  const rest = (last.at - first.at) / done * (last.total - last.frames);
  return { ...patience, until: Math.max(patience.until, last.at + GENEROUS * rest) };
}

// src/agent/lease.ts
var none = { begin: () => void 0, report: () => void 0, finish: async () => {
}, end: async () => {
} };
var STEP_MS = 5 * 6e4;
async function openLease({ settings, log, now = Date.now }) {
  const { lease, scratch, timeScale: scale } = settings;
  if (!lease) return none;
  const file = join(scratch, "lease.json");
  let patience = await readPatience(file) ?? firstPatience(now(), scale);
  let began = now();
  let first;
  let set = 0;
  let setting = Promise.resolve();
  const setEnd = (until) => {
    set = until;
    setting = setting.then(async () => {
      try {
        await shutdownIn(Math.max(0, Math.min(until, lease.endsAt) - now()) * scale / 1e3);
      } catch (error) {
        log("the machine\u2019s end could not be set", factOf(error));
      }
    });
    return setting;
  };
  const become = async (next) => {
    patience = next;
    await setEnd(patience.until);
    await writeDurably(file, JSON.stringify(patience)).catch(
      (error) => log("the machine\u2019s end could not be noted", factOf(error))
    );
  };
  await become(patience);
  return {
    begin() {
      began = now();
      first = void 0;
    },
    report(frames, total2) {
      const last = { frames, total: total2, at: now() };
      if (frames > 0) first ??= last;
      if (!first) return;
      patience = duringUnit(patience, first, last);
      if (patience.until > set + STEP_MS / scale) void setEnd(patience.until);
    },
    finish: () => become(afterUnit(patience, now() - began, now(), scale)),
    end: () => setEnd(now() + durations.farewell / scale)
  };
}
async function readPatience(file) {
  const text = await readFile(file, "utf8").catch(ignoreMissing);
  return text === void 0 ? void 0 : JSON.parse(text);
}

// src/agent/log.ts
async function openLog(store, machine, everyMs) {
  let lines = [];
  let chunk = (await store.list(keys.logs(machine))).length;
  let flushing = Promise.resolve();
  const flush = () => {
    flushing = flushing.then(async () => {
      if (lines.length === 0) return;
      const text = lines.join("");
      const taken = lines.length;
      await store.put(keys.log(machine, chunk), { bytes: Buffer.from(text) });
      chunk += 1;
      lines = lines.slice(taken);
    });
    return flushing;
  };
  const timer = setInterval(() => void flush().catch(() => flushing = Promise.resolve()), everyMs);
  timer.unref();
  return {
    line: (text, facts = {}) => {
      lines.push(`${JSON.stringify({ time: (/* @__PURE__ */ new Date()).toISOString(), machine, msg: text, ...facts })}
`);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    }
  };
}

// src/agent/loop.ts
import { mkdir as mkdir2, rm as rm4 } from "node:fs/promises";
import { join as join7 } from "node:path";

// src/agent/find-work.ts
function workFinder(store, reader, life, own) {
  const jobs = /* @__PURE__ */ new Map();
  async function readJobs() {
    const listed = (await store.list(keys.jobs)).map(({ key }) => key);
    for (const key of listed) {
      const recipe = key.slice(keys.jobs.length, -".json".length);
      const job = jobs.has(recipe) ? void 0 : await readRecord(store, key);
      if (job?.state === "found") jobs.set(recipe, job.record);
    }
    return [...jobs.values()].filter((job) => listed.includes(keys.job(job.recipe)));
  }
  return {
    async find() {
      const view = await life.look();
      const found = [];
      let doubt = false;
      for (const job of await readJobs()) {
        const board = boardOf(await reader.read(job.recipe), view.holds(job.recipe));
        const open2 = nextOpen(board);
        doubt ||= holdersOf(board).some((machine) => !view.proven.has(machine));
        if (open2) found.push({ job, board, ...open2 });
        if (open2 && job.episode === own) break;
      }
      const rank = (work2) => work2.job.episode === own ? -1 : work2.job.order + (work2.unit === "restore" ? 0 : 1e6);
      return found.sort((a, b) => rank(a) - rank(b))[0] ?? (doubt ? "doubt" : "nothing");
    }
  };
}
var holdersOf = (board) => board.blocked ? [] : [...board.units.values()].flatMap((unit) => unit.state === "held" ? [unit.machine] : []);

// src/agent/hand.ts
function openHand(store, machine, beatMs, now = () => performance.now()) {
  let held;
  let beats = 0;
  let last = { frames: 0, at: now() };
  const write = async () => {
    const progress = { machine, beat: ++beats, units: held ? [held] : [] };
    await store.put(keys.progress(machine), { bytes: seal(progress) });
  };
  const measure = () => {
    if (!held) return;
    const seconds = (now() - last.at) / 1e3;
    held = { ...held, rate: seconds > 0 ? Math.max(0, held.frames - last.frames) / seconds : 0 };
    last = { frames: held.frames, at: now() };
  };
  const refuseUnwanted = async () => {
    if (held && !await store.stat(keys.job(held.recipe))) throw new Failure("cancelled", "The episode was cancelled");
  };
  return {
    open: write,
    async take(recipe, unit, epoch) {
      held = { recipe, unit, epoch, frames: 0, total: 0, rate: 0 };
      last = { frames: 0, at: now() };
      await write();
    },
    report(frames, total2) {
      if (held) held = { ...held, frames, total: total2 };
    },
    drop() {
      held = void 0;
    },
    async beat(signal) {
      while (!signal.aborted) {
        await pause(beatMs, signal);
        measure();
        await write();
        await refuseUnwanted();
      }
    }
  };
}

// src/agent/pace.ts
function paceOf(store, timeScale) {
  const far = store.kind === "s3";
  return {
    beat: lasting(far ? "beatFar" : "beat", timeScale),
    logs: lasting(far ? "logsFar" : "logs", timeScale)
  };
}

// src/agent/restore-unit.ts
import { mkdir, stat } from "node:fs/promises";
import { join as join4 } from "node:path";

// src/media/restore.ts
import { rm as rm2 } from "node:fs/promises";
import { join as join3 } from "node:path";

// src/media/cuts.ts
var SCENE = 10;
function cutsOf(scores, wanted) {
  const least = Math.max(1, Math.ceil(wanted / 2));
  const most = Math.max(1, Math.floor(wanted * 1.5));
  const cuts = [];
  let first = 0;
  while (scores.length - first > most) {
    const end = Math.min(first + most, scores.length - least);
    const next = nearestScene(scores, first + least, end, first + wanted);
    cuts.push({ first, frames: next - first });
    first = next;
  }
  if (first < scores.length) cuts.push({ first, frames: scores.length - first });
  return cuts;
}
function nearestScene(scores, from, to, aim) {
  let best;
  for (let frame = from; frame <= to; frame++) {
    if ((scores[frame] ?? 0) < SCENE) continue;
    if (best === void 0 || Math.abs(frame - aim) < Math.abs(best - aim)) best = frame;
  }
  return best ?? Math.min(aim, to);
}

// src/media/cut-segments.ts
import { rename } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/media/count-frames.ts
var answer = external_exports.object({
  streams: external_exports.tuple([
    external_exports.object({
      width: external_exports.number(),
      height: external_exports.number(),
      pix_fmt: external_exports.string(),
      nb_read_packets: external_exports.coerce.number()
    })
  ])
});
async function countFrames(tools, path, signal) {
  const what = `${path} cannot be read back`;
  const argv = [tools.ffprobe, "-hide_banner", "-v", "error", "-protocol_whitelist", "file", "-of", "json"];
  const entries = ["-select_streams", "v:0", "-count_packets", "-show_entries"];
  const { stdout } = await run([...argv, ...entries, "stream=width,height,pix_fmt,nb_read_packets", fileUrl(path)], {
    failure: { kind: "verify-failed", what },
    ...signal ? { signal } : {}
  });
  const checked = answer.safeParse(JSON.parse(stdout));
  if (!checked.success) throw new Failure("verify-failed", what, { evidence: external_exports.prettifyError(checked.error) });
  const [{ width, height, pix_fmt: pixelFormat, nb_read_packets: frames }] = checked.data.streams;
  return { frames, width, height, pixelFormat };
}

// src/media/cut-segments.ts
async function cutSegments(tools, { folder, signal }, whole, cuts) {
  const segments = cuts.map((cut, index) => ({ ...cut, file: join2(folder, segmentName(index)) }));
  const [only] = segments;
  if (only && segments.length === 1) await rename(whole, only.file);
  else await run(cutArgv(tools, whole, cuts), { ...WRITING, cwd: folder, ...signal ? { signal } : {} });
  const shapes = [];
  for (const { file, frames } of segments) {
    const { frames: counted, ...shape2 } = await countFrames(tools, file, signal);
    if (counted !== frames) {
      throw new Failure("verify-failed", `${file} was cut wrongly`, {
        evidence: `${counted} frames instead of ${frames}`
      });
    }
    shapes.push(shape2);
  }
  const [shape] = shapes;
  if (!shape) throw new Failure("bug", "nothing was cut");
  return { ...shape, segments };
}
var segmentName = (index) => `segment-${String(index).padStart(5, "0")}.mkv`;
var WRITING = {
  failure: { kind: "engine-crashed", what: "The restored picture could not be cut" },
  exitKind: ffmpegExitKind
};
var cutArgv = (tools, whole, cuts) => [
  ...ffmpegHead(tools),
  ...ownInput(whole),
  ...["-map", "0:v:0", "-c", "copy", "-fflags", "+bitexact", "-f", "segment", "-segment_format", "matroska"],
  ...[
    "-segment_frames",
    cuts.slice(1).map(({ first }) => first).join(","),
    "-reset_timestamps",
    "1"
  ],
  "segment-%05d.mkv"
];

// src/media/restore-pass.ts
import { rm, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { pipeline } from "node:stream/promises";
async function restoreByChain(tools, task, whole) {
  const { job, source, signal } = task;
  const filters = `${whole}.filters`;
  await writeFile(filters, restoreFilters(job, await firstFrameTicks(tools, task, "ffmpeg")));
  const input = [...sourceInput(source), "-map", `0:${job.info.pictureStream}`];
  const report = frameReport(task.onProgress ?? (() => void 0));
  await run([...ffmpegHead(tools), ...input, "-/vf", filters, ...restoredOutput(fileUrl(whole))], {
    ...decodeExit(source),
    ...signal ? { signal } : {},
    onLine: report.onLine
  });
  await rm(filters, { force: true });
  return report;
}
async function restoreByCommand(tools, task, whole) {
  const { job, source } = task;
  const stop = new AbortController();
  const signal = task.signal ? AbortSignal.any([task.signal, stop.signal]) : stop.signal;
  const words = (job.profile.restore.command ?? []).map((word) => word.replaceAll("{source}", source));
  const maker = start(words, { signal, failure: { kind: "unsupported", what: `${COMMAND} failed on ${source}` } });
  const keeper = start(keeperArgv(tools, job, whole), {
    signal,
    failure: { kind: "unsupported", what: `${COMMAND} did not write y4m for ${source}` },
    exitKind: ffmpegExitKind
  });
  const report = frameReport(task.onProgress ?? (() => void 0));
  maker.stdin.end();
  const [made, kept] = await Promise.allSettled([
    maker.done,
    // A command that nobody listens to any more has to end too.
    keeper.done.finally(() => stop.abort()),
    pipeline(maker.stdout, keeper.stdin),
    readLines(keeper.stdout, report.onLine)
  ]);
  throwFirstCause(made, kept);
  return report;
}
var COMMAND = "The profile's restore command";
var keeperArgv = (tools, job, whole) => [
  ...ffmpegHead(tools),
  ...["-protocol_whitelist", "pipe", "-f", "yuv4mpegpipe", "-i", "pipe:0"],
  ...["-vf", reportFilters(job).join(","), ...restoredOutput(fileUrl(whole))]
];
async function readLines(stream, onLine) {
  for await (const line of createInterface({ input: stream })) onLine(line);
}
function throwFirstCause(made, kept) {
  if (kept.status === "rejected" && !(kept.reason instanceof Failure && kept.reason.kind === "unsupported")) {
    throw kept.reason;
  }
  if (made.status === "rejected") throw made.reason;
  if (kept.status === "rejected") throw kept.reason;
}

// src/media/restore.ts
var SHORT_SECONDS = 1;
var SHORT_SHARE = 0.01;
async function restore(tools, task) {
  const { job, folder } = task;
  const whole = join3(folder, "whole.mkv");
  const startTicks = await firstFrameTicks(tools, task, "source");
  const pass = job.profile.restore.command ? restoreByCommand : restoreByChain;
  const report = await pass(tools, task, whole);
  const durations2 = durationsOf(task, report);
  checkReport(task, report, durations2);
  const cuts = cutsOf(report.scores, wantedFrames(job, durations2));
  const { segments, ...shape } = await cutSegments(tools, task, whole, cuts);
  await rm2(whole, { force: true });
  return { frames: durations2.length, ...shape, steps: stepsOf(durations2), startTicks, segments };
}
function durationsOf({ job, source }, { times }) {
  const passages = passagesOf(job);
  if (passages === void 0) return steadyDurations(times, clockOf(cadenceOf(job)));
  const { interlaced } = job.profile.restore;
  const planned = passages.reduce((sum2, passage) => sum2 + restoredFrames(passage, interlaced), 0);
  if (times.length === planned) return restoredDurations(times, passages, interlaced);
  throw new Failure("bad-source", `${source} gives other frames than when it was planned`, {
    evidence: `${times.length} frames restored, ${planned} planned`,
    next: "Submit the folder again"
  });
}
var total = (durations2) => durations2.reduce((sum2, ticks) => sum2 + ticks, 0);
var wantedFrames = (job, durations2) => Math.max(1, Math.round(job.profile.restore.segmentSeconds * durations2.length / secondsOf(total(durations2))));
function checkReport({ job, source }, report, durations2) {
  if (durations2.length === 0) throw new Failure("bad-source", `No frame of ${source} can be decoded`);
  const back = durations2.findIndex((ticks) => ticks <= 0);
  if (back >= 0) {
    throw new Failure("bad-source", `The time stamps of ${source} run backwards`, {
      evidence: `frame ${back} at tick ${report.times[back]}, frame ${back + 1} at tick ${report.times[back + 1]}`
    });
  }
  const { stated, least } = expectedSeconds(job);
  const got = secondsOf(total(durations2));
  if (got >= least) return;
  throw new Failure("bad-source", `${source} ends too early: it is truncated or damaged`, {
    evidence: `${got.toFixed(2)} s of picture (${durations2.length} frames) instead of ${stated.toFixed(2)} s`
  });
}
function expectedSeconds({ info: { picture, durationSeconds } }) {
  if (picture.durationSeconds === void 0) {
    return { stated: durationSeconds, least: durationSeconds - Math.max(SHORT_SECONDS, durationSeconds * SHORT_SHARE) };
  }
  const stated = Math.min(picture.durationSeconds, durationSeconds);
  return { stated, least: stated - SHORT_SECONDS };
}

// src/agent/restore-unit.ts
async function restoreUnit(context) {
  const { store, work: work2, scratch, settings, signal, report } = context;
  const { job, epoch } = work2;
  const source = join4(scratch, "source");
  const object = await store.get(job.source.key);
  if (!object)
    throw new Failure("bad-source", `The source of ${job.episode} is not in the store`, { evidence: job.source.key });
  await object.save(source, { signal });
  const sha256 = await sha256OfFile(source, void 0, signal);
  if (sha256 !== job.source.sha256) {
    throw new Failure("bad-source", `The source of ${job.episode} has changed since it was submitted`, {
      evidence: `SHA-256 ${sha256.slice(0, 12)}\u2026 instead of ${job.source.sha256.slice(0, 12)}\u2026`
    });
  }
  const folder = join4(scratch, "restored");
  await mkdir(folder, { recursive: true });
  const picture = await restore(settings.tools, {
    job,
    source,
    folder,
    signal,
    onProgress: (frames2) => report(frames2, 0)
  });
  const segments = [];
  for (const [index, { file, first, frames: frames2 }] of picture.segments.entries()) {
    const key = keys.restored(job.recipe, index, settings.machine, epoch);
    const hash = await sha256OfFile(file, void 0, signal);
    const { size: bytes } = await stat(file);
    await store.put(key, { file, move: true }, { signal });
    segments.push({ key, sha256: hash, bytes, first, frames: frames2 });
  }
  failpoint("restore");
  const { frames, width, height, pixelFormat, steps, startTicks } = picture;
  const manifest = {
    version: 1,
    machine: settings.machine,
    epoch,
    frames,
    width,
    height,
    pixelFormat,
    steps,
    startTicks,
    segments
  };
  await createRecord(store, keys.manifest(job.recipe, await edition(context)), manifest);
}
async function edition({ store, work: { job } }) {
  const base = keys.work(job.recipe);
  const voids = await store.list(`${base}void/manifest/`);
  return countingEdition("manifest", new Set(voids.map(({ key }) => key.slice(base.length))));
}

// src/agent/segment-unit.ts
import { stat as stat2 } from "node:fs/promises";
import { join as join6 } from "node:path";

// src/media/check-segment.ts
var parameterSets = {
  hevc: "hevc_mp4toannexb,filter_units=pass_types=32-34",
  h264: "h264_mp4toannexb,filter_units=pass_types=7-8",
  av1: "filter_units=pass_types=1"
};
var fact = external_exports.union([external_exports.string(), external_exports.number()]);
var answer2 = external_exports.object({
  streams: external_exports.array(
    external_exports.object({
      codec_name: external_exports.string(),
      nb_read_packets: fact.optional(),
      width: fact.optional(),
      height: fact.optional(),
      sample_aspect_ratio: fact.optional(),
      color_primaries: fact.optional(),
      color_transfer: fact.optional(),
      color_space: fact.optional(),
      extradata_hash: external_exports.string().optional()
    })
  )
});
async function checkSegment(tools, file, shape, signal) {
  const header = await readHeader(tools, file, signal);
  const wrong = shapeBreach(header, shape);
  if (wrong !== void 0)
    throw new Failure("verify-failed", `${file} is not the segment it should be`, { evidence: wrong });
  const frames = await decodedFrames(tools, file, signal);
  if (frames !== shape.frames) {
    throw new Failure("verify-failed", `${file} does not decode to all its frames`, {
      evidence: `${frames} frames decoded, ${shape.frames} wanted`
    });
  }
  return { parameterSets: await parameterSetsOf(tools, file, header, signal) };
}
async function readHeader(tools, file, signal) {
  const facts = ["-count_packets", "-show_streams", "-show_data_hash", "sha256", "-select_streams", "v", "-of", "json"];
  const { stdout } = await run([tools.ffprobe, "-v", "error", ...facts, ...ownInput(file)], {
    ...signal ? { signal } : {},
    failure: { kind: "verify-failed", what: `${file} is no readable video` }
  });
  const { streams } = answer2.parse(JSON.parse(stdout));
  const [header] = streams;
  if (header !== void 0 && streams.length === 1) return header;
  throw new Failure("verify-failed", `${file} does not hold one picture`, {
    evidence: `${streams.length} video streams`
  });
}
function shapeBreach(header, { frames, width, height }) {
  const wanted = {
    nb_read_packets: frames,
    width,
    height,
    sample_aspect_ratio: "1:1",
    color_primaries: "bt709",
    color_transfer: "bt709",
    color_space: "bt709"
  };
  for (const [name, value] of Object.entries(wanted)) {
    const found = header[name] ?? "unknown";
    if (String(found) !== String(value)) return `${name} is ${found}, not ${value}`;
  }
  return void 0;
}
async function decodedFrames(tools, file, signal) {
  let frames = 0;
  const what = `${file} does not decode without errors`;
  const strict = ["-xerror", "-err_detect", "explode", ...ownInput(file)];
  const output = ["-map", "0:v:0", "-fps_mode", "passthrough", ...progressOptions, "-f", "null", "-"];
  const { stderr } = await run([...ffmpegHead(tools), ...strict, ...output], {
    ...signal ? { signal } : {},
    onLine: readProgress((done) => frames = done),
    failure: { kind: "verify-failed", what }
  });
  const complaint = lastLine(stderr);
  if (complaint !== void 0) throw new Failure("verify-failed", what, { evidence: complaint });
  return frames;
}
async function parameterSetsOf(tools, file, header, signal) {
  const filter = parameterSets[header.codec_name];
  if (filter === void 0) return header.extradata_hash?.replace(/^SHA256:/, "") ?? header.codec_name;
  const output = ["-map", "0:v:0", "-c", "copy", "-frames:v", "1", "-bsf:v", filter];
  const { stdout } = await run(
    [...ffmpegHead(tools), ...ownInput(file), ...output, "-f", "hash", "-hash", "sha256", "pipe:1"],
    {
      ...signal ? { signal } : {},
      failure: { kind: "verify-failed", what: `${file} holds no parameter sets` }
    }
  );
  return stdout.trim().replace(/^SHA256=/, "");
}

// src/agent/prove-picture.ts
import { join as join5 } from "node:path";

// src/proofs/look.ts
var BLACK = 24;
var GREEN = 80;
var GREENER = 20;
var MOVES = 8;
var MOVING = 0.01;
var ODD_LUMA = 24;
var ODD_CHROMA = 20;
var ODD_APART = 48;
var OUT_OF_LINE = 8;
function looker(grid) {
  const looks = [];
  let before;
  let now;
  const see = (after) => {
    if (now) looks.push(look(grid, before ?? now, now, after ?? now));
  };
  return {
    take(frame) {
      see(frame);
      [before, now] = [now, frame];
    },
    end() {
      see(void 0);
      return looks;
    }
  };
}
function look({ columns, rows }, before, now, after) {
  const count = columns * rows;
  const { restored, rendered } = now;
  return {
    brightness: { restored: mean(restored.luma), rendered: mean(rendered.luma) },
    black: { restored: shareBlack(restored.luma), rendered: shareBlack(rendered.luma) },
    green: greenCells(restored, rendered) / count,
    moving: {
      restored: movingCells(before.restored.luma, restored.luma) / count,
      rendered: movingCells(before.rendered.luma, rendered.luma) / count
    },
    distance: distances(before, now, after),
    luma: apart(restored.luma, rendered.luma),
    colour: (apart(restored.u, rendered.u) + apart(restored.v, rendered.v)) / 2,
    saturation: (fromGrey(restored.u) + fromGrey(restored.v)) / 2,
    odd: cluster(oddCells(now), columns),
    change: apart(before.restored.luma, restored.luma) / 255 * 100
  };
}
var mean = (plane) => sum(plane.length, (i) => plane[i] ?? 0) / plane.length;
var fromGrey = (plane) => sum(plane.length, (i) => Math.abs((plane[i] ?? 0) - 128)) / plane.length;
var at = (a, b, i) => Math.abs((a[i] ?? 0) - (b[i] ?? 0));
var apart = (a, b) => sum(a.length, (i) => at(a, b, i)) / a.length;
var shareBlack = (luma) => sum(luma.length, (i) => (luma[i] ?? 0) <= BLACK ? 1 : 0) / luma.length;
var movingCells = (a, b) => sum(a.length, (i) => at(a, b, i) >= MOVES ? 1 : 0);
function sum(count, of) {
  let total2 = 0;
  for (let i = 0; i < count; i++) total2 += of(i);
  return total2;
}
var greenness = ({ u, v }, i) => Math.max(u[i] ?? 0, v[i] ?? 0);
var greenCells = (restored, rendered) => sum(rendered.u.length, (i) => {
  const green = greenness(rendered, i);
  return green < GREEN && greenness(restored, i) > green + GREENER ? 1 : 0;
});
function distances(before, { restored, rendered }, after) {
  const to = (other) => {
    let [own, neighbour, count] = [0, 0, 0];
    for (let i = 0; i < other.length; i++) {
      if (at(restored.luma, other, i) < MOVES) continue;
      own += at(rendered.luma, restored.luma, i);
      neighbour += at(rendered.luma, other, i);
      count += 1;
    }
    return count < other.length * MOVING ? { own: 0, neighbour: 0 } : { own: own / count, neighbour: neighbour / count };
  };
  const [back, forth] = [to(before.restored.luma), to(after.restored.luma)];
  return back.neighbour - back.own < forth.neighbour - forth.own ? back : forth;
}
function oddCells({ restored, rendered, apart: pixels }) {
  const most = Math.max(ODD_APART, OUT_OF_LINE * high(pixels));
  const odd = /* @__PURE__ */ new Set();
  for (let i = 0; i < pixels.length; i++) {
    const chroma = Math.max(at(restored.u, rendered.u, i), at(restored.v, rendered.v, i));
    const luma = at(restored.luma, rendered.luma, i);
    if (luma >= ODD_LUMA || chroma >= ODD_CHROMA || (pixels[i] ?? 0) >= most) odd.add(i);
  }
  return odd;
}
var NEAR = [-1, 0, 1];
function cluster(cells, columns) {
  const isThere = (cell, down, across) => {
    const column = cell % columns + across;
    return column >= 0 && column < columns && cells.has(cell + down * columns + across);
  };
  const around = (cell) => NEAR.flatMap((down) => NEAR.filter((across) => isThere(cell, down, across))).length;
  let most = 0;
  for (const cell of cells) most = Math.max(most, around(cell));
  return most;
}
function high(plane) {
  const counts = new Uint32Array(256);
  for (const value of plane) counts[value] = (counts[value] ?? 0) + 1;
  let left = plane.length * 0.9;
  for (let value = 0; value < 256; value++) {
    left -= counts[value] ?? 0;
    if (left <= 0) return value;
  }
  return 255;
}

// src/proofs/detectors.ts
var codes = (value) => value.toFixed(0);
var percent = (share) => `${(share * 100).toFixed(0)} %`;
var ALL = 0.98;
var black = ({ black: share, brightness }) => {
  const darker = brightness.restored - brightness.rendered;
  if (share.rendered < ALL || share.restored >= ALL || darker < 6) return void 0;
  const evidence = `brightness ${codes(brightness.rendered)}, restored ${codes(brightness.restored)}`;
  return { kind: "black", strength: darker, evidence, certain: darker >= 16 };
};
var greenFrom = (least) => ({ green: share }) => share < least ? void 0 : { kind: "green", strength: share, evidence: `${percent(share)} of the picture`, certain: share >= 0.1 };
var frozen = ({ moving }) => {
  if (moving.restored < MOVING || moving.rendered > moving.restored / 10) return void 0;
  const evidence = `${percent(moving.rendered)} of the picture moves, restored ${percent(moving.restored)}`;
  return { kind: "frozen", strength: moving.restored, evidence, certain: false };
};
var shifted = ({ distance: { own, neighbour } }) => {
  if (own < 4 || neighbour > own / 2) return void 0;
  const evidence = `${own.toFixed(1)} codes from its own restored frame, ${neighbour.toFixed(1)} from a neighbour`;
  return { kind: "shifted", strength: own / Math.max(neighbour, 0.1), evidence, certain: false };
};
var colour = ({ colour: apart2, saturation, brightness }) => {
  const brighter = Math.abs(brightness.rendered - brightness.restored);
  const other = apart2 >= 4 && apart2 >= saturation / 2;
  if (!other && brighter < 12) return void 0;
  const evidence = `colours ${codes(apart2)} codes apart at a saturation of ${codes(saturation)}, brightness ${codes(brighter)}`;
  return { kind: "colour", strength: apart2 + brighter, evidence, certain: apart2 >= 8 && apart2 >= saturation };
};
var TILE = 3;
var tile = ({ odd }) => odd < TILE ? void 0 : { kind: "tile", strength: odd, evidence: `${odd} blocks of 8 \xD7 8 pixels side by side`, certain: false };
var UNLIKE = 0.5;
var FAR = 0.25;
var UNRELATED = 16;
var unlike = ({ ssim, xpsnr, luma }, level) => {
  const isCertain = luma >= UNRELATED;
  if (ssim >= UNLIKE || ssim >= level - FAR && !isCertain) return void 0;
  const evidence = `SSIM ${ssim.toFixed(3)}, XPSNR ${xpsnr.toFixed(1)} dB, usual here SSIM ${level.toFixed(3)}`;
  return { kind: "unlike", strength: 1 - ssim, evidence, certain: isCertain };
};
var inOrder = [
  ...[greenFrom(0.5), black, frozen, shifted],
  ...[greenFrom(0.02), colour, tile, unlike]
];
function findingOf(seen, level) {
  for (const detector of inOrder) {
    const finding = detector(seen, level);
    if (finding) return finding;
  }
  return void 0;
}

// src/proofs/alarms.ts
var RUN = { frozen: 12, shifted: 12 };
function wrongs({ frames, mark }) {
  const level = medianOf(frames.map(({ ssim }) => ssim));
  const byKind = /* @__PURE__ */ new Map();
  frames.forEach((seen, frame) => {
    const finding = findingOf(seen, level);
    if (finding) byKind.set(finding.kind, [...byKind.get(finding.kind) ?? [], { ...finding, frame }]);
  });
  if (mark && (byKind.get("tile")?.length ?? 0) > frames.length / 2) byKind.delete("tile");
  const found = [...byKind.values()].map(wrongOf);
  return [...found, ...mark ? [markWrong(mark, frames.length)] : []].sort((a, b) => a.first - b.first);
}
function wrongOf(found) {
  const worst = found.reduce((a, b) => b.strength > a.strength ? b : a);
  const run2 = RUN[worst.kind];
  return {
    kind: worst.kind,
    first: Math.min(...found.map(({ frame }) => frame)),
    worst: worst.frame,
    frames: found.length,
    evidence: worst.evidence,
    certain: run2 === void 0 ? found.some(({ certain }) => certain) : longestRun(found) >= run2
  };
}
function longestRun(found) {
  let longest = 0;
  let run2 = 0;
  found.forEach(({ frame }, i) => {
    run2 = found[i - 1]?.frame === frame - 1 ? run2 + 1 : 1;
    longest = Math.max(longest, run2);
  });
  return longest;
}
var CERTAIN_STRENGTH = 12;
var CERTAIN_CELLS = 8;
var markWrong = ({ cells, strength, place }, frames) => ({
  kind: "mark",
  first: 0,
  worst: frames >> 1,
  frames,
  evidence: `${place}: ${cells} blocks of 8 \xD7 8 pixels, ${strength.toFixed(0)} codes`,
  certain: strength >= CERTAIN_STRENGTH && cells >= CERTAIN_CELLS
});

// src/proofs/compare.ts
import { rm as rm3 } from "node:fs/promises";

// src/proofs/cells.ts
import { open } from "node:fs/promises";
var CELL = 8;
var gridOf = ({ width, height }) => ({
  columns: Math.max(1, Math.round(width / CELL)),
  rows: Math.max(1, Math.round(height / CELL))
});
async function* readCells(file, grid) {
  const count = grid.columns * grid.rows;
  const bytes = count * 9;
  const handle = await open(file);
  try {
    for (; ; ) {
      const frame = new Uint8Array(bytes);
      const { bytesRead } = await handle.read(frame, 0, bytes);
      if (bytesRead < bytes) return;
      const part = (plane, place) => {
        const from = (plane * 3 + place) * count;
        return frame.subarray(from, from + count);
      };
      const cells = (place) => ({ luma: part(0, place), u: part(1, place), v: part(2, place) });
      yield { restored: cells(0), rendered: cells(1), apart: part(0, 2) };
    }
  } finally {
    await handle.close();
  }
}

// src/proofs/compare-argv.ts
function compareArgv(task, { columns, rows }, cells) {
  const small = `scale=${columns}:${rows}:flags=area,format=yuv444p`;
  const graph = [
    `[0:v]${restoredToCompare(task)},split=4[a][b][c][d]`,
    `[1:v]${renderedToCompare(task)},split=3[x][y][z]`,
    "[x][a]ssim=shortest=1[likeness]",
    "[likeness][b]xpsnr=shortest=1,metadata=mode=print:file=-[scores]",
    `[y][c]blend=all_mode=difference:shortest=1,${small}[apart]`,
    `[d]${small}[restored]`,
    `[z]${small}[rendered]`,
    "[restored][rendered][apart]vstack=inputs=3:shortest=1[cells]"
  ].join(";");
  const rendered = restoredInput({ ...task, input: task.output });
  return [
    ...[...filterThreads(task), ...restoredInput(task), ...rendered, "-filter_complex", graph],
    ...["-map", "[scores]", "-fps_mode", "passthrough", "-f", "null", "-"],
    ...["-map", "[cells]", "-fps_mode", "passthrough", "-f", "rawvideo", cells]
  ];
}

// src/proofs/mark.ts
var LEAST_FRAMES = 24;
var STRONG = 8;
var STEADY = 1;
var MOVES2 = 8;
var LEAST_MOVING = 2;
var LEAST_CELLS = 4;
var MOST_SHARE = 0.5;
function markWatch({ columns, rows }) {
  const cells = columns * rows;
  const difference = swings(cells);
  const picture = swings(cells);
  return {
    take({ restored, rendered }) {
      difference.take((i) => (rendered.luma[i] ?? 0) - (restored.luma[i] ?? 0));
      picture.take((i) => restored.luma[i] ?? 0);
    },
    found() {
      if (difference.frames() < LEAST_FRAMES) return void 0;
      const covered = Array.from({ length: cells }, (_, i) => i).filter((i) => {
        const { mean: mean3, swing } = difference.of(i);
        return Math.abs(mean3) >= STRONG && Math.abs(mean3) >= STEADY * swing;
      });
      const moving = covered.filter((i) => picture.of(i).swing >= MOVES2);
      if (covered.length < LEAST_CELLS || moving.length < LEAST_MOVING) return void 0;
      if (covered.length > cells * MOST_SHARE) return void 0;
      const mean2 = (of) => covered.reduce((sum2, i) => sum2 + of(i), 0) / covered.length;
      return {
        cells: covered.length,
        strength: mean2((i) => Math.abs(difference.of(i).mean)),
        place: placeOf(mean2((i) => i % columns + 0.5) / columns, mean2((i) => Math.floor(i / columns) + 0.5) / rows)
      };
    }
  };
}
function swings(cells) {
  const sums = new Float64Array(cells);
  const squares = new Float64Array(cells);
  let frames = 0;
  return {
    frames: () => frames,
    take(valueOf) {
      for (let i = 0; i < cells; i++) {
        const value = valueOf(i);
        sums[i] = (sums[i] ?? 0) + value;
        squares[i] = (squares[i] ?? 0) + value * value;
      }
      frames += 1;
    },
    of(i) {
      const mean2 = (sums[i] ?? 0) / frames;
      return { mean: mean2, swing: Math.sqrt(Math.max(0, (squares[i] ?? 0) / frames - mean2 * mean2)) };
    }
  };
}
function placeOf(x, y) {
  const third = (share, low, high2) => share < 1 / 3 ? low : share > 2 / 3 ? high2 : "";
  const words = [third(y, "top", "bottom"), third(x, "left", "right")].filter((word) => word !== "");
  return words.length === 0 ? "middle" : words.join(" ");
}

// src/proofs/scores.ts
var EQUAL = 100;
function scoreReader(onScore) {
  const scores = [];
  let ssim = Number.NaN;
  return {
    scores,
    line(text) {
      const [name, value = ""] = text.split("=");
      if (name === "lavfi.ssim.Y") ssim = Number(value);
      if (name !== "lavfi.xpsnr.xpsnr.y") return;
      scores.push({ ssim, xpsnr: decibels(value) });
      onScore();
    }
  };
}
var decibels = (text) => text === "inf" ? EQUAL : Math.min(EQUAL, Number(text));

// src/proofs/compare.ts
async function compare(tools, task, { signal, onFrame = () => void 0 } = {}) {
  const grid = gridOf(task);
  const file = `${task.output}.cells`;
  const reader = scoreReader(onFrame);
  const what = `Segment ${task.segment} of ${task.job.episode} cannot be compared with the restored picture`;
  try {
    await run([...ffmpegHead(tools), ...compareArgv(task, grid, file)], {
      ...signal ? { signal } : {},
      onLine: reader.line,
      failure: { kind: "verify-failed", what },
      exitKind: ffmpegExitKind
    });
    const watch = markWatch(grid);
    const looks = looker(grid);
    for await (const cells of readCells(file, grid)) {
      looks.take(cells);
      watch.take(cells);
    }
    const frames = looks.end().flatMap((look2, i) => {
      const score = reader.scores[i];
      return score ? [{ ...look2, ...score }] : [];
    });
    if (frames.length !== task.frames)
      throw new Failure("verify-failed", what, { evidence: `${frames.length} frames of ${task.frames}` });
    return { frames, mark: watch.found() };
  } finally {
    await rm3(file, { force: true });
  }
}

// src/proofs/scenes.ts
var SCENE2 = 10;
function scenesOf(changes) {
  const starts = changes.flatMap((change, i) => {
    const score = Math.min(change, Math.abs(change - (changes[i - 1] ?? 0)));
    return i === 0 || score >= SCENE2 ? [i] : [];
  });
  return starts.map((first, i) => ({ first, frames: (starts[i + 1] ?? changes.length) - first }));
}
function levelOf(values, scenes, { first, timeOf }) {
  const means = scenes.map((scene) => ({
    frame: first + scene.first,
    mean: meanOf(values.slice(scene.first, scene.first + scene.frames))
  }));
  const { frame, mean: mean2 } = means.reduce((a, b) => b.mean < a.mean ? b : a);
  return { mean: rounded(meanOf(values)), low: rounded(mean2), frame, seconds: timeOf(frame) };
}
var rounded = (value) => Math.round(value * 1e4) / 1e4;

// src/proofs/picture-proof.ts
function pictureProof({ frames }, at2, alarms) {
  const scenes = scenesOf(frames.map(({ change }) => change));
  const level = (values) => levelOf(values, scenes, at2);
  return {
    ssim: level(frames.map(({ ssim }) => ssim)),
    xpsnr: level(frames.map(({ xpsnr }) => xpsnr)),
    scenes: scenes.length,
    alarms
  };
}
function alarmOf({ kind, first, frames, evidence }, at2, still) {
  const frame = at2.first + first;
  return { kind, frame, seconds: at2.timeOf(frame), frames, evidence, still };
}
function refuseWrong(wrongs2, at2, where) {
  const wrong = wrongs2.find(({ certain }) => certain);
  if (!wrong) return;
  const time = timecode(at2.timeOf(at2.first + wrong.first));
  throw new Failure("verify-failed", `The picture of ${where} ${alarmKinds[wrong.kind]}, from ${time} on`, {
    evidence: `${wrong.kind} in ${wrong.frames} of its frames: ${wrong.evidence}`
  });
}

// src/proofs/still.ts
var HEIGHT = 1080;
async function saveStill(tools, task, frame, file, signal) {
  const { width, height } = task.job.target;
  const lines = Math.min(HEIGHT, height);
  const size = `scale=${Math.round(width * lines / height)}:${lines}:flags=lanczos,setsar=1,format=gbrp`;
  const only = `select=eq(n\\,${frame})`;
  const graph = [
    `[0:v]${restoredToCompare(task)},${only},${size}[restored]`,
    `[1:v]${only},${size},setpts=PTS-STARTPTS[rendered]`,
    "[restored]setpts=PTS-STARTPTS[origin]",
    "[origin][rendered]hstack[still]"
  ].join(";");
  const output = ["-map", "[still]", "-frames:v", "1", "-c:v", "png", "-f", "image2", "-update", "1", file];
  const inputs = [...ownInput(task.input), ...ownInput(task.output)];
  await run([...ffmpegHead(tools), ...inputs, "-filter_complex", graph, ...output], {
    ...signal ? { signal } : {},
    failure: { kind: "verify-failed", what: `Frame ${frame} of ${task.output} cannot be shown` },
    exitKind: ffmpegExitKind
  });
}

// src/agent/prove-picture.ts
async function provePicture(context, task, manifest) {
  const { settings, signal, alive } = context;
  const compared = await compare(settings.tools, task, { signal, onFrame: alive });
  const at2 = {
    first: manifest.segments[task.segment]?.first ?? 0,
    timeOf: (frame) => resultSeconds(task.job.info, manifest, frame)
  };
  const wrong = wrongs(compared);
  const alarms = [];
  for (const each of wrong) alarms.push(alarmOf(each, at2, await keepStill(context, task, each, at2)));
  refuseWrong(wrong, at2, `segment ${task.segment} of ${task.job.episode}`);
  return pictureProof(compared, at2, alarms);
}
async function keepStill({ store, work: work2, scratch, settings, signal }, task, { kind, worst }, at2) {
  const time = timecode(at2.timeOf(at2.first + worst)).replace(/[:.]/g, "-");
  const file = join5(scratch, "still.png");
  await saveStill(settings.tools, task, worst, file, signal);
  const key = keys.still(work2.job.recipe, task.segment, settings.machine, work2.epoch, `${time}-${kind}.png`);
  await store.put(key, { file, move: true }, { signal });
  return key;
}

// src/agent/segment-unit.ts
async function segmentUnit(context, renderer) {
  const { store, work: work2, scratch, settings, signal, report } = context;
  const { job, unit, epoch, board } = work2;
  const manifest = board.records.manifest?.record;
  const segment = segmentOfUnit(unit);
  const restored = manifest?.segments[segment];
  if (!manifest || !restored) throw new Failure("bug", `${unit} of ${job.episode} is in no manifest`);
  const started = performance.now();
  const input = join6(scratch, "restored.mkv");
  const output = join6(scratch, "segment.mkv");
  await fetchRestored(context, restored, input);
  const task = {
    job,
    segment,
    frames: restored.frames,
    width: manifest.width,
    height: manifest.height,
    pixelFormat: manifest.pixelFormat,
    input,
    output,
    frameRate: averageRate(manifest.steps),
    threads: settings.threads
  };
  const engine = await renderer.render(task, { signal, onFrames: (frames) => report(frames, restored.frames) });
  const { parameterSets: parameterSets2 } = await checkSegment(
    settings.tools,
    output,
    { frames: restored.frames, ...job.target },
    signal
  );
  refuseForeignParameters(context, parameterSets2);
  const proof = await provePicture(context, task, manifest);
  const sha256 = await sha256OfFile(output, void 0, signal);
  const { size: bytes } = await stat2(output);
  const key = keys.segment(job.recipe, segment, settings.machine, epoch);
  await store.put(key, { file: output, move: true }, { signal });
  const receipt = {
    version: 1,
    machine: settings.machine,
    epoch,
    segment,
    key,
    sha256,
    bytes,
    frames: restored.frames,
    seconds: (performance.now() - started) / 1e3,
    parameterSets: parameterSets2,
    restoredSha256: restored.sha256,
    engine,
    proof
  };
  failpoint("segment");
  await giveReceipt(context, receipt);
}
async function fetchRestored({ store, work: work2, signal }, restored, to) {
  const { job, board } = work2;
  const object = await store.get(restored.key);
  await object?.save(to, { signal });
  if (object && await sha256OfFile(to, void 0, signal) === restored.sha256) return;
  const { manifest } = board.records;
  if (manifest) await voidRecord(store, job.recipe, manifest.key, "a restored segment is damaged");
  throw new Failure("verify-failed", `A restored segment of ${job.episode} is damaged; the episode is restored again`, {
    evidence: restored.key
  });
}
function refuseForeignParameters({ work: work2, settings }, parameterSets2) {
  const first = [...work2.board.records.receipts.values()].map(({ record }) => record).find(Boolean);
  if (!first || first.parameterSets === parameterSets2) return;
  throw new Failure("verify-failed", `${settings.machine} encodes with other parameter sets than ${first.machine}`, {
    evidence: `${parameterSets2.slice(0, 12)}\u2026 instead of ${first.parameterSets.slice(0, 12)}\u2026`
  });
}
async function giveReceipt({ store, work: work2 }, receipt) {
  const { job, unit, board } = work2;
  const old = board.records.receipts.get(unit);
  if (old) await voidRecord(store, job.recipe, old.key, "made from frames that the manifest no longer names");
  const base = keys.work(job.recipe);
  const voids = await store.list(`${base}void/receipts/${unit}/`);
  const edition2 = countingEdition(`receipts/${unit}`, new Set(voids.map(({ key }) => key.slice(base.length))));
  await createRecord(store, keys.receipt(job.recipe, receipt.segment, edition2), receipt);
}

// src/agent/stall.ts
function stallGuard(limitMs, onStall) {
  let last = -1;
  const timer = setTimeout(() => {
    const minutes = (limitMs / 6e4).toFixed(1);
    onStall(
      new Failure("stalled", `No frame was finished for ${minutes} minutes`, {
        evidence: `${Math.max(last, 0)} frames done`
      })
    );
  }, limitMs);
  return {
    frames(count) {
      if (count === last) return;
      last = count;
      timer.refresh();
    },
    alive: () => void timer.refresh(),
    end: () => clearTimeout(timer)
  };
}

// src/agent/loop.ts
async function work(deps) {
  const { settings, store, log, signal } = deps;
  const { machine, timeScale } = settings;
  const { beat } = paceOf(settings.store, timeScale);
  const hand = openHand(store, machine, beat);
  const finder = workFinder(
    store,
    workReader(store),
    lifeObserver(store, lasting("stale", timeScale)),
    settings.episode
  );
  await hand.open();
  for (; ; ) {
    if (signal.aborted) return "stopped";
    if (await store.stat(keys.drain(machine))) return "drained";
    const next = await finder.find();
    if (next === "nothing") return "nothing-left";
    if (next === "doubt") {
      await pause(beat, signal);
      continue;
    }
    await hand.take(next.job.recipe, next.unit, next.epoch);
    if (await claimUnit(store, next.job.recipe, next.unit, next.epoch, machine)) {
      log(`${next.job.episode}: ${next.unit} begins`, { recipe: next.job.recipe, epoch: next.epoch });
      await attempt(deps, hand, next);
    }
    hand.drop();
  }
}
async function attempt(deps, hand, next) {
  const { settings, store, lease, log } = deps;
  const scratch = join7(settings.scratch, "unit");
  const started = performance.now();
  lease.begin();
  try {
    await rm4(scratch, { recursive: true, force: true });
    await mkdir2(scratch, { recursive: true });
    await whileBeating(deps, hand, (life) => perform(deps, { ...deps, ...life, work: next, scratch }));
    await rm4(scratch, { recursive: true, force: true });
    await lease.finish();
    log(`${next.job.episode}: ${next.unit} is done`, { seconds: (performance.now() - started) / 1e3 });
  } catch (error) {
    await rm4(scratch, { recursive: true, force: true });
    const fact2 = factOf(diskFailure(error, settings.scratch));
    if (deps.signal.aborted || fact2.kind === "cancelled") return;
    const { kind, what, evidence } = fact2;
    log(`${next.job.episode}: ${next.unit} failed (${kind}): ${what}`, { evidence });
    const failure = {
      machine: settings.machine,
      epoch: next.epoch,
      kind,
      what,
      ...evidence === void 0 ? {} : { evidence },
      at: Date.now()
    };
    await createRecord(store, keys.failure(next.job.recipe, next.unit, next.epoch), failure);
  }
}
var perform = (deps, context) => context.work.unit === "restore" ? restoreUnit(context) : segmentUnit(context, deps.renderer);
async function whileBeating(deps, hand, act) {
  const done = new AbortController();
  const broken = new AbortController();
  const stall = stallGuard(lasting("stall", deps.settings.timeScale), (failure) => broken.abort(failure));
  const beating = hand.beat(done.signal).catch((error) => broken.abort(error));
  const report = (frames, total2) => {
    stall.frames(frames);
    hand.report(frames, total2);
    deps.lease.report(frames, total2);
  };
  try {
    await act({ signal: AbortSignal.any([deps.signal, broken.signal]), report, alive: () => stall.alive() });
  } catch (error) {
    throw broken.signal.aborted ? broken.signal.reason ?? error : error;
  } finally {
    stall.end();
    done.abort();
    await beating;
  }
  if (broken.signal.aborted)
    throw broken.signal.reason ?? new Failure("bug", "the unit was broken off without a reason");
}

// src/agent/spot-notice.ts
var TOKEN_SECONDS = 21600;
var ANSWER_MS2 = 2e3;
var INTERRUPTION = "/latest/meta-data/spot/instance-action";
var REBALANCE = "/latest/meta-data/events/recommendations/rebalance";
async function spotNotice({ env, every, log, signal }) {
  const metadata = openMetadata(env["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254");
  const told = /* @__PURE__ */ new Set();
  const once = (line, facts) => {
    if (!told.has(line)) log(line, facts);
    told.add(line);
  };
  while (!signal.aborted) {
    try {
      const notice = await metadata(INTERRUPTION);
      if (notice !== void 0) {
        log("the cloud takes this machine back", { notice });
        return true;
      }
      const rebalance = await metadata(REBALANCE);
      if (rebalance !== void 0) once("the cloud may take this machine back", { notice: rebalance });
    } catch (error) {
      once("the instance metadata cannot be read", { reason: String(error) });
    }
    await pause(every, signal);
  }
  return false;
}
function openMetadata(endpoint) {
  let token;
  const ask = (path, init) => fetch(new URL(path, endpoint), { ...init, signal: AbortSignal.timeout(ANSWER_MS2) });
  const renew = async () => {
    const headers = { "X-aws-ec2-metadata-token-ttl-seconds": String(TOKEN_SECONDS) };
    const answer3 = await ask("/latest/api/token", { method: "PUT", headers });
    if (!answer3.ok) throw new Error(`no token: ${answer3.status}`);
    return answer3.text();
  };
  return async (path) => {
    token ??= await renew();
    const answer3 = await ask(path, { headers: { "X-aws-ec2-metadata-token": token } });
    const text = await answer3.text();
    if (answer3.ok) return text;
    if (answer3.status === 401) token = void 0;
    if (answer3.status === 401 || answer3.status === 404) return void 0;
    throw new Error(`${path}: ${answer3.status}`);
  };
}

// src/agent/main.ts
async function main(settingsFile) {
  const settings = settingsIn(settingsFile);
  const { machine, scratch, timeScale } = settings;
  mkdirSync(scratch, { recursive: true, mode: 448 });
  if (!await takeLock(join8(scratch, "agent.lock"))) return;
  guardProcessGroup();
  await writeDurably(join8(scratch, "agent.pid"), `${process.pid}
`);
  const stop = new AbortController();
  for (const name of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(name, () => stop.abort());
  const store = await openStore(settings.store);
  const log = await openLog(store, machine, paceOf(settings.store, timeScale).logs);
  const lease = await openLease({ settings, log: log.line });
  const renderer = openRenderer(settings);
  const notice = watchNotice(settings, log, stop);
  try {
    log.line("agent begins", { pid: process.pid, threads: settings.threads });
    const ended = await store.stat(keys.ended(machine));
    const end = ended ? void 0 : await work({ settings, store, renderer, lease, log: log.line, signal: stop.signal });
    const reason = end === "stopped" && notice.given() ? "reclaimed" : end;
    log.line(`agent ends: ${reason ?? "its machine has ended before"}`);
    await log.flush();
    if (reason) await createRecord(store, keys.ended(machine), { machine, reason });
    if (reason !== "stopped") await lease.end();
  } finally {
    notice.end();
    await renderer.close();
    await log.close();
  }
}
function settingsIn(file) {
  const settings = JSON.parse(readFileSync(file, "utf8"));
  return settings.threads > 0 ? settings : { ...settings, threads: availableParallelism() };
}
function watchNotice({ lease, timeScale }, log, stop) {
  const watching = new AbortController();
  let given = false;
  if (lease) {
    const look2 = { env: process.env, every: lasting("notice", timeScale), log: log.line, signal: watching.signal };
    void spotNotice(look2).then((isThere) => {
      given = isThere;
      if (isThere) stop.abort();
    });
  }
  return { given: () => given, end: () => watching.abort() };
}
main(process.argv[2] ?? "").then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${JSON.stringify(factOf(error))}
`);
    process.exit(1);
  }
);

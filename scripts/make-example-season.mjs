// Makes the example season out of a clip of Big Buck Bunny: two short episodes that look like rips of an NTSC DVD.
// Usage: node scripts/make-example-season.mjs <ffmpeg> <clip> <font.ttf> <output folder>
// The result is committed in assets/example-season. Same ffmpeg, clip and font: same bytes.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeVobSub } from './vobsub.mjs';

const [ffmpeg, clip, font, folder] = process.argv.slice(2);
if (folder === undefined) {
  throw new Error('usage: make-example-season.mjs <ffmpeg> <clip> <font.ttf> <output folder>');
}
const scratch = mkdtempSync(join(tmpdir(), 'taaf-example-'));
const run = (...args) =>
  execFileSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args], { maxBuffer: 64 * 1024 * 1024 });

/** Seconds of a film frame, and frames a second of the clip. */
const FILM_FRAME = 1001 / 24000;
const CLIP_RATE = 25;

const CANVAS = { width: 720, height: 480 };
/** Clear background, white text, dark outline, grey for what lies between. */
const PALETTE = ['000000', 'f0f0f0', '101010', '909090'];

const episodes = [
  {
    name: 'Example Show - S01E01 - Bunny',
    title: 'Example Show: Bunny',
    // Film on video: five frames of two fields for every four frames of film, as most NTSC discs have it.
    picture: 'scale=352:480:FLAGS,telecine=pattern=23,setfield=tff',
    encode: ['-flags', '+ilme+ildct+bitexact', '-qscale:v', '7'],
    first: 0,
    frames: 48,
    chapters: [
      { start: 0, title: 'Out of the Burrow' },
      { start: 1001, title: 'A Fine Morning' },
    ],
    subtitles: [
      { from: 200, to: 900, text: 'What a morning!' },
      { from: 1050, to: 1850, text: 'Now, where is breakfast?' },
    ],
    forced: true,
  },
  {
    name: 'Example Show - S01E02 - Yawn',
    title: 'Example Show: Yawn',
    picture: 'scale=352:240:FLAGS',
    encode: ['-flags', '+bitexact', '-qscale:v', '7'],
    first: 64,
    frames: 60,
    chapters: [
      { start: 0, title: 'Yawn' },
      { start: 1502, title: 'Stretch' },
    ],
    subtitles: [{ from: 300, to: 1900, text: '(yawns, at length)' }],
    forced: false,
  },
];

/** White text with a dark outline, as colour numbers on the whole canvas. */
function paint(text) {
  writeFileSync(join(scratch, 'text'), text);
  const words = `drawtext=fontfile=${font}:textfile=${join(scratch, 'text')}:fontsize=34:x=(w-tw)/2:y=h-70`;
  const canvas = `color=black:size=${CANVAS.width}x${CANVAS.height},format=gray,${words}:fontcolor=white:borderw=3:bordercolor=gray`;
  const grey = run('-f', 'lavfi', '-i', canvas, '-frames:v', '1', '-f', 'rawvideo', '-');
  return Uint8Array.from(grey, (level) => (level < 64 ? 0 : level < 150 ? 2 : level < 210 ? 3 : 1));
}

/** The smallest picture that holds all that is painted. */
function cueOf({ from, to, text }) {
  const canvas = paint(text);
  const painted = [...canvas.keys()].filter((i) => canvas[i] !== 0);
  const columns = painted.map((i) => i % CANVAS.width);
  const [x, right] = [Math.min(...columns), Math.max(...columns)];
  const [y, bottom] = [painted[0], painted.at(-1)].map((i) => Math.floor(i / CANVAS.width));
  const [width, height] = [right - x + 1, bottom - y + 1];
  const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
    return canvas[(y + Math.floor(i / width)) * CANVAS.width + x + (i % width)];
  });
  return { startMs: from, endMs: to, x, y, width, height, pixels };
}

/** Chapters and title in ffmpeg's own metadata format. */
function metadata({ title, chapters, frames }) {
  const end = Math.round(frames * FILM_FRAME * 1000);
  const parts = chapters.map((chapter, i) =>
    [
      '[CHAPTER]',
      'TIMEBASE=1/1000',
      `START=${chapter.start}`,
      `END=${chapters[i + 1]?.start ?? end}`,
      `title=${chapter.title}`,
    ].join('\n'),
  );
  return [';FFMETADATA1', `title=${title}`, ...parts, ''].join('\n');
}

/** The clip's frames shown at film speed, 4:3, in the colours of NTSC. */
function pictureFilter({ first, frames, picture }) {
  const colours =
    'flags=lanczos:in_color_matrix=bt709:out_color_matrix=smpte170m:in_primaries=bt709:out_primaries=smpte170m' +
    ':in_transfer=bt709:out_transfer=smpte170m';
  const cut = `trim=start_frame=${first}:end_frame=${first + frames},setpts=PTS-STARTPTS,crop=960:720:0:0`;
  return `${cut},${picture.replace('FLAGS', colours)},format=yuv420p`;
}

/** The clip's sound, slowed down with the picture, as stereo. */
function soundFilter({ first, frames }) {
  const cut = `atrim=start=${first / CLIP_RATE}:duration=${frames / CLIP_RATE},asetpts=PTS-STARTPTS`;
  return `${cut},atempo=${1 / FILM_FRAME / CLIP_RATE},aformat=channel_layouts=stereo,volume=10dB`;
}

/** Language, name and dispositions of each stream, in order. */
const labels = ({ forced }) =>
  [
    ['eng', '', 'default'],
    ['eng', 'English Stereo', 'default'],
    ['deu', 'Deutsch', '0'],
    ['eng', forced ? 'English (forced)' : 'English', forced ? 'forced' : '0'],
  ].flatMap(([language, title, disposition], i) => [
    ...[`-metadata:s:${i}`, `language=${language}`, `-disposition:${i}`, disposition],
    ...(title === '' ? [] : [`-metadata:s:${i}`, `title=${title}`]),
  ]);

function make(episode) {
  writeFileSync(join(scratch, 'metadata'), metadata(episode));
  const cues = episode.subtitles.map(cueOf);
  writeVobSub(join(scratch, 'subtitles'), { ...CANVAS, language: 'en', palette: PALETTE, cues });
  const inputs = [
    ...['-r', String(1 / FILM_FRAME), '-i', clip, '-i', clip],
    ...['-i', join(scratch, 'subtitles.idx'), '-f', 'ffmetadata', '-i', join(scratch, 'metadata')],
  ];
  const graph = `[0:v]${pictureFilter(episode)}[v];[1:a]${soundFilter(episode)},asplit[a][b]`;
  const ntsc = ['-color_primaries', 'smpte170m', '-color_trc', 'smpte170m', '-colorspace', 'smpte170m'];
  run(
    ...inputs,
    ...['-filter_complex', graph, '-map', '[v]', '-map', '[a]', '-map', '[b]', '-map', '2:s'],
    ...['-map_metadata', '3', '-map_chapters', '3'],
    ...['-c:v', 'mpeg2video', '-g', '15', '-bf', '2', '-aspect', '4:3', ...ntsc, ...episode.encode],
    ...['-c:a', 'ac3', '-b:a:0', '96k', '-b:a:1', '96k', '-c:s', 'copy'],
    ...labels(episode),
    ...['-fflags', '+bitexact', '-f', 'matroska', join(folder, `${episode.name}.mkv`)],
  );
}

mkdirSync(folder, { recursive: true });
episodes.forEach(make);
rmSync(scratch, { recursive: true });

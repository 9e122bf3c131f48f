// Writes DVD subtitles: pictures of four colours as a VobSub pair (.idx and .sub), as DVD rippers make them.
// Format: http://dvd.sourceforge.net/spu_notes.html (the subpicture unit), one unit per 2048-byte MPEG-2 packs.
import { writeFileSync } from 'node:fs';

const PACK = 2048;
const PES_HEADER = 14 + 6 + 3 + 5 + 1;
/** Opacity of the four colours, 0 to 15, colour 3 first: only the background is clear. */
const OPACITY = 0xfff0;

/** Four-bit codes of one run: the shorter the run, the shorter the code. */
function runCode(count, colour) {
  const value = (count << 2) | colour;
  const nibbles = count < 4 ? 1 : count < 16 ? 2 : count < 64 ? 3 : 4;
  return Array.from({ length: nibbles }, (_, i) => (value >> (4 * (nibbles - 1 - i))) & 15);
}

/** One line, run-length coded and filled up to a whole byte. */
function codeLine(line) {
  const nibbles = [];
  for (let at = 0; at < line.length;) {
    let end = at;
    while (end < line.length && line[end] === line[at] && end - at < 255) end++;
    nibbles.push(...runCode(end - at, line[at]));
    at = end;
  }
  if (nibbles.length % 2) nibbles.push(0);
  return Buffer.from(nibbles.filter((_, i) => i % 2 === 0).map((high, i) => (high << 4) | nibbles[2 * i + 1]));
}

/** Every second line from `first` on: a subpicture is stored as two fields. */
function codeField(cue, first) {
  const lines = [];
  for (let y = first; y < cue.height; y += 2) {
    lines.push(codeLine(cue.pixels.subarray(y * cue.width, (y + 1) * cue.width)));
  }
  return Buffer.concat(lines);
}

const be16 = (...values) => Buffer.from(values.flatMap((value) => [(value >> 8) & 255, value & 255]));
/** Two 12-bit coordinates in three bytes. */
const corner = (from, to) => [from >> 4, ((from & 15) << 4) | (to >> 8), to & 255];

/** The subpicture unit of a cue: pictures, then one command list that shows and one that clears it. */
function subpicture(cue) {
  const top = codeField(cue, 0);
  const bottom = codeField(cue, 1);
  const control = 4 + top.length + bottom.length;
  const show = Buffer.from([
    ...[0x03, 0x32, 0x10, 0x04, ...be16(OPACITY)],
    ...[0x05, ...corner(cue.x, cue.x + cue.width - 1), ...corner(cue.y, cue.y + cue.height - 1)],
    ...[0x06, ...be16(4, 4 + top.length), 0x01, 0xff],
  ]);
  const clearAt = control + 4 + show.length;
  const clear = Buffer.from([0x02, 0xff]);
  // The clearing list's delay counts 1024 ticks of the 90 kHz clock, and it points at itself: the end.
  const delay = Math.round(((cue.endMs - cue.startMs) * 90) / 1024);
  const size = clearAt + 4 + clear.length;
  const lists = [be16(0, clearAt), show, be16(delay, clearAt), clear];
  return Buffer.concat([be16(size, control), top, bottom, ...lists]);
}

/** A 33-bit time stamp of the 90 kHz clock in the five bytes that MPEG gives it. */
function timeStamp(ms) {
  const pts = BigInt(ms) * 90n;
  const bits = (shift, mask) => Number((pts >> BigInt(shift)) & BigInt(mask));
  return [0x21 | (bits(30, 7) << 1), bits(22, 255), (bits(15, 127) << 1) | 1, bits(7, 255), (bits(0, 127) << 1) | 1];
}

/** The unit cut into packs of 2048 bytes on private stream 1; the last one filled up with padding. */
function packs(unit, startMs) {
  const out = [];
  for (let at = 0; at < unit.length; at += PACK - PES_HEADER) {
    const part = unit.subarray(at, at + PACK - PES_HEADER);
    const rest = PACK - PES_HEADER - part.length;
    // A rest too short for a padding packet becomes stuffing inside the header.
    const stuffing = rest < 6 ? rest : 0;
    const stamp = at === 0 ? timeStamp(startMs) : [255, 255, 255, 255, 255];
    const head = [0, 0, 1, 0xba, 0x44, 0, 4, 0, 4, 1, 1, 0x89, 0xc3, 0xf8];
    const pes = [0, 0, 1, 0xbd, ...be16(9 + stuffing + part.length), 0x81, at === 0 ? 0x80 : 0, 5 + stuffing, ...stamp];
    const padding = rest >= 6 ? Buffer.from([0, 0, 1, 0xbe, ...be16(rest - 6), ...Array(rest - 6).fill(255)]) : [];
    const stuffed = Array(stuffing).fill(255);
    out.push(Buffer.from([...head, ...pes, ...stuffed, 0x20, ...part, ...padding]));
  }
  return Buffer.concat(out);
}

const clock = (ms) => {
  const two = (value) => String(Math.floor(value)).padStart(2, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}:${String(ms % 1000).padStart(3, '0')}`;
};

/** Writes `<stem>.idx` and `<stem>.sub`; the types are in vobsub.d.mts. */
export function writeVobSub(stem, { width, height, language, palette, cues }) {
  const bodies = cues.map((cue) => packs(subpicture(cue), cue.startMs));
  let position = 0;
  const lines = cues.map((cue, i) => {
    const line = `timestamp: ${clock(cue.startMs)}, filepos: ${position.toString(16).padStart(9, '0')}`;
    position += bodies[i].length;
    return line;
  });
  const colours = [...palette, ...Array(16 - palette.length).fill('000000')].join(', ');
  const head = [
    '# VobSub index file, v7 (do not modify this line!)',
    `size: ${width}x${height}`,
    `palette: ${colours}`,
  ];
  writeFileSync(`${stem}.idx`, [...head, 'langidx: 0', `id: ${language}, index: 0`, ...lines, ''].join('\n'));
  writeFileSync(`${stem}.sub`, Buffer.concat(bodies));
}

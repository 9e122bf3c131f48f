/** A program chain: the cells that are played one after the other, and where its programs begin. Pure. */
import { damage, type Bytes } from './bytes.js';

export interface Cell {
  /** Together they name a piece of film within its title set, whoever plays it. */
  readonly vob: number;
  readonly id: number;
  readonly seconds: number;
  /** Sectors of the title set's VOBs, both included. */
  readonly first: number;
  readonly last: number;
}

export interface ProgramChain {
  readonly cells: readonly Cell[];
  /** Index of each program's first cell. */
  readonly programs: readonly number[];
  /** For each sound, whether it is played; the tables of the title set say what it is. */
  readonly sounds: readonly boolean[];
  /** Programs are played in another order than they lie: at random, or shuffled. */
  readonly shuffled: boolean;
}

const CELL = 24;
const POSITION = 4;
const MOST_SOUNDS = 8;

/** @throws Failure `bad-source` when its tables point out of themselves */
export function programChain(pgc: Bytes, where: string): ProgramChain {
  const [programs, cells] = [pgc.u8(2), pgc.u8(3)];
  const [map, playback, positions] = [pgc.u16(0xe6), pgc.u16(0xe8), pgc.u16(0xea)];
  const entries = Array.from({ length: programs }, (_, i) => pgc.u8(map + i) - 1);
  const wrong = entries.find((entry) => entry < 0 || entry >= cells);
  if (wrong !== undefined) throw damage(where, `a program begins with cell ${wrong + 1} of ${cells}`);
  const all = Array.from({ length: cells }, (_, i) =>
    cellOf(pgc.from(playback + i * CELL), pgc.from(positions + i * POSITION), where),
  );
  const played = all.filter(({ otherAngle }) => !otherAngle);
  return {
    cells: played.map(({ cell }) => cell),
    // Where other angles are left out, the cells behind them move up.
    programs: entries.map((entry) => all.slice(0, entry).filter(({ otherAngle }) => !otherAngle).length),
    sounds: Array.from({ length: MOST_SOUNDS }, (_, i) => pgc.u8(0x0c + 2 * i) >> 7 === 1),
    shuffled: pgc.u8(0xa3) !== 0,
  };
}

/** Of the cells of an angle block only the first is played. */
function cellOf(playback: Bytes, position: Bytes, where: string): { cell: Cell; otherAngle: boolean } {
  const flags = playback.u8(0);
  const [mode, type] = [flags >> 6, (flags >> 4) & 3];
  const [first, last] = [playback.u32(8), playback.u32(20)];
  if (last < first) throw damage(where, `a cell ends in sector ${last}, before it begins in ${first}`);
  const cell = { vob: position.u16(0), id: position.u8(3), seconds: secondsOf(playback.from(4), where), first, last };
  return { cell, otherAngle: type === 1 && mode > 1 };
}

/** Decimal digits of hours, minutes, seconds and frames. NTSC counts 30 frames to a second, which last 1.001 s. */
function secondsOf(time: Bytes, where: string): number {
  const digits = (byte: number): number => {
    if (byte >> 4 > 9 || (byte & 15) > 9) throw damage(where, `a time has the digits ${byte.toString(16)}`);
    return (byte >> 4) * 10 + (byte & 15);
  };
  const [frames, stretched] = time.u8(3) >> 6 === 1 ? [25, 1] : [30, 1.001];
  const whole = digits(time.u8(0)) * 3600 + digits(time.u8(1)) * 60 + digits(time.u8(2));
  return (whole + digits(time.u8(3) & 63) / frames) * stretched;
}

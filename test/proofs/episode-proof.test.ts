import { describe, expect, it } from 'vitest';
import type { Alarm, PictureProof } from '../../src/domain/proof.js';
import { timecode } from '../../src/domain/proof.js';
import { episodeProof, type ProvenSegment } from '../../src/proofs/episode-proof.js';

const tile: Alarm = { kind: 'tile', frame: 110, seconds: 4.6, frames: 1, evidence: '4 blocks' };

const segment = (first: number, mean: number, low: number, alarms: readonly Alarm[] = []): ProvenSegment => {
  const level = { mean, low, frame: first + 5, seconds: (first + 5) / 24 };
  const proof: PictureProof = { ssim: level, xpsnr: { ...level, mean: 40, low: 30 }, scenes: 2, alarms };
  return { frames: 100, proof };
};

const end = { frame: 299, seconds: 12.45, frameSeconds: 1001 / 24_000 };
const sync = { points: [{ seconds: 3, lateMs: 1, agreement: 0.99 }], longerMs: 2 };

describe('the proof of an episode', () => {
  it('has the mean of all frames and the lowest scene of all segments', () => {
    const short = { ...segment(200, 0.9, 0.85), frames: 300 };
    const { likeness } = episodeProof([segment(0, 0.98, 0.97), segment(100, 0.98, 0.96), short], sync, end);
    expect(likeness?.ssim).toEqual({ mean: 0.932, low: 0.85, frame: 205, seconds: 205 / 24 });
    expect(likeness?.scenes).toBe(6);
  });

  it('has VMAF where every segment has it', () => {
    const withVmaf = (first: number, mean: number): ProvenSegment => {
      const { frames, proof } = segment(first, 0.98, 0.97);
      return proof
        ? { frames, proof: { ...proof, vmaf: { mean, low: mean - 1, frame: first, seconds: 0 } } }
        : { frames };
    };
    const { likeness } = episodeProof([withVmaf(0, 96), withVmaf(100, 92)], sync, end);
    expect(likeness?.vmaf).toEqual({ mean: 94, low: 91, frame: 100, seconds: 0 });
    const mixed = episodeProof([withVmaf(0, 96), segment(100, 0.98, 0.97)], sync, end);
    expect(mixed.likeness).not.toHaveProperty('vmaf');
  });

  it('keeps the alarms of segments in order', () => {
    const segments = [segment(0, 0.98, 0.97), segment(100, 0.98, 0.97, [tile])];
    expect(episodeProof(segments, sync, end)).toMatchObject({ alarms: [tile], sync: sync.points, longerMs: 2 });
  });

  it('begins with what is wrong in the restored picture, at its time in the result', () => {
    const faults = [{ kind: 'lost', frame: 120, count: 3, evidence: 'coded frame 150 of the source' }] as const;
    const restored = { proof: { fields: 750, faults }, timeOf: (frame: number) => frame / 24 + 1 };
    const { fields, alarms } = episodeProof([segment(0, 0.98, 0.97, [tile])], sync, end, restored);
    expect(fields).toBe(750);
    const lost = { kind: 'lost', frame: 120, seconds: 6, frames: 3, evidence: 'coded frame 150 of the source' };
    expect(alarms).toEqual([lost, tile]);
    expect(episodeProof([segment(0, 0.98, 0.97)], sync, end)).not.toHaveProperty('fields');
  });

  it('names a scene far below the level of the episode', () => {
    const segments = [segment(0, 0.95, 0.94), segment(100, 0.95, 0.94), segment(200, 0.8, 0.55)];
    expect(episodeProof(segments, sync, end).alarms).toMatchObject([{ kind: 'unlike', frame: 205 }]);
  });

  it('takes a low level for granted where the whole episode has it', () => {
    const noisy = [segment(0, 0.58, 0.5), segment(100, 0.6, 0.52), segment(200, 0.59, 0.51)];
    expect(episodeProof(noisy, sync, end).alarms).toEqual([]);
  });

  it.each([
    [-1001, '1001 ms shorter, a frame lasts 42 ms'],
    [100, '100 ms longer, a frame lasts 42 ms'],
  ])('names a picture that is %d ms longer than its source', (longerMs, evidence) => {
    const { alarms } = episodeProof([segment(0, 0.9, 0.9)], { ...sync, longerMs }, end);
    expect(alarms).toEqual([{ kind: 'length', frame: 299, seconds: 12.45, frames: 1, evidence }]);
  });

  it('allows a frame more or less, and an end that was not found', () => {
    for (const longerMs of [42, -42]) {
      expect(episodeProof([segment(0, 0.9, 0.9)], { ...sync, longerMs }, end).alarms).toEqual([]);
    }
    expect(episodeProof([segment(0, 0.9, 0.9)], { points: [] }, end)).not.toHaveProperty('longerMs');
  });

  it('says nothing of the likeness when a segment has no proof, but keeps the alarms of the others', () => {
    const proof = episodeProof([{ frames: 100 }, segment(100, 0.98, 0.97, [tile])], sync, end);
    expect(proof).not.toHaveProperty('likeness');
    expect(proof.alarms).toEqual([tile]);
  });
});

describe('a time code', () => {
  it.each([
    [0, '0:00:00.000'],
    [754.5671, '0:12:34.567'],
    [3599.9996, '1:00:00.000'],
  ])('of %d seconds is %s', (seconds, text) => expect(timecode(seconds)).toBe(text));
});

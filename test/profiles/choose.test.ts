import { describe, expect, it } from 'vitest';
import { chooseProfile } from '../../src/profiles/choose.js';

describe('the default profile', () => {
  it('is the classic scaler on a plain CPU, and says why', () => {
    const { profile, reason } = chooseProfile({});
    expect(profile).toBe('dvd-4k-fast');
    expect(reason).toMatch(/no GPU.*\.$/);
  });

  it('is the photographic model on a GPU, which the reason names', () => {
    const { profile, reason } = chooseProfile({ gpu: 'NVIDIA L4' });
    expect(profile).toBe('live-4k');
    expect(reason).toContain('NVIDIA L4');
  });

  it('is live-4k where the machines have Topaz, whatever this computer has', () => {
    expect(chooseProfile({ topaz: true })).toMatchObject({
      profile: 'live-4k',
      reason: expect.stringMatching(/Topaz/) as string,
    });
  });
});

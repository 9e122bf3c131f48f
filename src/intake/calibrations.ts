/** What was measured, by machine and by what it was measured of; newer measurements weigh more. */
import { z } from 'zod';

const entry = z.strictObject({
  /** Seconds, or bytes, per megapixel-frame. */
  value: z.number().positive(),
  samples: z.int().positive(),
});

export const calibrationsSchema = z.strictObject({
  version: z.literal(1),
  machines: z.record(z.string(), z.record(z.string(), entry)),
});

export type Calibrations = z.infer<typeof calibrationsSchema>;

export const noCalibrations: Calibrations = { version: 1, machines: {} };

/** Weight of a new measurement beside all earlier ones. */
const NEW = 0.3;

export const calibrated = ({ machines }: Calibrations, machine: string, key: string): number | undefined =>
  machines[machine]?.[key]?.value;

/** The calibrations with one more measurement: an exponential average, the first one as it is. */
export function refined(calibrations: Calibrations, machine: string, key: string, value: number): Calibrations {
  const known = calibrations.machines[machine] ?? {};
  const before = known[key];
  const next = before
    ? { value: before.value + NEW * (value - before.value), samples: before.samples + 1 }
    : { value, samples: 1 };
  return { ...calibrations, machines: { ...calibrations.machines, [machine]: { ...known, [key]: next } } };
}

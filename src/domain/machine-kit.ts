/** The kit: all that a machine needs of TAAF, as one archive for its system. Where its parts lie in it, and where it lies in the install's bucket. */
import type { KitRef, MachineSystem } from './aws.js';

/** A kit on this computer. */
export interface Kit {
  readonly system: MachineSystem;
  /** Absolute path of a gzipped tar archive. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** A kit in the install's bucket, by its content: an upload of the same kit again is the same object. */
export const kitRef = ({ system, sha256, bytes }: Omit<Kit, 'file'>): KitRef => ({
  key: `kits/${system}/${sha256}.tar.gz`,
  sha256,
  bytes,
});

export interface KitParts {
  readonly node: string;
  readonly agent: string;
  readonly ffmpeg: string;
  readonly ffprobe: string;
  /** Folder of the ONNX models. */
  readonly models: string;
}

/** Paths inside the archive. */
export const kitParts: Readonly<Record<MachineSystem, KitParts>> = { linux: partsWith(''), windows: partsWith('.exe') };

function partsWith(ending: string): KitParts {
  return {
    node: `bin/node${ending}`,
    agent: 'dist/agent.js',
    ffmpeg: `ffmpeg/ffmpeg${ending}`,
    ffprobe: `ffmpeg/ffprobe${ending}`,
    models: 'models',
  };
}

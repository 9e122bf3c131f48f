/** Which fields of its source each restored frame holds: restoring loses nothing, so they are equal to the last bit. Pure. */

export const parities = ['top', 'bottom'] as const;
export type Parity = (typeof parities)[number];

/** A value for every frame, for both of its fields. */
export type OfFields<T> = Readonly<Record<Parity, T>>;

/** Hashes of a picture's fields by frame, and each frame's time in seconds from the first. */
export interface HashedFields extends OfFields<readonly string[]> {
  readonly seconds: readonly number[];
}

export interface FieldMatch {
  /** 1 for every field of the source that a restored frame holds. */
  readonly shown: OfFields<Uint8Array>;
  /** Restored frames that hold only fields which an earlier one holds already. */
  readonly doubled: readonly number[];
  /** Restored frames without a field of the source. */
  readonly foreign: readonly number[];
}

/** A frame is looked for so many seconds around its own time: what is there by chance elsewhere is no match. */
const WINDOW = 0.5;

/** Both pictures run forward: a field of the source goes to the first restored frame that holds it, and the next one gets a later field. */
export function matchFields(source: HashedFields, restored: HashedFields): FieldMatch {
  const shown = { top: new Uint8Array(source.top.length), bottom: new Uint8Array(source.bottom.length) };
  const places = { top: placesOf(source.top), bottom: placesOf(source.bottom) };
  const last = { top: -1, bottom: -1 };
  const doubled: number[] = [];
  const foreign: number[] = [];
  restored.top.forEach((_hash, frame) => {
    const seconds = restored.seconds[frame] ?? Infinity;
    let [isNew, isKnown] = [false, false];
    for (const parity of parities) {
      const near = around(places[parity].get(restored[parity][frame] ?? '') ?? [], source.seconds, seconds);
      const next = near.find((place) => place > last[parity]);
      isKnown ||= near.length > 0;
      if (next === undefined) continue;
      isNew = true;
      last[parity] = next;
      shown[parity][next] = 1;
    }
    if (!isNew) (isKnown ? doubled : foreign).push(frame);
  });
  return { shown, doubled, foreign };
}

/** The frames of a list that lie in the window. A long black scene has one hash, and so a long list. */
function around(places: readonly number[], times: readonly number[], seconds: number): number[] {
  const timeAt = (i: number): number => times[places[i] ?? 0] ?? Infinity;
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timeAt(middle) < seconds - WINDOW) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let i = low; i < places.length && timeAt(i) <= seconds + WINDOW; i++) found.push(places[i] ?? 0);
  return found;
}

/** Frames by their hash, in order. */
function placesOf(hashes: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  hashes.forEach((hash, frame) => {
    const known = places.get(hash);
    if (known) known.push(frame);
    else places.set(hash, [frame]);
  });
  return places;
}

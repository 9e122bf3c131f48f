/** Geometry of the picture: display shape, and the size that the result gets. All rules about pixels that are not square live here. */
import { ratio, type Picture } from './media.js';
import type { TargetSize } from './profile.js';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Lines and columns of the DVD rasters, NTSC and PAL. */
const SD_LINES: readonly number[] = [480, 576];
const SD_COLUMNS: readonly number[] = [720, 704, 544, 480, 352];

/** Both television standards count as so many square lines: four times that is 2160. */
const SD_SQUARE_LINES = 540;

/** Width over height of the picture as it is shown: 4/3 for 720x480 with pixels of 8:9. */
export const displayAspect = (picture: Pick<Picture, 'width' | 'height' | 'sar'>): number =>
  (picture.width / picture.height) * ratio(picture.sar);

/** Whether the picture is a full television raster, whose pixels never are square. */
const isTelevision = (picture: Picture): boolean =>
  SD_LINES.includes(picture.height) && SD_COLUMNS.includes(picture.width) && ratio(picture.sar) !== 1;

/** Size with square pixels before scaling; only the short axis grows, so no pixel is lost but the lines of a television raster. */
function squareSize(picture: Picture): Size {
  if (isTelevision(picture)) return { width: SD_SQUARE_LINES * displayAspect(picture), height: SD_SQUARE_LINES };
  const pixel = ratio(picture.sar);
  return pixel >= 1
    ? { width: picture.width * pixel, height: picture.height }
    : { width: picture.width, height: picture.height / pixel };
}

const even = (length: number): number => Math.max(2, 2 * Math.round(length / 2));

/** Size of the result in square pixels, both numbers even. */
export function targetSize(picture: Picture, size: TargetSize): Size {
  if ('height' in size) {
    const height = even(size.height);
    return { width: even(height * displayAspect(picture)), height };
  }
  const square = squareSize(picture);
  return { width: even(square.width * size.scale), height: even(square.height * size.scale) };
}

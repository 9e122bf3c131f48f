/** CRC-64/NVME: the checksum of whole objects that S3 keeps, whatever parts they were sent in. */
import { createCRC64 } from 'hash-wasm';

/** The polynomial, bits reversed. */
const POLYNOMIAL = '9a6c9329ac4bc9b5';
const REVERSED = BigInt(`0x${POLYNOMIAL}`);
/** x⁰ and x¹ as reversed polynomials. */
const ONE = 1n << 63n;
const X = 1n << 62n;

/** Sixteen hexadecimal digits. */
export type Crc64 = string;

/** Checksums of one piece after the other: each call is a fresh piece. */
export async function crc64(): Promise<(bytes: Uint8Array) => Crc64> {
  const hasher = await createCRC64(POLYNOMIAL);
  return (bytes) => hasher.init().update(bytes).digest();
}

/** As S3 writes it. */
export const toBase64 = (crc: Crc64): string => Buffer.from(crc, 'hex').toString('base64');
export const fromBase64 = (text: string): Crc64 => Buffer.from(text, 'base64').toString('hex');

export interface Piece {
  readonly crc: Crc64;
  readonly bytes: number;
}

/**
 * The checksum of all pieces in a row, from theirs alone: crc(a‖b) = crc(a) · x^(8·|b|) + crc(b) in GF(2)[x] modulo the polynomial
 * (as zlib's crc32_combine).
 */
export function joinedCrc(pieces: Iterable<Piece>): Crc64 {
  // Nearly all pieces have one length.
  const shifts = new Map<number, bigint>();
  let whole = 0n;
  for (const { crc, bytes } of pieces) {
    const shift = shifts.get(bytes) ?? power(BigInt(bytes) * 8n);
    shifts.set(bytes, shift);
    whole = times(shift, whole) ^ BigInt(`0x${crc}`);
  }
  return whole.toString(16).padStart(16, '0');
}

/** x^n modulo the polynomial. */
function power(n: bigint): bigint {
  let result = ONE;
  let square = X;
  for (let left = n; left > 0n; left >>= 1n) {
    if (left & 1n) result = times(square, result);
    square = times(square, square);
  }
  return result;
}

/** a · b modulo the polynomial; the highest bit is x⁰. */
function times(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = ONE; bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ REVERSED : shifted >> 1n;
  }
  return product;
}

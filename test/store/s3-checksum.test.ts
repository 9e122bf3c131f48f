import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc64, joinedCrc, toBase64 } from '../../src/store/s3/checksum.js';

it('is CRC-64/NVME', async () => {
  expect((await crc64())(Buffer.from('123456789'))).toBe('ae8b14860a799888');
  expect(toBase64('ae8b14860a799888')).toBe('rosUhgp5mIg=');
});

it('of the whole follows from those of the pieces, however they were cut', async () => {
  const sum = await crc64();
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (pieces) => {
      const joined = joinedCrc(pieces.map((piece) => ({ crc: sum(piece), bytes: piece.length })));
      expect(joined).toBe(sum(Buffer.concat(pieces)));
    }),
  );
});

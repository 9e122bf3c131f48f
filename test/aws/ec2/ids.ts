/** Ids as EC2 makes them: a prefix and seventeen hexadecimal digits. */
import { randomBytes } from 'node:crypto';

export const newId = (prefix: string): string => `${prefix}-0${randomBytes(8).toString('hex')}`;

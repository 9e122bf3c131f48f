/** A profile file's text as a profile. */
import type { Profile } from '../domain/profile.js';
import { readDocument } from './document.js';
import { profileFile, profileOf } from './schema.js';

/**
 * @param name the file's name without its ending
 * @param file the path for messages
 * @throws Failure `usage` with file, line and column
 */
export const parseProfile = (text: string, name: string, file: string): Profile =>
  profileOf(name, readDocument(text, file, profileFile));

/** What may stand in the settings files and in a profile, as JSON Schema for editors; published in docs/schema/ by `npm run docs`. */
import { z } from 'zod';
import { profileFile } from '../profiles/schema.js';
import { configSchema, seasonSchema } from './schema.js';

/** File name in docs/schema/ → JSON Schema. */
export const jsonSchemas = (): Record<string, object> => ({
  'config.schema.json': { title: 'TAAF: config.yaml', ...z.toJSONSchema(configSchema, { io: 'input' }) },
  'taaf.schema.json': { title: 'TAAF: taaf.yaml of a season', ...z.toJSONSchema(seasonSchema, { io: 'input' }) },
  'profile.schema.json': { title: 'TAAF: a profile', ...z.toJSONSchema(profileFile, { io: 'input' }) },
});

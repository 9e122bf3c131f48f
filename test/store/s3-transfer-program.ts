/** A program that moves one file, to be killed meanwhile: `put` or `save`, the store's place as JSON, key, path. */
import type { StorePlace } from '../../src/domain/agent.js';
import { openStore } from '../../src/store/open.js';

const [verb, place = '', key = '', path = ''] = process.argv.slice(2);
const store = await openStore(JSON.parse(place) as StorePlace);
if (verb === 'put') await store.put(key, { file: path });
else await (await store.get(key))?.save(path);

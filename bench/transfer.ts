/** A program that moves one file into the S3 store or out of it: `put` or `save`, the store's place as JSON, key, path. Prints its peak memory in bytes. */
import type { StorePlace } from '../src/domain/agent.js';
import { openStore } from '../src/store/open.js';

const [verb, place = '', key = '', path = ''] = process.argv.slice(2);
const store = await openStore(JSON.parse(place) as StorePlace);
if (verb === 'put') await store.put(key, { file: path });
else await (await store.get(key))?.save(path);
console.log(process.resourceUsage().maxRSS * 1024);

/** The entry of the workflow bundle. */
export { capacity } from './capacity.js';
export { episode } from './episode.js';
export { machine } from './machine.js';
export { season } from './season.js';

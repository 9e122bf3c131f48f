/** A worker of the tests that configures a machine: it is there to be killed. */
import { runPlay } from '../../../src/fleet/aws/ansible/play.js';
import { playOf } from './playing.js';

const [python = '', folder = ''] = process.argv.slice(2);
await runPlay(playOf('hang.yml', python, folder));

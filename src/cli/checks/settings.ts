/** Every setting in force and where it comes from. */
import type { SettingName } from '../../config/layers.js';
import { DEFAULT_NAME } from '../../domain/name-template.js';
import type { Config } from '../../config/load.js';
import type { Finding } from '../views/doctor.js';
import type { Check } from './check.js';

/** As text; addresses of notifications hold secrets and are only counted. */
const shown: Readonly<Record<SettingName, (config: Config) => string>> = {
  profile: (config) => config.profile ?? 'by the hardware',
  out: (config) => config.out ?? 'upscaled/ in the season’s folder',
  width: (config) => config.width?.toString() ?? 'as many as there is room for',
  fleet: (config) => config.fleet,
  name: (config) => config.name ?? DEFAULT_NAME,
  notify: (config) => (config.notify.length === 0 ? 'nobody' : `${config.notify.length} addresses`),
  work: (config) => config.work,
  'tools.ffmpeg': (config) => config.tools.ffmpeg,
  'tools.temporal': (config) => config.tools.temporal,
  'local.agents': (config) => String(config.local.agents),
  'aws.profile': (config) => config.aws.profile ?? 'the SDK’s own chain',
  'aws.region': (config) => config.aws.region ?? 'the one of `taaf aws init`',
  'aws.types': (config) => config.aws.types?.join(' ') ?? 'a few that suit the profile',
  'aws.market': (config) => config.aws.market,
  'aws.volume': (config) => `${config.aws.volume} GiB`,
  'aws.hours': (config) => `${config.aws.hours}`,
};

export const checkSettings: Check = ({ settings: { config, whereFrom } }) => {
  const names = Object.keys(shown) as SettingName[];
  return Promise.resolve(
    names.map((name): Finding => ({ name, state: 'ok', found: `${shown[name](config)} (${whereFrom[name]})` })),
  );
};

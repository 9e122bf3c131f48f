/** What a playbook is told: opaque ids, hashes and signed addresses only, so that nothing in it can be a template. */
import { Failure } from '../../../domain/failures.js';
import { isOpaque } from '../../../domain/ids.js';
import type { Provision, Target } from '../ports.js';

export type Variables = Readonly<Record<string, string>>;

export interface SignedUrls {
  readonly kit: string;
  readonly topaz?: string | undefined;
}

const SHA256 = /^[0-9a-f]{64}$/;
/** What an address may consist of once it is encoded: no brace, no quote, no space. */
const ADDRESS = /^https?:\/\/[A-Za-z0-9.:/?&=%_~+,;@!*-]+$/;
const PARAMETER = /^\/?[A-Za-z0-9_./-]{1,512}$/;
const REGION = /^[a-z0-9-]{1,32}$/;

/**
 * The vars file's content.
 * @param files folder on this computer from which files are copied as they are
 * @throws Failure `bug` for a value that is not of its form: it may be a template, and would run on this computer
 */
export function variablesOf(
  { place, ref }: Target,
  { kit, topaz }: Provision,
  urls: SignedUrls,
  files: string,
): Variables {
  return {
    taaf_machine: checked('machine', ref.machine, isOpaque(ref.machine)),
    taaf_region: matching('region', place.region, REGION),
    taaf_files: checked('folder', files, !/[{}]/.test(files)),
    taaf_kit_sha256: matching('hash of the kit', kit.sha256, SHA256),
    taaf_kit_url: matching('address of the kit', urls.kit, ADDRESS),
    ...(topaz === undefined
      ? {}
      : {
          taaf_topaz_sha256: matching('hash of the installer', topaz.installer.sha256, SHA256),
          taaf_topaz_url: matching('address of the installer', urls.topaz ?? '', ADDRESS),
          taaf_topaz_licence: matching('name of the licence', topaz.licence.parameter, PARAMETER),
        }),
  };
}

const matching = (what: string, value: string, form: RegExp): string => checked(what, value, form.test(value));

function checked(what: string, value: string, fits: boolean): string {
  if (fits) return value;
  throw new Failure('bug', `The ${what} is not of its form and is not handed to Ansible`);
}

/** The inventory of one machine, as data: how Ansible reaches it. */
import type { AwsPlace, MachineSystem } from '../../../domain/aws.js';

/** Over SSM nothing needs an open port; the others are for machines that are reached otherwise. */
export type Connection =
  | {
      readonly kind: 'ssm';
      /** AWS's session-manager-plugin: absolute path. */
      readonly plugin: string;
    }
  | {
      readonly kind: 'ssh';
      readonly host: string;
      readonly port?: number;
      readonly user: string;
      readonly keyFile: string;
    }
  | { readonly kind: 'local' };

export interface Reach {
  readonly place: AwsPlace;
  readonly instanceId: string;
  readonly system: MachineSystem;
  readonly connection: Connection;
  /** Buckets stand in the path of an address: at a stand-in for AWS. */
  readonly pathStyle: boolean;
}

/** Seconds that one task may take: the plugin gives up after 60 unless told otherwise, and a driver's installer takes minutes. */
const TASK_SECONDS = 1_800;
/** Seconds to wait for a connection to answer. */
const CONNECT_SECONDS = 30;

type Variables = Readonly<Record<string, string | number | boolean>>;

/** JSON is YAML: the text of a file that ends in `.json` or `.yml`. The one host is called `machine`, whatever it is. */
export function inventoryOf(reach: Reach): string {
  const variables = { ...connectionVariables(reach), ...systemVariables[reach.system] };
  return JSON.stringify({ all: { hosts: { machine: variables } } }, undefined, 2);
}

const systemVariables: Readonly<Record<MachineSystem, Variables>> = {
  windows: { ansible_shell_type: 'powershell' },
  // The system's own is there on every image; looking for another may find one that does not run.
  linux: { ansible_python_interpreter: '/usr/bin/python3' },
};

function connectionVariables({ connection, place, instanceId, pathStyle }: Reach): Variables {
  switch (connection.kind) {
    case 'local':
      return { ansible_connection: 'local' };
    case 'ssh':
      return {
        ansible_connection: 'ssh',
        ansible_host: connection.host,
        ...(connection.port === undefined ? {} : { ansible_port: connection.port }),
        ansible_user: connection.user,
        ansible_ssh_private_key_file: connection.keyFile,
        // A machine is new each time: its key is taken at first sight, and a changed one is refused.
        ansible_ssh_common_args: `-o StrictHostKeyChecking=accept-new -o ConnectTimeout=${CONNECT_SECONDS}`,
      };
    case 'ssm':
      return {
        ansible_connection: 'amazon.aws.aws_ssm',
        ansible_aws_ssm_instance_id: instanceId,
        ansible_aws_ssm_region: place.region,
        ansible_aws_ssm_bucket_name: place.installBucket,
        ansible_aws_ssm_plugin: connection.plugin,
        ansible_aws_ssm_timeout: TASK_SECONDS,
        ansible_aws_ssm_retries: 1,
        // A fresh bucket's name is not known everywhere at once: by its regional address it is.
        ansible_aws_ssm_s3_addressing_style: pathStyle ? 'path' : 'virtual',
      };
  }
}

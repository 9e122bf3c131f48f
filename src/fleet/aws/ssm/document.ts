/** The SSM document that starts and stops the agent: thin, since what it does lies on the machine, where Ansible put it with this version of TAAF. */
import type { MachineSystem } from '../../../domain/aws.js';

/** What the document may be asked for; `boot` prints what differs after every boot. */
export type Action = 'start' | 'stop' | 'boot';

/** The script found no machine of that name: it was never configured, or as another one. */
export const NOT_CONFIGURED = 3;

/** Seconds that a script may run; it only starts or ends something. SSM's agent turns anything outside 5..172800 into 3600 without a word. */
export const SCRIPT_SECONDS = 120;

/**
 * SSM's agent 3.3.2746 and later hand values over as `SSM_<name>`; an older one writes them into the text, and the patterns make that harmless.
 * `stop` of a machine that was never configured has nothing to do.
 */
const sh = `#!/bin/sh
set -eu
if [ -z "\${SSM_action+x}" ]; then SSM_action='{{ action }}'; fi
if [ -z "\${SSM_machine+x}" ]; then SSM_machine='{{ machine }}'; fi
if [ "$SSM_action" = boot ]; then exec cat /proc/sys/kernel/random/boot_id; fi
root="\${TAAF_ROOT:-/opt/taaf}"
if [ -f "$root/control.sh" ]; then exec /bin/sh "$root/control.sh" "$SSM_action" "$SSM_machine"; fi
if [ "$SSM_action" = stop ]; then exit 0; fi
echo "there is no TAAF in $root" >&2
exit ${NOT_CONFIGURED}`;

const powershell = `$ErrorActionPreference = 'Stop'
if (-not $env:SSM_action) { $env:SSM_action = '{{ action }}' }
if (-not $env:SSM_machine) { $env:SSM_machine = '{{ machine }}' }
if ($env:SSM_action -eq 'boot') { (Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc(); exit 0 }
$root = if ($env:TAAF_ROOT) { $env:TAAF_ROOT } else { Join-Path $env:ProgramData 'taaf' }
$control = Join-Path $root 'control.ps1'
if (Test-Path -LiteralPath $control) {
  & $control -Action $env:SSM_action -Machine $env:SSM_machine
  exit $LASTEXITCODE
}
if ($env:SSM_action -eq 'stop') { exit 0 }
[Console]::Error.WriteLine("there is no TAAF in $root")
exit ${NOT_CONFIGURED}`;

/** Steps are named by the system they are for: SSM is asked for a command's outcome by the name of its step. */
const step = (name: MachineSystem, action: string, platformType: string, script: string) => ({
  action,
  name,
  precondition: { StringEquals: ['platformType', platformType] },
  inputs: { timeoutSeconds: String(SCRIPT_SECONDS), runCommand: script.split('\n') },
});

/**
 * Content of the document, for `AWS::SSM::Document` or `CreateDocument` with `DocumentType: Command` and `DocumentFormat: JSON`.
 * Schema 2.2, one step for each platform, values only as environment variables.
 */
export const agentDocument = () => ({
  schemaVersion: '2.2',
  description: 'Starts or stops the TAAF agent of a machine; starting it twice starts it once.',
  parameters: {
    action: {
      type: 'String',
      description: 'start, stop or boot',
      allowedPattern: '^(start|stop|boot)$',
      interpolationType: 'ENV_VAR',
    },
    machine: {
      type: 'String',
      description: 'The machine as TAAF names it.',
      allowedPattern: '^[a-z0-9-]{1,64}$',
      interpolationType: 'ENV_VAR',
    },
  },
  mainSteps: [
    step('linux', 'aws:runShellScript', 'Linux', sh),
    step('windows', 'aws:runPowerShellScript', 'Windows', powershell),
  ],
});

export type AgentDocument = ReturnType<typeof agentDocument>;

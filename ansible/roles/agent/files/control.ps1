# Starts or stops the agent of this machine. Asked twice, it is done once; it returns at once.
param(
  [Parameter(Mandatory = $true)][ValidateSet('start', 'stop')][string]$Action,
  [Parameter(Mandatory = $true)][ValidatePattern('^[a-z0-9-]{1,64}$')][string]$Machine
)
$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$task = 'taaf-agent'
$wanted = Join-Path $root 'wanted'
$name = Join-Path $root 'machine'
if (-not (Test-Path -LiteralPath $name) -or (Get-Content -Raw -LiteralPath $name).Trim() -ne $Machine) {
  [Console]::Error.WriteLine("this machine is not configured as $Machine")
  exit 3
}

function Start-Agent {
  if (Test-Path -LiteralPath (Join-Path $root 'ended')) { return }
  New-Item -ItemType File -Force -Path $wanted | Out-Null
  # The task ignores a second start while it runs.
  Start-ScheduledTask -TaskName $task
}

# The machine is ours alone: whatever runs from our folder or from Topaz's is the agent or its child.
function Get-AgentProcess {
  $folders = (Join-Path $root 'kit'), (Join-Path $env:ProgramFiles 'Topaz Labs LLC')
  Get-CimInstance Win32_Process | Where-Object {
    $path = $_.ExecutablePath
    $path -and ($folders | Where-Object { $path.StartsWith("$_\", [StringComparison]::OrdinalIgnoreCase) })
  }
}

function Stop-Agent {
  Remove-Item -Force -LiteralPath $wanted -ErrorAction SilentlyContinue
  Stop-ScheduledTask -TaskName $task
  # The task's end takes its shell with it, and nothing below.
  foreach ($process in @(Get-AgentProcess)) {
    Stop-Process -Force -Id $process.ProcessId -ErrorAction SilentlyContinue
  }
}

if ($Action -eq 'start') { Start-Agent } else { Stop-Agent }
exit 0

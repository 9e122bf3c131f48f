# Replaces a file's content as a whole, if it differs.
param([string]$Path, [string]$Base64)
$ErrorActionPreference = 'Stop'
$bytes = [Convert]::FromBase64String($Base64)
$Ansible.Changed = $false
if ((Test-Path -LiteralPath $Path) -and [Convert]::ToBase64String([IO.File]::ReadAllBytes($Path)) -eq $Base64) { return }
$part = "$Path.part"
[IO.File]::WriteAllBytes($part, $bytes)
Move-Item -Force -LiteralPath $part -Destination $Path
$Ansible.Changed = $true

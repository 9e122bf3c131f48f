# Puts the user's sign-in where Topaz looks for it, readable to the system and to administrators only.
param([string]$Parameter, [string]$Region, [string]$Models)
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false
if (-not (Get-Command Get-SSMParameter -ErrorAction SilentlyContinue)) {
  throw 'The image lacks AWS Tools for PowerShell: choose one of AWS'
}
$wanted = (Get-SSMParameter -Name $Parameter -WithDecryption $true -Region $Region).Value
$file = Join-Path $Models 'auth.tpz'
# Topaz refreshes its sign-in by itself: one that is there is newer than ours. What we brought is remembered by its hash.
$record = Join-Path $Models 'auth.taaf'
$hash = [BitConverter]::ToString(
  [Security.Cryptography.SHA256]::Create().ComputeHash([Text.Encoding]::ASCII.GetBytes($wanted))
)
if ((Test-Path -LiteralPath $file) -and (Test-Path -LiteralPath $record)) {
  if ((Get-Content -Raw -LiteralPath $record).Trim() -eq $hash) { return }
}
New-Item -ItemType Directory -Force -Path $Models | Out-Null
$part = "$file.part"
[IO.File]::WriteAllBytes($part, [Convert]::FromBase64String($wanted))
# Well-known ids, since names are in the image's language: the system, and administrators.
$acl = New-Object Security.AccessControl.FileSecurity
$acl.SetAccessRuleProtection($true, $false)
foreach ($id in 'S-1-5-18', 'S-1-5-32-544') {
  $who = New-Object Security.Principal.SecurityIdentifier $id
  $acl.AddAccessRule((New-Object Security.AccessControl.FileSystemAccessRule $who, 'FullControl', 'Allow'))
}
Set-Acl -LiteralPath $part -AclObject $acl
Move-Item -Force -LiteralPath $part -Destination $file
Set-Content -LiteralPath $record -Value $hash -Encoding Ascii
$Ansible.Changed = $true

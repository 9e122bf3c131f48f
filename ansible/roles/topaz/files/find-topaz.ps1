# Where Topaz is: the folder of its program, and of its models and sign-in. Both empty where there is none.
$ErrorActionPreference = 'Stop'
$Ansible.Changed = $false
$Ansible.Result = @{ program = ''; models = '' }
# Two lines of the product with folders of their own; the newer goes first.
foreach ($name in 'Topaz Video', 'Topaz Video AI') {
  $program = Join-Path $env:ProgramFiles "Topaz Labs LLC\$name"
  if (Test-Path -LiteralPath (Join-Path $program 'ffmpeg.exe')) {
    $Ansible.Result = @{ program = $program; models = (Join-Path $env:ProgramData "Topaz Labs LLC\$name\models") }
    break
  }
}

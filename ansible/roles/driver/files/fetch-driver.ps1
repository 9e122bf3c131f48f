# Fetches NVIDIA's newest GRID driver for this Windows from AWS's bucket, with the machine's role; its result is the file's path.
param([string]$Bucket, [string]$Region, [string]$Prefix, [string]$Folder)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
if (-not (Get-Command Copy-S3Object -ErrorAction SilentlyContinue)) {
  throw 'The image lacks AWS Tools for PowerShell: choose one of AWS, or one with the driver installed'
}
$found = @(Get-S3Object -BucketName $Bucket -KeyPrefix $Prefix -Region $Region | Where-Object { $_.Key -like '*.exe' })
if ($found.Count -eq 0) { throw "There is no driver in $Bucket/$Prefix" }
# Several builds for several Windows lie side by side: ours is the server's, else the only one.
$server = @($found | Where-Object { $_.Key -match 'server' })
$object = if ($server.Count -gt 0) { $server[0] } else { $found[0] }
$file = Join-Path $Folder (Split-Path -Leaf $object.Key)
Copy-S3Object -BucketName $Bucket -Key $object.Key -LocalFile $file -Region $Region | Out-Null
$signature = Get-AuthenticodeSignature -LiteralPath $file
if ($signature.Status -ne 'Valid' -or $signature.SignerCertificate.Subject -notmatch 'O="?NVIDIA Corporation') {
  Remove-Item -LiteralPath $file -Force
  throw "The driver is not signed by NVIDIA: $($signature.Status)"
}
$Ansible.Result = $file

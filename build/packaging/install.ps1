# Installs qwen on Windows: `irm URL | iex`, or `.\install.ps1 -Help`. It asks nothing.
# All of it stands inside one function, so that a download cut short runs nothing.
function Install-Qwen {
  [CmdletBinding()]
  param(
    [string]$Version = $env:QWEN_INSTALL_VERSION,
    [string]$BinDir = $env:QWEN_INSTALL_BIN_DIR,
    [string]$Repo = $env:QWEN_INSTALL_GITHUB_REPO,
    [string]$BaseUrl = $env:QWEN_INSTALL_BASE_URL,
    [string]$Archive = $env:QWEN_INSTALL_ARCHIVE,
    [string]$Sums = $env:QWEN_INSTALL_SUMS,
    [string]$Sha256 = $env:QWEN_INSTALL_SHA256,
    [switch]$NoModifyPath,
    [switch]$Force,
    [switch]$Uninstall,
    [switch]$Help
  )

  # A release is stamped with its repository (owner/name), its version and its SHA256SUMS.
  $QwenDefaultRepo = ''
  $QwenDefaultVersion = 'latest'
  $QwenDefaultSums = ''

  $ErrorActionPreference = 'Stop'
  $ProgressPreference = 'SilentlyContinue'
  Set-StrictMode -Version 2

  # Stop-Install CODE MESSAGE: the codes are those of install.sh.
  function Stop-Install([int]$Code, [string]$Message) {
    $problem = New-Object System.Exception("qwen-install: error: $Message")
    $problem.Data['code'] = $Code
    throw $problem
  }

  if ($Help) {
    Write-Output @'
Usage: .\install.ps1 [options]
Downloads qwen, checks its SHA-256 and installs it. An option wins over its [variable].

  -Version V        such as 1.2.3, or latest [QWEN_INSTALL_VERSION]
  -BinDir DIR       instead of %LOCALAPPDATA%\Programs\qwen [QWEN_INSTALL_BIN_DIR]
  -Repo OWNER/NAME  the GitHub repository of the releases [QWEN_INSTALL_GITHUB_REPO]
  -BaseUrl URL      a mirror of them [QWEN_INSTALL_BASE_URL]; may want QWEN_INSTALL_LAYOUT=flat
  -Archive FILE     a .zip, for use offline [QWEN_INSTALL_ARCHIVE]
  -Sums FILE        its SHA256SUMS, if not those of this release [QWEN_INSTALL_SUMS]
  -Sha256 HEX       the digest of the archive, instead [QWEN_INSTALL_SHA256]
  -NoModifyPath     do not put the directory on PATH [QWEN_NO_MODIFY_PATH]
  -Force            replace what is there, whatever it is
  -Uninstall        remove qwen, and its directory from PATH

Exit codes: 0 done, 2 usage, 3 unsupported machine, 5 not verified, 6 does not start,
7 destination, 9 network, 10 no such version or target.
'@
    return
  }

  function Get-Target {
    if ([Environment]::OSVersion.Version.Build -lt 17763) {
      Stop-Install 3 'this Windows is older than Windows 10 1809'
    }
    $names = "$env:PROCESSOR_ARCHITECTURE $env:PROCESSOR_ARCHITEW6432 $env:PROCESSOR_IDENTIFIER"
    if ($names -match 'ARM') { return 'windows-arm64' }
    if ($names -match 'AMD64') { return 'windows-x64' }
    Stop-Install 3 "there is no build for Windows on $env:PROCESSOR_ARCHITECTURE"
  }

  function Test-MirrorUrl([string]$Url) {
    $parsed = $null
    if (-not [Uri]::TryCreate($Url, [UriKind]::Absolute, [ref]$parsed)) {
      Stop-Install 2 "not an http or https URL: $Url"
    }
    if ($parsed.Scheme -eq 'http' -and -not $parsed.IsLoopback) {
      Stop-Install 2 "plain http is refused: $Url"
    }
    if ($parsed.Scheme -notin 'http', 'https') { Stop-Install 2 "not an http or https URL: $Url" }
  }

  # Where the mirror has a file of a version; while that is not known, of the latest.
  function Get-FileUrl([string]$Base, [string]$Wanted, [string]$Name) {
    $start = $Base.TrimEnd('/')
    if ($env:QWEN_INSTALL_LAYOUT -eq 'flat' -or $start.EndsWith('/flat')) { return "$start/$Name" }
    if ($Wanted -eq 'latest') { return "$start/latest/download/$Name" }
    return "$start/download/v$Wanted/$Name"
  }

  function Receive-File([string]$Url, [string]$File) {
    try {
      Invoke-WebRequest -UseBasicParsing -Uri $Url -OutFile $File
    } catch {
      $response = $null
      if ($_.Exception.PSObject.Properties['Response']) { $response = $_.Exception.Response }
      if ($null -ne $response -and [int]$response.StatusCode -in 404, 410) {
        Stop-Install 10 "there is no $Url"
      }
      Stop-Install 9 "cannot download ${Url}: $($_.Exception.Message)"
    }
  }

  # The one digest that lines of SHA256SUMS have for a name.
  function Get-ListedDigest([string]$Lines, [string]$Name) {
    $found = @($Lines -split "`r?`n" | Where-Object { $_ -match '^([0-9a-fA-F]{64}) [ *](.+)$' -and $Matches[2] -ceq $Name })
    if ($found.Count -ne 1) { Stop-Install 5 "SHA256SUMS has no entry for $Name, or not exactly one" }
    return $found[0].Substring(0, 64)
  }

  # Writes the one qwen.exe of the archive: never a path that an archive names.
  function Expand-Program([string]$From, [string]$To) {
    Add-Type -AssemblyName System.IO.Compression.FileSystem
    $zip = [IO.Compression.ZipFile]::OpenRead($From)
    try {
      $found = @($zip.Entries | Where-Object { $_.FullName -ceq 'qwen.exe' })
      if ($found.Count -ne 1) { Stop-Install 5 'the archive must hold one qwen.exe' }
      [IO.Compression.ZipFileExtensions]::ExtractToFile($found[0], $To, $true)
    } finally {
      $zip.Dispose()
    }
  }

  # Changes the PATH of this user as it is written, with its variables, and tells open windows.
  function Edit-UserPath([string]$Directory, [bool]$IsAdded) {
    $key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment', $true)
    try {
      $old = [string]$key.GetValue('Path', '', 'DoNotExpandEnvironmentNames')
      $others = @($old -split ';' | Where-Object { $_ -ne '' -and $_.TrimEnd('\') -ne $Directory })
      if ($IsAdded) { $others = @($Directory) + $others }
      $new = $others -join ';'
      if ($new -ceq $old) { return }
      $key.SetValue('Path', $new, 'ExpandString')
    } finally {
      $key.Close()
    }
    [Environment]::SetEnvironmentVariable('QWEN_INSTALL_TOLD', $null, 'User')
    [Console]::Error.WriteLine("qwen-install: changed your PATH; open a new window for it")
  }

  if (-not $BinDir) { $BinDir = Join-Path $env:LOCALAPPDATA 'Programs\qwen' }
  $BinDir = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($BinDir).TrimEnd('\')
  $destination = Join-Path $BinDir 'qwen.exe'
  $editsPath = -not $NoModifyPath -and -not $env:QWEN_NO_MODIFY_PATH -and -not $env:CI

  if ($Uninstall) {
    if (Test-Path -LiteralPath $destination) { Remove-Item -LiteralPath $destination -Force }
    Edit-UserPath $BinDir $false
    [Console]::Error.WriteLine("qwen-install: removed $destination")
    return
  }

  [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12
  $target = Get-Target
  $name = "qwen-$target.zip"
  if ($Sha256 -and $Sha256 -notmatch '^[0-9a-fA-F]{64}$') { Stop-Install 2 "not a SHA-256: $Sha256" }
  if (-not $Version) { $Version = $QwenDefaultVersion }
  $Version = $Version -replace '^v', ''
  if ($Version -ne 'latest' -and $Version -notmatch '^\d+\.\d+\.\d+([-+.][0-9A-Za-z.-]+)?$') {
    Stop-Install 2 "not a version: $Version"
  }

  try {
    New-Item -ItemType Directory -Force -Path $BinDir | Out-Null
    $work = Join-Path $BinDir (".qwen-install." + [Guid]::NewGuid().ToString('N'))
    New-Item -ItemType Directory -Path $work | Out-Null
  } catch {
    Stop-Install 7 "$BinDir is not writable; choose another with -BinDir"
  }
  try {
    $lines = $QwenDefaultSums
    if ($Archive) {
      $file = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Archive)
      if (-not (Test-Path -LiteralPath $file -PathType Leaf)) { Stop-Install 2 "no such file: $file" }
      $name = Split-Path -Leaf $file
      if (-not $Sums -and -not $lines.Contains("  $name")) { $Sums = Join-Path (Split-Path -Parent $file) 'SHA256SUMS' }
    } else {
      if (-not $Repo) { $Repo = $QwenDefaultRepo }
      if (-not $BaseUrl -and $Repo) {
        if ($Repo -notmatch '^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$') { Stop-Install 2 "not OWNER/NAME: $Repo" }
        $BaseUrl = "https://github.com/$Repo/releases"
      }
      if (-not $BaseUrl) { Stop-Install 2 'no release source configured: set QWEN_INSTALL_GITHUB_REPO=owner/name or QWEN_INSTALL_BASE_URL' }
      Test-MirrorUrl $BaseUrl
      if ($Version -eq 'latest') {
        Receive-File (Get-FileUrl $BaseUrl 'latest' 'LATEST') (Join-Path $work 'LATEST')
        $Version = (Get-Content -Raw -LiteralPath (Join-Path $work 'LATEST')).Trim()
        if ($Version -notmatch '^\d+\.\d+\.\d+([-+.][0-9A-Za-z.-]+)?$') { Stop-Install 9 "LATEST names no version" }
      }
      $file = Join-Path $work $name
      Receive-File (Get-FileUrl $BaseUrl $Version $name) $file
      if (-not $Sha256 -and -not $Sums -and ($Version -ne $QwenDefaultVersion -or -not $lines)) {
        $Sums = Join-Path $work 'SHA256SUMS'
        Receive-File (Get-FileUrl $BaseUrl $Version 'SHA256SUMS') $Sums
      }
    }

    if (-not $Sha256) {
      if ($Sums) {
        if (-not (Test-Path -LiteralPath $Sums -PathType Leaf)) { Stop-Install 5 "cannot read $Sums" }
        $lines = Get-Content -Raw -LiteralPath $Sums
      }
      $Sha256 = Get-ListedDigest $lines $name
    }
    $actual = (Get-FileHash -Algorithm SHA256 -LiteralPath $file).Hash
    if ($actual -ne $Sha256) { Stop-Install 5 "checksum mismatch for ${name}: expected $Sha256, actual $actual" }

    $staged = Join-Path $work 'qwen.exe'
    Expand-Program $file $staged
    $answer = (& $staged --version 2>&1 | Out-String).Trim()
    if ($LASTEXITCODE -ne 0) { Stop-Install 6 "the binary does not start: $answer" }
    if ($Version -ne 'latest' -and $answer -ne $Version) { Stop-Install 6 "the binary is version $answer, not $Version" }

    if (Test-Path -LiteralPath $destination -PathType Container) { Stop-Install 7 "$destination is a directory" }
    if ((Test-Path -LiteralPath $destination) -and -not $Force) {
      $old = (& $destination --version 2>&1 | Out-String).Trim()
      if ($old -notmatch '^\d+\.\d+\.\d+') { Stop-Install 7 "$destination is not a qwen of this installer; -Force replaces it" }
    }
    # A program that runs can be renamed, but not replaced.
    if (Test-Path -LiteralPath $destination) { Move-Item -Force -LiteralPath $destination -Destination "$destination.old" }
    Move-Item -LiteralPath $staged -Destination $destination
    Remove-Item -Force -LiteralPath "$destination.old" -ErrorAction SilentlyContinue
    [Console]::Error.WriteLine("qwen-install: installed qwen ${answer}: $destination")
  } finally {
    Remove-Item -Recurse -Force -LiteralPath $work -ErrorAction SilentlyContinue
  }

  if ($editsPath) { Edit-UserPath $BinDir $true }
  elseif ($env:GITHUB_PATH -and -not $NoModifyPath) { Add-Content -LiteralPath $env:GITHUB_PATH -Value $BinDir }
  if (-not ($env:Path -split ';' -contains $BinDir)) { $env:Path = "$BinDir;$env:Path" }
  [Console]::Error.WriteLine('qwen-install: next: qwen auth')
}

# From a file it ends with a code; under `iex` that would close the window.
try {
  Install-Qwen @args
} catch {
  [Console]::Error.WriteLine($_.Exception.Message)
  $code = 1
  if ($_.Exception.Data.Contains('code')) { $code = $_.Exception.Data['code'] }
  if ($PSCommandPath) { exit $code }
}

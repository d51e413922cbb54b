# Sends a batch through the app that was just deployed to the app's own echo, proves its receipt, and deletes it.
# azd sets the variables from the outputs of infra/main.bicep.
$ErrorActionPreference = 'Stop'

$items = 20
$minutes = 10

function Stop-Smoke([string] $reason) {
    [Console]::Error.WriteLine("The smoke batch failed: $reason")
    exit 1
}

if ($env:ROLLCALL_ECHO_TARGET -ne 'true') {
    Write-Host 'No smoke batch was sent, because echoTarget is off.'
    exit 0
}

foreach ($tool in 'az', 'dotnet') {
    if (-not (Get-Command $tool -ErrorAction SilentlyContinue)) {
        Stop-Smoke "it needs '$tool', which is not installed. Then: azd hooks run postdeploy"
    }
}

Set-Location (Join-Path $PSScriptRoot '../..')
$uri = $env:SERVICE_API_URI
$folder = (New-Item -ItemType Directory -Path (Join-Path ([IO.Path]::GetTempPath()) "rollcall-smoke-$([Guid]::NewGuid())")).FullName
$end = (Get-Date).AddMinutes($minutes)

function Wait-Smoke([string] $reason) {
    if ((Get-Date) -ge $end) {
        Stop-Smoke "$reason within $minutes minutes. The app's log says why: Application Insights in $env:AZURE_RESOURCE_GROUP."
    }
    Start-Sleep -Seconds 2
}

function Get-AppKey([string[]] $command) {
    $value = az functionapp @command -g $env:AZURE_RESOURCE_GROUP -n $env:SERVICE_API_NAME -o tsv 2> (Join-Path $folder 'error')
    if ($LASTEXITCODE -eq 0) { $value } else { $null }
}

function Test-Health {
    try { (Invoke-WebRequest "$uri/api/health" -SkipHttpErrorCheck).StatusCode -eq 200 }
    catch [Net.Http.HttpRequestException] { $false }
}

try {
    # A role that was just given may take some minutes to work.
    while (-not (Test-Health)) {
        Wait-Smoke 'the app did not answer /api/health'
    }

    while (-not (($key = Get-AppKey 'keys', 'list', '--query', 'functionKeys.default') -and
            ($echoKey = Get-AppKey 'function', 'keys', 'list', '--function-name', 'Echo', '--query', 'default'))) {
        $problem = Get-Content (Join-Path $folder 'error') -Raw
        if ($problem -match 'az login') { Stop-Smoke 'az is not logged in. az login, then: azd hooks run postdeploy' }
        Wait-Smoke "the app's keys could not be read ($problem)"
    }

    $headers = @{ 'x-functions-key' = $key }
    if ($env:ROLLCALL_ENTRA_CLIENT_ID) {
        $token = az account get-access-token --resource "api://$env:ROLLCALL_ENTRA_CLIENT_ID" --query accessToken -o tsv
        if ($LASTEXITCODE -ne 0) {
            Stop-Smoke "az got no token for api://$env:ROLLCALL_ENTRA_CLIENT_ID. docs/deploy.md says how to let it."
        }
        $headers['Authorization'] = "Bearer $token"
    }

    # The batch stores the key of the echo, which opens nothing else.
    $startHeaders = $headers + @{ 'X-Rollcall-Header-x-functions-key' = $echoKey }
    $lines = Join-Path $folder 'items.jsonl'
    [IO.File]::WriteAllText($lines, -join (0..($items - 1) | ForEach-Object { "{`"item`":$_}`n" }))

    $id = "smoke-$([DateTimeOffset]::UtcNow.ToUnixTimeSeconds())-$PID"
    $batch = "$uri/api/batches/$id"
    $started = Invoke-WebRequest "$uri/api/batches?id=$id&to=$uri/api/echo" -Method Post -Headers $startHeaders `
        -ContentType 'application/x-ndjson' -InFile $lines -SkipHttpErrorCheck
    if ($started.StatusCode -ge 300) {
        Stop-Smoke "$($started.StatusCode) $([Text.Encoding]::UTF8.GetString($started.RawContentStream.ToArray()))"
    }

    $receipt = Join-Path $folder 'receipt.json'
    while ((Invoke-WebRequest "$batch/receipt" -Headers $headers -OutFile $receipt -PassThru -SkipHttpErrorCheck).StatusCode -ne 200) {
        Wait-Smoke "batch $id did not complete"
    }

    $results = Join-Path $folder 'results.jsonl'
    Invoke-WebRequest "$batch/results" -Headers $headers -OutFile $results
    dotnet run --project src/Rollcall.Cli -- verify $results --receipt $receipt --items $lines
    if ($LASTEXITCODE -ne 0) { Stop-Smoke "batch $id is not proven." }
    $succeeded = @(Select-String -Path $results -SimpleMatch '"status":"succeeded"').Count
    if ($succeeded -ne $items) {
        Stop-Smoke "$succeeded of $items items succeeded. The first result: $(Get-Content $results -TotalCount 1)"
    }
    Invoke-WebRequest $batch -Method Delete -Headers $headers | Out-Null
    Write-Host "The smoke batch $id succeeded: $items items, $items responses, receipt verified. It is deleted again."
}
finally {
    Remove-Item -Recurse -Force $folder
}

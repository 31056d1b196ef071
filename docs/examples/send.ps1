# Sends a PDF with its invoice's fields, waits until Chorus Pro has it and prints its status; on refusal the problem.
#   $env:GATEWAY_URL = 'http://127.0.0.1:3000'; $env:GATEWAY_KEY = 'cpg_…'; ./send.ps1 facture.pdf FA-2026-0042 [buyer's SIRET]
# PowerShell 7. Run again with the same number, it sends nothing twice.
param(
    [Parameter(Mandatory)] [string] $Pdf,
    [Parameter(Mandatory)] [string] $Number,
    [string] $Buyer = '12345678200051'
)
$ErrorActionPreference = 'Stop'
$url = $env:GATEWAY_URL ?? 'http://127.0.0.1:3000'

# Repeats on 503 and broken connections: a question changes nothing, and sending carries its Idempotency-Key.
function Invoke-Gateway([string] $Path, [hashtable] $More = @{}) {
    for ($left = 3; ; $left--) {
        try {
            $headers = @{ Authorization = "Bearer $env:GATEWAY_KEY" } + ($More.Headers ?? @{})
            $rest = @{} + $More
            $rest.Remove('Headers')
            $answer = Invoke-RestMethod -Uri "$url$Path" -Headers $headers -TimeoutSec 90 `
                -SkipHttpErrorCheck -StatusCodeVariable status @rest
        }
        catch {
            if ($left -eq 0) { throw }
            Start-Sleep -Seconds 2
            continue
        }
        if ($status -lt 300) { return $answer }
        # PowerShell reads JSON of another media type as text.
        $problem = if ($answer -is [string]) { $answer | ConvertFrom-Json } else { $answer }
        if ($left -gt 0 -and $status -eq 503 -and $problem.retryable -ne $false) {
            Start-Sleep -Seconds ($problem.retryAfter ?? 2)
            continue
        }
        [Console]::Error.WriteLine("refused ($status): $($problem.code): $($problem.detail)")
        foreach ($each in $problem.errors) {
            [Console]::Error.WriteLine("  $($each.pointer): $($each.message) $($each.fix)")
        }
        exit 1
    }
}

$invoice = @{
    number    = $Number
    issueDate = '2026-09-01'
    seller    = @{ siret = '99900010200015' }
    buyer     = @{ siret = $Buyer }
    payment   = @{ meansCode = '30' }
    totals    = @{ taxExclusive = '1000.00'; tax = '200.00'; taxInclusive = '1200.00'; payable = '1200.00' }
} | ConvertTo-Json
$read = Invoke-Gateway '/v1/invoices' @{
    Method  = 'Post'
    Headers = @{ 'Idempotency-Key' = $Number; Prefer = 'wait=30' }
    Form    = @{ invoice = $invoice; file = Get-Item -LiteralPath $Pdf }
}

$settled = 'integrated', 'rejected', 'held', 'cancelled'
for ($tries = 60; $tries -gt 0 -and $read.submission.state -notin $settled; $tries--) {
    Start-Sleep -Seconds 1
    $read = Invoke-Gateway "/v1/invoices/$($read.id)"
}
"$($read.id) $($read.submission.state) $($read.status.code)"
if ($read.submission.state -in 'rejected', 'held', 'cancelled') {
    [Console]::Error.WriteLine($read.submission.error.detail)
    exit 1
}

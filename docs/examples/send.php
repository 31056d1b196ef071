<?php
// Sends a PDF with its invoice's fields, waits until Chorus Pro has it and prints its status; on refusal the problem.
//   GATEWAY_URL=http://127.0.0.1:3000 GATEWAY_KEY=cpg_… php send.php facture.pdf FA-2026-0042 [buyer's SIRET]
// PHP 7.4 or newer with its curl extension. Run again with the same number, it sends nothing twice.

[, $pdf, $number] = $argv;
$buyer = $argv[3] ?? '12345678200051';

/** Repeats on 503 and broken connections: a question changes nothing, and sending carries its Idempotency-Key. */
function call(string $path, ?array $form = null, array $headers = []): array
{
    for ($left = 3; ; $left--) {
        $curl = curl_init((getenv('GATEWAY_URL') ?: 'http://127.0.0.1:3000') . $path);
        curl_setopt_array($curl, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_CONNECTTIMEOUT => 10,
            CURLOPT_TIMEOUT => 90,
            CURLOPT_HTTPHEADER => array_merge(['Authorization: Bearer ' . getenv('GATEWAY_KEY')], $headers),
        ]);
        if ($form !== null) {
            curl_setopt($curl, CURLOPT_POSTFIELDS, $form);
        }
        $body = curl_exec($curl);
        $status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE);
        $answer = json_decode((string) $body, true);
        if ($status >= 200 && $status < 300) {
            return $answer;
        }
        $mayHelp = $body === false || ($status === 503 && ($answer['retryable'] ?? true));
        if ($left === 0 || !$mayHelp) {
            fwrite(STDERR, $body === false ? curl_error($curl) . "\n" : explain($answer ?? [], $status));
            exit(1);
        }
        sleep($answer['retryAfter'] ?? 2);
    }
}

function explain(array $problem, int $status): string
{
    $text = "refused ($status): " . ($problem['code'] ?? '?') . ': ' . ($problem['detail'] ?? '') . "\n";
    foreach ($problem['errors'] ?? [] as $error) {
        $text .= "  {$error['pointer']}: {$error['message']} {$error['fix']}\n";
    }
    return $text;
}

$invoice = call('/v1/invoices', [
    'invoice' => json_encode([
        'number' => $number,
        'issueDate' => '2026-09-01',
        'seller' => ['siret' => '99900010200015'],
        'buyer' => ['siret' => $buyer],
        'payment' => ['meansCode' => '30'],
        'totals' => ['taxExclusive' => '1000.00', 'tax' => '200.00', 'taxInclusive' => '1200.00', 'payable' => '1200.00'],
    ]),
    'file' => new CURLFile($pdf, 'application/pdf', basename($pdf)),
], ["Idempotency-Key: $number", 'Prefer: wait=30']);

$settled = ['integrated', 'rejected', 'held', 'cancelled'];
for ($tries = 60; $tries > 0 && !in_array($invoice['submission']['state'], $settled, true); $tries--) {
    sleep(1);
    $invoice = call('/v1/invoices/' . $invoice['id']);
}
$state = $invoice['submission']['state'];
echo "{$invoice['id']} $state " . ($invoice['status']['code'] ?? '') . "\n";
if ($state !== 'integrated' && in_array($state, $settled, true)) {
    fwrite(STDERR, ($invoice['submission']['error']['detail'] ?? $state) . "\n");
    exit(1);
}

#!/bin/sh
# Sends a PDF with its invoice's fields, waits until Chorus Pro has it and prints its status; on refusal the problem.
#   GATEWAY_URL=http://127.0.0.1:3000 GATEWAY_KEY=cpg_… ./send.sh facture.pdf FA-2026-0042 [buyer's SIRET]
# Run again with the same number, it sends nothing twice: the gateway answers with the invoice that it has.
set -eu
url=${GATEWAY_URL:-http://127.0.0.1:3000}
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# The first value of a member, wherever it stands.
member() { grep -o "\"$1\":\"[^\"]*\"" "$answer" | head -n 1 | cut -d '"' -f 4; }

status=$(curl -sS -o "$answer" -w '%{http_code}' --retry 3 --max-time 90 \
  -H "Authorization: Bearer ${GATEWAY_KEY:-}" -H "Idempotency-Key: $2" -H 'Prefer: wait=30' \
  -F "number=$2" -F issueDate=2026-09-01 -F seller.siret=99900010200015 -F "buyer.siret=${3:-12345678200051}" \
  -F payment.meansCode=30 -F totals.taxExclusive=1000.00 -F totals.tax=200.00 \
  -F totals.taxInclusive=1200.00 -F totals.payable=1200.00 \
  -F "file=@$1;type=application/pdf" "$url/v1/invoices")
case $status in
  200 | 201 | 202) ;;
  *) echo "refused ($status): $(member code): $(member detail)" >&2; cat "$answer" >&2; exit 1 ;;
esac

id=$(member id)
tries=60
while :; do
  curl -sS -o "$answer" --retry 3 -H "Authorization: Bearer ${GATEWAY_KEY:-}" "$url/v1/invoices/$id"
  state=$(member state)
  case $state in
    integrated) break ;;
    rejected | held | cancelled) echo "$id $state: $(member detail)" >&2; exit 1 ;;
  esac
  tries=$((tries - 1))
  [ $tries -gt 0 ] || { echo "$id is safe in the gateway and still $state; ask again later"; exit 0; }
  sleep 1
done
echo "$id $state $(grep -o '"status":{"code":"[^"]*"' "$answer" | cut -d '"' -f 6)"

"""Sends a PDF with its invoice's fields, waits until Chorus Pro has it and prints its status; on refusal the problem.

    GATEWAY_URL=http://127.0.0.1:3000 GATEWAY_KEY=cpg_… python3 send.py facture.pdf FA-2026-0042 [buyer's SIRET]

Python 3.8 or newer, standard library alone. Run again with the same number, it sends nothing twice.
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

URL = os.environ.get("GATEWAY_URL", "http://127.0.0.1:3000")
KEY = os.environ.get("GATEWAY_KEY", "")


def call(path, body=None, headers=None, tries=4):
    """The answer as an object. Only calls that may be repeated come here: questions, and sending with a key."""
    for left in range(tries - 1, -1, -1):
        request = urllib.request.Request(URL + path, data=body, headers={"Authorization": "Bearer " + KEY, **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=90) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            problem = json.load(error)
            if left == 0 or error.code != 503 or not problem.get("retryable"):
                raise SystemExit(explain(problem))
            time.sleep(problem.get("retryAfter", 2))
        except OSError:
            if left == 0:
                raise
            time.sleep(2)


def explain(problem):
    lines = [f"refused ({problem['status']}): {problem['code']}: {problem.get('detail', problem['title'])}"]
    lines += [f"  {each['pointer']}: {each['message']} {each['fix']}" for each in problem.get("errors", [])]
    return "\n".join(lines)


def send(pdf, number, buyer):
    invoice = {
        "number": number,
        "issueDate": "2026-09-01",
        "seller": {"siret": "99900010200015"},
        "buyer": {"siret": buyer},
        "payment": {"meansCode": "30"},
        "totals": {"taxExclusive": "1000.00", "tax": "200.00", "taxInclusive": "1200.00", "payable": "1200.00"},
    }
    boundary = uuid.uuid4().hex
    with open(pdf, "rb") as file:
        body = b"\r\n".join([
            f"--{boundary}".encode(),
            b'Content-Disposition: form-data; name="invoice"',
            b"Content-Type: application/json",
            b"",
            json.dumps(invoice).encode(),
            f"--{boundary}".encode(),
            f'Content-Disposition: form-data; name="file"; filename="{os.path.basename(pdf)}"'.encode(),
            b"Content-Type: application/pdf",
            b"",
            file.read(),
            f"--{boundary}--".encode(),
            b"",
        ])
    return call("/v1/invoices", body, {
        "Content-Type": "multipart/form-data; boundary=" + boundary,
        "Idempotency-Key": number,
        "Prefer": "wait=30",
    })


invoice = send(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "12345678200051")
for _ in range(60):
    if invoice["submission"]["state"] in ("integrated", "rejected", "held", "cancelled"):
        break
    time.sleep(1)
    invoice = call("/v1/invoices/" + invoice["id"])
state = invoice["submission"]["state"]
print(invoice["id"], state, invoice.get("status", {}).get("code", ""))
if state in ("rejected", "held", "cancelled"):
    raise SystemExit(invoice["submission"].get("error", {}).get("detail", state))

// Sends a PDF with its invoice's fields, waits until Chorus Pro has it and prints its status; on refusal the problem.
//
//	GATEWAY_URL=http://127.0.0.1:3000 GATEWAY_KEY=cpg_… go run send.go facture.pdf FA-2026-0042 [buyer's SIRET]
//
// Go 1.18 or newer, standard library alone. Run again with the same number, it sends nothing twice.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"time"
)

type problem struct {
	Code, Detail string
	Retryable    *bool
	RetryAfter   int
	Errors       []struct{ Pointer, Message, Fix string }
}

type invoice struct {
	ID         string
	Submission struct {
		State string
		Error struct{ Detail string }
	}
	Status struct{ Code string }
}

var client = &http.Client{Timeout: 90 * time.Second}

func main() {
	pdf, number, buyer := os.Args[1], os.Args[2], "12345678200051"
	if len(os.Args) > 3 {
		buyer = os.Args[3]
	}
	fields, _ := json.Marshal(map[string]any{
		"number":    number,
		"issueDate": "2026-09-01",
		"seller":    map[string]any{"siret": "99900010200015"},
		"buyer":     map[string]any{"siret": buyer},
		"payment":   map[string]any{"meansCode": "30"},
		"totals": map[string]any{
			"taxExclusive": "1000.00", "tax": "200.00", "taxInclusive": "1200.00", "payable": "1200.00",
		},
	})
	content, err := os.ReadFile(pdf)
	if err != nil {
		fail(err)
	}
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	part(writer, `name="invoice"`, "application/json", fields)
	part(writer, fmt.Sprintf(`name="file"; filename=%q`, filepath.Base(pdf)), "application/pdf", content)
	writer.Close()

	read := call("POST", "/v1/invoices", form.Bytes(), map[string]string{
		"Content-Type":    writer.FormDataContentType(),
		"Idempotency-Key": number,
		"Prefer":          "wait=30",
	})
	for tries := 60; tries > 0 && !settled(read); tries-- {
		time.Sleep(time.Second)
		read = call("GET", "/v1/invoices/"+read.ID, nil, nil)
	}
	fmt.Println(read.ID, read.Submission.State, read.Status.Code)
	if settled(read) && read.Submission.State != "integrated" {
		fail(read.Submission.Error.Detail)
	}
}

func settled(read invoice) bool {
	switch read.Submission.State {
	case "integrated", "rejected", "held", "cancelled":
		return true
	}
	return false
}

// Repeats on 503 and broken connections: a question changes nothing, and sending carries its Idempotency-Key.
func call(method, path string, body []byte, headers map[string]string) invoice {
	url := os.Getenv("GATEWAY_URL")
	if url == "" {
		url = "http://127.0.0.1:3000"
	}
	for left := 3; ; left-- {
		request, _ := http.NewRequest(method, url+path, bytes.NewReader(body))
		request.Header.Set("Authorization", "Bearer "+os.Getenv("GATEWAY_KEY"))
		for name, value := range headers {
			request.Header.Set(name, value)
		}
		wait := 2
		response, err := client.Do(request)
		if err == nil {
			answer, _ := io.ReadAll(response.Body)
			response.Body.Close()
			if response.StatusCode < 300 {
				var read invoice
				json.Unmarshal(answer, &read)
				return read
			}
			var told problem
			json.Unmarshal(answer, &told)
			if left == 0 || response.StatusCode != 503 || (told.Retryable != nil && !*told.Retryable) {
				fmt.Fprintf(os.Stderr, "refused (%d): %s: %s\n", response.StatusCode, told.Code, told.Detail)
				for _, each := range told.Errors {
					fmt.Fprintf(os.Stderr, "  %s: %s %s\n", each.Pointer, each.Message, each.Fix)
				}
				os.Exit(1)
			}
			if told.RetryAfter > 0 {
				wait = told.RetryAfter
			}
		} else if left == 0 {
			fail(err)
		}
		time.Sleep(time.Duration(wait) * time.Second)
	}
}

func part(writer *multipart.Writer, name, mediaType string, content []byte) {
	out, _ := writer.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {"form-data; " + name},
		"Content-Type":        {mediaType},
	})
	out.Write(content)
}

func fail(what any) {
	fmt.Fprintln(os.Stderr, what)
	os.Exit(1)
}

// Sends a PDF with its invoice's fields, waits until Chorus Pro has it and prints its status; on refusal the problem.
//   GATEWAY_URL=http://127.0.0.1:3000 GATEWAY_KEY=cpg_… dotnet run Send.cs facture.pdf FA-2026-0042 [buyer's SIRET]
// As it stands with .NET 10; with 6 or newer as Program.cs of a console project. Run again with the same number, it sends
// nothing twice.
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

var url = Environment.GetEnvironmentVariable("GATEWAY_URL") ?? "http://127.0.0.1:3000";
using var client = new HttpClient { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(90) };
client.DefaultRequestHeaders.Authorization =
    new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("GATEWAY_KEY") ?? "");

var (pdf, number) = (args[0], args[1]);
var fields = new JsonObject
{
    ["number"] = number,
    ["issueDate"] = "2026-09-01",
    ["seller"] = new JsonObject { ["siret"] = "99900010200015" },
    ["buyer"] = new JsonObject { ["siret"] = args.Length > 2 ? args[2] : "12345678200051" },
    ["payment"] = new JsonObject { ["meansCode"] = "30" },
    ["totals"] = new JsonObject
    {
        ["taxExclusive"] = "1000.00", ["tax"] = "200.00", ["taxInclusive"] = "1200.00", ["payable"] = "1200.00"
    }
};
var content = await File.ReadAllBytesAsync(pdf);

var invoice = await Call(() =>
{
    var file = new ByteArrayContent(content);
    file.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
    var request = new HttpRequestMessage(HttpMethod.Post, "/v1/invoices")
    {
        Content = new MultipartFormDataContent
        {
            { new StringContent(fields.ToJsonString(), Encoding.UTF8, "application/json"), "invoice" },
            { file, "file", Path.GetFileName(pdf) }
        }
    };
    request.Headers.Add("Idempotency-Key", number);
    request.Headers.Add("Prefer", "wait=30");
    return request;
});

var settled = new[] { "integrated", "rejected", "held", "cancelled" };
for (var tries = 60; tries > 0 && !settled.Contains(State(invoice)); tries--)
{
    await Task.Delay(1000);
    var id = (string?)invoice["id"];
    invoice = await Call(() => new HttpRequestMessage(HttpMethod.Get, $"/v1/invoices/{id}"));
}
Console.WriteLine($"{invoice["id"]} {State(invoice)} {invoice["status"]?["code"]}");
if (State(invoice) is "rejected" or "held" or "cancelled")
{
    Console.Error.WriteLine(invoice["submission"]?["error"]?["detail"]);
    Environment.Exit(1);
}

static string? State(JsonNode invoice) => (string?)invoice["submission"]?["state"];

// Repeats on 503 and broken connections: a question changes nothing, and sending carries its Idempotency-Key.
async Task<JsonNode> Call(Func<HttpRequestMessage> request)
{
    for (var left = 3; ; left--)
    {
        try
        {
            using var response = await client.SendAsync(request());
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
            if (response.IsSuccessStatusCode) return answer;
            var mayHelp = response.StatusCode == HttpStatusCode.ServiceUnavailable && (bool?)answer["retryable"] != false;
            if (left == 0 || !mayHelp)
            {
                Console.Error.WriteLine($"refused ({(int)response.StatusCode}): {answer["code"]}: {answer["detail"]}");
                foreach (var error in answer["errors"]?.AsArray() ?? new JsonArray())
                    Console.Error.WriteLine($"  {error!["pointer"]}: {error["message"]} {error["fix"]}");
                Environment.Exit(1);
            }
        }
        catch (Exception broken) when (left > 0 && broken is HttpRequestException or TaskCanceledException)
        {
        }
        await Task.Delay(2000);
    }
}

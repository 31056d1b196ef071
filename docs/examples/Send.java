import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends a PDF with its invoice's fields, waits until Chorus Pro has it and prints its status; on refusal the problem.
 *
 * <pre>GATEWAY_URL=http://127.0.0.1:3000 GATEWAY_KEY=cpg_… java Send.java facture.pdf FA-2026-0042 [buyer's SIRET]</pre>
 *
 * Java 17, nothing else; use your JSON library where this reads members by pattern. Run again with the same number, it
 * sends nothing twice.
 */
public class Send {
  static final String URL = System.getenv().getOrDefault("GATEWAY_URL", "http://127.0.0.1:3000");
  static final String KEY = System.getenv().getOrDefault("GATEWAY_KEY", "");
  static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

  public static void main(String[] args) throws Exception {
    String invoice = """
        {"number": "%s", "issueDate": "2026-09-01",
         "seller": {"siret": "99900010200015"}, "buyer": {"siret": "%s"}, "payment": {"meansCode": "30"},
         "totals": {"taxExclusive": "1000.00", "tax": "200.00", "taxInclusive": "1200.00", "payable": "1200.00"}}
        """.formatted(args[1], args.length > 2 ? args[2] : "12345678200051");
    String boundary = UUID.randomUUID().toString();
    HttpRequest request = to("/v1/invoices")
        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
        .header("Idempotency-Key", args[1])
        .header("Prefer", "wait=30")
        .POST(HttpRequest.BodyPublishers.ofByteArray(form(boundary, invoice, Path.of(args[0]))))
        .build();
    String answer = call(request);
    String id = member(answer, "id");
    for (int tries = 60; tries > 0 && !isSettled(answer); tries--) {
      Thread.sleep(1000);
      answer = call(to("/v1/invoices/" + id).build());
    }
    String state = member(answer, "state");
    Matcher status = Pattern.compile("\"status\":\\{\"code\":\"([^\"]*)\"").matcher(answer);
    System.out.println(id + " " + state + " " + (status.find() ? status.group(1) : ""));
    if (isSettled(answer) && !state.equals("integrated")) {
      System.err.println(member(answer, "detail"));
      System.exit(1);
    }
  }

  static boolean isSettled(String answer) {
    return member(answer, "state").matches("integrated|rejected|held|cancelled");
  }

  static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(URL + path))
        .timeout(Duration.ofSeconds(90))
        .header("Authorization", "Bearer " + KEY);
  }

  /** Repeats on 503 and broken connections: a question changes nothing, and sending carries its Idempotency-Key. */
  static String call(HttpRequest request) throws IOException, InterruptedException {
    for (int left = 3; ; left--) {
      try {
        HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() < 300) return response.body();
        if (left == 0 || response.statusCode() != 503 || response.body().contains("\"retryable\":false")) {
          String problem = response.body();
          System.err.println("refused (" + response.statusCode() + "): " + member(problem, "code") + ": " + member(problem, "detail"));
          System.err.println(problem);
          System.exit(1);
        }
      } catch (IOException broken) {
        if (left == 0) throw broken;
      }
      Thread.sleep(2000);
    }
  }

  static byte[] form(String boundary, String invoice, Path pdf) throws IOException {
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.write(part("", boundary, "name=\"invoice\"", "application/json"));
    form.write(invoice.getBytes(StandardCharsets.UTF_8));
    form.write(part("\r\n", boundary, "name=\"file\"; filename=\"" + pdf.getFileName() + "\"", "application/pdf"));
    form.write(Files.readAllBytes(pdf));
    form.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return form.toByteArray();
  }

  static byte[] part(String before, String boundary, String name, String type) {
    String head = before + "--" + boundary + "\r\nContent-Disposition: form-data; " + name + "\r\nContent-Type: " + type + "\r\n\r\n";
    return head.getBytes(StandardCharsets.UTF_8);
  }

  /** The first value of a member, wherever it stands. */
  static String member(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
    return found.find() ? found.group(1) : "";
  }
}

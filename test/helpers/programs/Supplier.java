import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;

/** A supplier's program of the certificate mode, as such programs are written. Only its address is a setting. */
public class Supplier {
  static final HttpClient client = HttpClient.newHttpClient();

  static String call(String operation, String body) throws Exception {
    String account = System.getenv("CHORUS_LOGIN") + ":" + System.getenv("CHORUS_PASSWORD");
    HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("CHORUS_API") + "/" + operation))
        .header("Authorization", "Basic " + Base64.getEncoder().encodeToString(account.getBytes("UTF-8")))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200 || !"0".equals(member(answer.body(), "codeRetour")))
      throw new IllegalStateException(operation + ": " + answer.statusCode() + " " + answer.body());
    return answer.body();
  }

  static String member(String json, String name) {
    var found = Pattern.compile("\"" + name + "\"\\s*:\\s*(\"([^\"]*)\"|[^,}\\]]*)").matcher(json);
    if (!found.find()) throw new IllegalStateException("no " + name);
    return found.group(2) != null ? found.group(2) : found.group(1).trim();
  }

  public static void main(String[] arguments) throws Exception {
    String pdf = Base64.getEncoder().encodeToString(Files.readAllBytes(Path.of(arguments[0])));
    String seller = member(
        call("structures/rechercher", "{\"structure\":{\"identifiantStructure\":\"99900010200015\"}}"), "idStructureCPP");
    String file = member(call("factures/deposer/pdf",
        "{\"fichierFacture\":\"" + pdf + "\",\"nomFichier\":\"f.pdf\",\"formatDepot\":\"PDF_NON_SIGNE\"}"), "pieceJointeId");
    String submitted = call("factures/soumettre", "{\"modeDepot\":\"DEPOT_PDF_API\",\"numeroFactureSaisi\":\"" + arguments[1]
        + "\",\"dateFacture\":\"2026-09-01\",\"destinataire\":{\"codeDestinataire\":\"12345678200051\"},"
        + "\"fournisseur\":{\"idFournisseur\":" + seller + "},"
        + "\"cadreDeFacturation\":{\"codeCadreFacturation\":\"A1_FACTURE_FOURNISSEUR\"},"
        + "\"references\":{\"deviseFacture\":\"EUR\",\"typeFacture\":\"FACTURE\",\"typeTva\":\"TVA_SUR_DEBIT\",\"modePaiement\":\"VIREMENT\"},"
        + "\"montantTotal\":{\"montantHtTotal\":100,\"montantTVA\":20,\"montantTtcTotal\":120,\"montantAPayer\":120},"
        + "\"pieceJointePrincipale\":[{\"pieceJointePrincipaleDesignation\":\"f.pdf\",\"pieceJointePrincipaleId\":" + file + "}]}");
    String download = call("factures/telecharger/groupe", "{\"listeFacture\":[{\"idFacture\":"
        + member(submitted, "identifiantFactureCPP") + "}],\"format\":\"PDF\",\"idEspace\":1}");
    System.out.println("{\"number\":\"" + member(submitted, "numeroFacture") + "\",\"status\":\""
        + member(submitted, "statutFacture") + "\",\"same\":" + member(download, "fichierResultat").equals(pdf) + "}");
  }
}

"""A supplier's program for Chorus Pro over PISTE, as such programs are written. Only its two hosts are settings."""
import base64
import json
import os
import sys
import urllib.parse
import urllib.request

API = os.environ['CHORUS_API']
TOKEN = os.environ['CHORUS_TOKEN']


def token():
    form = urllib.parse.urlencode({
        'grant_type': 'client_credentials',
        'client_id': os.environ['CLIENT_ID'],
        'client_secret': os.environ['CLIENT_SECRET'],
        'scope': 'openid',
    }).encode()
    with urllib.request.urlopen(urllib.request.Request(TOKEN, data=form)) as answer:
        body = json.load(answer)
    assert body['token_type'] == 'Bearer' and int(body['expires_in']) > 0
    return body['access_token']


bearer = token()


def call(path, payload):
    account = base64.b64encode(b'TECH_1_99900010200015@cpro.fr:secret').decode()
    request = urllib.request.Request(API + path, data=json.dumps(payload).encode(), headers={
        'Authorization': 'Bearer ' + bearer,
        'cpro-account': account,
        'Content-Type': 'application/json;charset=utf-8',
        'Accept': 'application/json;charset=utf-8',
    })
    with urllib.request.urlopen(request, timeout=60) as answer:
        body = json.load(answer)
    if body['codeRetour'] != 0:
        raise SystemExit('%s: %s %s' % (path, body['codeRetour'], body['libelle']))
    return body


with open(sys.argv[1], 'rb') as file:
    pdf = file.read()
number = sys.argv[2]
seller = call('/structures/v1/rechercher', {
    'structure': {'identifiantStructure': '99900010200015', 'typeIdentifiantStructure': 'SIRET'},
})['listeStructures'][0]['idStructureCPP']
deposit = call('/factures/v1/deposer/pdf', {
    'fichierFacture': base64.b64encode(pdf).decode(),
    'nomFichier': 'facture.pdf',
    'formatDepot': 'PDF_NON_SIGNE',
})
submitted = call('/factures/v1/soumettre', {
    'modeDepot': 'DEPOT_PDF_API',
    'numeroFactureSaisi': number,
    'dateFacture': '2026-09-01',
    'destinataire': {'codeDestinataire': '12345678200051'},
    'fournisseur': {'idFournisseur': seller},
    'cadreDeFacturation': {'codeCadreFacturation': 'A1_FACTURE_FOURNISSEUR'},
    'references': {'deviseFacture': 'EUR', 'typeFacture': 'FACTURE', 'typeTva': 'TVA_SUR_DEBIT', 'modePaiement': 'VIREMENT'},
    'montantTotal': {'montantHtTotal': 100, 'montantTVA': 20, 'montantTtcTotal': 120, 'montantAPayer': 120},
    'pieceJointePrincipale': [{
        'pieceJointePrincipaleDesignation': 'facture.pdf',
        'pieceJointePrincipaleId': deposit['pieceJointeId'],
    }],
})
file = call('/factures/v1/telecharger/groupe', {
    'listeFacture': [{'idFacture': submitted['identifiantFactureCPP']}],
    'format': 'PDF',
    'idEspace': 1,
})
print(json.dumps({
    'number': submitted['numeroFacture'],
    'status': submitted['statutFacture'],
    'same': base64.b64decode(file['fichierResultat']) == pdf,
}))

/* What each operation asks of Sectigo, call by call, and what it says when it is done, refused or cut off. */
#include "play.h"

#include <string.h>

#include <openssl/pem.h>

#include <certty/base/clock.h>
#include <provider/sectigo/sectigo_certs.h>

#include "../model/make.h"

#define AT    "https://scm.example/api"
#define STORE "scm/scm"

/* A call, in whatever order it is asked: what its path begins with, a part of its body (or NULL), and the
 * answer; status 0: the connection breaks. */
struct line {
	const char *call, *part;
	int status;
	const char *answer;	/* $CHAIN: the certificate and its issuer */
};

#define LINES 9

struct scene {
	const char *name;
	enum verb_id verb;
	const char *about;		/* "domain/7001", "order", "cert"; or NULL */
	const char *args;		/* lines of "key=value" */
	struct line lines[LINES];	/* ends with call NULL */
	const char *said[3];		/* parts of what is said, or of the error */
	bool is_bad;
	enum err code;
};

#define NO(code_, words) "{\"code\":" #code_ ",\"description\":\"" words "\"}"
#define ORGS { "GET /organization/v1", NULL, 200, \
	"[{\"id\":501,\"name\":\"Uni\",\"departments\":[{\"id\":502,\"name\":\"IT\"}]}]" }
#define DETAILS(status, more) DETAILS_OF(status, "\"www.example.org\"", more)
#define DETAILS_OF(status, names, more) DETAILS_AT("501", status, names, more)
#define DETAILS_AT(org, status, names, more) \
	"{\"sslId\":40010,\"id\":40010,\"commonName\":\"www.example.org\",\"orgId\":" org "," \
	"\"status\":\"" status "\"," \
	"\"certType\":{\"id\":9001,\"name\":\"DV\",\"terms\":[90,200],\"keyTypes\":{\"EC\":[\"P-256\"]}}," \
	"\"term\":200,\"requester\":\"alice\",\"requested\":\"01/15/2026\"," \
	"\"csrDetails\":{\"sha256Hash\":\"aa\"}," \
	"\"subjectAlternativeNames\":[" names "],\"serialNumber\":\"0A:0B\"" more "}"
#define CERT(status, more) { "GET /ssl/v1/40010", NULL, 200, DETAILS(status, more) }
#define CHAIN { "GET /ssl/v1/collect/40010", NULL, 200, "$CHAIN" }
#define TYPES { "GET /ssl/v1/types?organizationId=501", NULL, 200, \
	"[{\"id\":9001,\"name\":\"DV\",\"terms\":[90,200],\"keyTypes\":{\"EC\":[\"P-256\"]}}," \
	"{\"id\":9002,\"name\":\"Campus EV\",\"terms\":[90],\"keyTypes\":{\"RSA\":[\"2048\"]}}]" }
#define STATUS(words) { "POST /dcv/v2/validation/status", "\"xn--bcher-kva.example\"", 200, "{" words "}" }
#define WAITING "\"status\":\"NOT_VALIDATED\",\"orderStatus\":\"AWAITING_SUBMISSION\"," \
	"\"orderMode\":\"CNAME\"," \
	"\"host\":\"_ab.xn--bcher-kva.example.\",\"point\":\"cd.sectigo.com.\""
#define IDLE "\"status\":\"EXPIRED\",\"orderStatus\":\"NOT_INITIATED\""
#define DOMAIN_IS(more) { "GET /domain/v1/7001", NULL, 200, \
	"{\"id\":7001,\"name\":\"example.org\",\"state\":\"ACTIVE\",\"delegations\":[" more "]}" }
#define TO(org) "{\"orgId\":" #org ",\"certTypes\":[\"SSL\"],\"status\":\"ACTIVE\"}"
#define ACCOUNTS(org, more) \
	{ "GET /acme/v2/account?organizationId=" #org "&name=web&", NULL, 200, "[" more "]" }
#define WEB "{\"id\":301,\"name\":\"web\",\"macId\":\"k1\",\"macKey\":\"never shown\"," \
	"\"acmeServer\":\"OV ACME Server\",\"organizationId\":501}"
#define NAMES(more) { "GET /acme/v2/account/301/domain", NULL, 200, "[" more "]" }

/* clang-format off */
static const struct scene scenes[] = {
	/* ---- object-state ---- */
	{ "state-domain-added", VERB_OBJECT_STATE, NULL, "what=acme-domain\nname=example.org\norganization=IT",
	  { ORGS, { "GET /domain/v1?name=example.org&", NULL, 200, "[{\"id\":9,\"name\":\"a.example.org\"}]" },
	    { "POST /domain/v1", "\"orgId\":502", 201, "" } }, { "example.org added for IT" } },
	{ "state-domain-there", VERB_OBJECT_STATE, NULL, "what=acme-domain\nname=Example.ORG\norganization=501",
	  { ORGS, { "GET /domain/v1?name=example.org&", NULL, 200, "[{\"id\":7001,\"name\":\"example.org\"}]" },
	    DOMAIN_IS(TO(501)) }, { "as it should be; nothing was changed" } },
	{ "state-domain-delegated", VERB_OBJECT_STATE, NULL, "what=acme-domain\nname=example.org\norganization=502",
	  { ORGS, { "GET /domain/v1?", NULL, 200, "[{\"id\":7001,\"name\":\"example.org\"}]" },
	    DOMAIN_IS(TO(501)), { "POST /domain/v1/7001/delegation", "\"orgId\":502", 200, "" } },
	  { "example.org delegated to IT" } },
	{ "state-domain-checked", VERB_OBJECT_STATE, NULL,
	  "what=acme-domain\nname=example.org\norganization=502\ncheck=yes",
	  { ORGS, { "GET /domain/v1?", NULL, 200, "[{\"id\":7001,\"name\":\"example.org\"}]" },
	    DOMAIN_IS(TO(501)) }, { "would be changed: example.org delegated to IT" } },
	{ "state-domain-taken-back", VERB_OBJECT_STATE, NULL,
	  "what=acme-domain\nname=example.org\norganization=502\nstate=absent",
	  { ORGS, { "GET /domain/v1?", NULL, 200, "[{\"id\":7001,\"name\":\"example.org\"}]" },
	    DOMAIN_IS(TO(501) "," TO(502)), { "DELETE /domain/v1/7001/delegation", "\"orgId\":502", 200, "" } },
	  { "example.org taken back from IT" } },
	{ "state-domain-deleted", VERB_OBJECT_STATE, NULL, "what=acme-domain\nname=example.org\nstate=absent",
	  { ORGS, { "GET /domain/v1?", NULL, 200, "[{\"id\":7001,\"name\":\"example.org\"}]" },
	    DOMAIN_IS(TO(501)), { "DELETE /domain/v1/7001", NULL, 204, "" } }, { "example.org deleted" } },
	{ "state-domain-refused", VERB_OBJECT_STATE, NULL, "what=acme-domain\nname=example.org\norganization=501",
	  { ORGS, { "GET /domain/v1?", NULL, 200, "[]" },
	    { "POST /domain/v1", NULL, 400, NO(-738, "No.") } }, { "-738", "may not do this with domains" },
	  true, ERR_REFUSED },
	{ "state-domain-cut-off", VERB_OBJECT_STATE, NULL, "what=acme-domain\nname=example.org\norganization=501",
	  { ORGS, { "GET /domain/v1?", NULL, 0, NULL } }, { "looking for the domain", "it broke" }, true,
	  ERR_NETWORK },
	{ "state-domain-of-nobody", VERB_OBJECT_STATE, NULL, "what=acme-domain\nname=example.org",
	  { ORGS, { "GET /domain/v1?", NULL, 200, "[]" } }, { "say for which organization" }, true, ERR_USAGE },
	{ "state-domain-unknown-organization", VERB_OBJECT_STATE, NULL,
	  "what=acme-domain\nname=example.org\norganization=Nobody", { ORGS }, { "Nobody" }, true, ERR_NOT_FOUND },
	{ "state-domain-no-name", VERB_OBJECT_STATE, NULL, "what=acme-domain\nname=a/b", { ORGS },
	  { "not a host name" }, true, ERR_FORMAT },
	{ "state-user-made", VERB_OBJECT_STATE, NULL,
	  "what=acme-user\nname=web\norganization=501\nserver=OV ACME Server",
	  { ORGS, ACCOUNTS(501, ""), { "POST /acme/v2/account", "\"acmeServer\":\"OV ACME Server\"", 201, "" },
	    ACCOUNTS(501, WEB) }, { "ACME account web made" } },
	{ "state-user-not-listed-yet", VERB_OBJECT_STATE, NULL,
	  "what=acme-user\nname=web\norganization=501\nserver=OV ACME Server",
	  { ORGS, ACCOUNTS(501, ""), { "POST /acme/v2/account", NULL, 201, "" }, ACCOUNTS(501, "") },
	  { "ACME account web made, but then", "does not list the account yet" }, true, ERR_REPLY },
	{ "state-user-there", VERB_OBJECT_STATE, NULL, "what=acme-user\nname=web",
	  { ORGS, ACCOUNTS(501, WEB), ACCOUNTS(502, "") }, { "nothing was changed" } },
	{ "state-user-of-another-server", VERB_OBJECT_STATE, NULL,
	  "what=acme-user\nname=web\norganization=501\nserver=EV ACME Server", { ORGS, ACCOUNTS(501, WEB) },
	  { "of the server OV ACME Server, which cannot be changed" }, true, ERR_EXISTS },
	{ "state-user-gone", VERB_OBJECT_STATE, NULL, "what=acme-user\nname=web\norganization=501\nstate=absent",
	  { ORGS, ACCOUNTS(501, WEB), { "DELETE /acme/v2/account/301", NULL, 204, "" } },
	  { "ACME account web deleted" } },
	{ "state-user-refused", VERB_OBJECT_STATE, NULL, "what=acme-user\nname=web\norganization=501",
	  { ORGS, { "GET /acme/v2/account?", NULL, 400, NO(-3, "Not authorized.") } },
	  { "-3 Not authorized.", "ask whoever administers" }, true, ERR_REFUSED },
	{ "state-names-some-left", VERB_OBJECT_STATE, NULL,
	  "what=acme-user-domains\nname=web\norganization=501\nnames=a.example,b\xc3\xbc" "cher.example,c.example",
	  { ORGS, ACCOUNTS(501, WEB), NAMES("{\"name\":\"c.example\"}"),
	    { "POST /acme/v2/account/301/domain",
	      "{\"domains\":[{\"name\":\"a.example\"},{\"name\":\"xn--bcher-kva.example\"}]}", 200,
	      "{\"notAddedDomains\":[\"xn--bcher-kva.example\"]}" } }, { "names added: a.example" } },
	{ "state-names-only", VERB_OBJECT_STATE, NULL,
	  "what=acme-user-domains\nname=web\norganization=501\nnames=c.example\nonly=yes",
	  { ORGS, ACCOUNTS(501, WEB), NAMES("{\"name\":\"c.example\"},{\"name\":\"old.example\"}"),
	    { "DELETE /acme/v2/account/301/domain", "{\"domains\":[{\"name\":\"old.example\"}]}", 200, "{}" } },
	  { "names taken away: old.example" } },
	{ "state-names-refused", VERB_OBJECT_STATE, NULL,
	  "what=acme-user-domains\nname=web\norganization=501\nnames=a.example",
	  { ORGS, ACCOUNTS(501, WEB), NAMES(""),
	    { "POST /acme/v2/account/301/domain", NULL, 503, "<html>Maintenance</html>" } },
	  { "POST /acme/v2/account/301/domain", "status 503" }, true, ERR_BUSY },
	{ "state-names-of-none", VERB_OBJECT_STATE, NULL,
	  "what=acme-user-domains\nname=web\norganization=501\nnames=a.example", { ORGS, ACCOUNTS(501, "") },
	  { "there is no ACME account web" }, true, ERR_NOT_FOUND },

	/* ---- domains, accounts and anchors ---- */
	{ "domain-added", VERB_OBJECT_ADD, NULL, "what=domain\nname=b\xc3\xbc" "cher.example\norganization=Uni",
	  { ORGS, { "POST /domain/v1", "\"name\":\"xn--bcher-kva.example\"", 201, "" } }, { "is at Sectigo" } },
	{ "domain-is-there", VERB_OBJECT_ADD, NULL, "what=domain\nname=example.org\norganization=501",
	  { ORGS, { "POST /domain/v1", NULL, 400, NO(-700, "Exists.") } }, { "there already" }, true, ERR_EXISTS },
	{ "domain-changed-in-part", VERB_OBJECT_EDIT, "domain/7001", "status=suspended\ndelegate=502",
	  { ORGS, { "POST /domain/v1/7001/delegation", "\"orgId\":502", 200, "" },
	    { "PUT /domain/v1/7001/suspend", NULL, 400, NO(-728, "Changed.") } },
	  { "was delegated to IT, but then", "-728" }, true, ERR_BUSY },
	{ "domain-approved", VERB_OBJECT_EDIT, "domain/7001", "approve=502",
	  { ORGS, { "POST /domain/v1/7001/delegation/approve", "{\"orgId\":502}", 200, "" } }, { "approved" } },
	{ "domain-approved-already", VERB_OBJECT_EDIT, "domain/7001", "approve=502",
	  { ORGS, { "POST /domain/v1/7001/delegation/approve", NULL, 400, NO(-705, "Not requested.") } },
	  { "does not wait for an answer", "refresh" }, true, ERR_REFUSED },
	{ "domain-deleted", VERB_OBJECT_DROP, "domain/7001", "", { { "DELETE /domain/v1/7001", NULL, 204, "" } },
	  { "not at Sectigo any more" } },
	{ "domain-in-use", VERB_OBJECT_DROP, "domain/7001", "",
	  { { "DELETE /domain/v1/7001", NULL, 400, NO(-740, "Has certificates.") } }, { "-740" }, true, ERR_EXISTS },
	{ "account-made", VERB_OBJECT_ADD, NULL,
	  "what=acme-account\nname=web\norganization=501\nserver=OV ACME Server",
	  { ORGS, { "POST /acme/v2/account", "\"organizationId\":501", 201, "" } }, { "it has no names yet" } },
	{ "account-of-no-server", VERB_OBJECT_ADD, NULL, "what=acme-account\nname=web\norganization=501", { { 0 } },
	  { "say which ACME server" }, true, ERR_USAGE },
	{ "account-changed", VERB_OBJECT_EDIT, "acme-account/301", "rename=shop\nadd-names=a.example",
	  { { "PUT /acme/v2/account/301", "{\"name\":\"shop\"}", 200, "" },
	    { "POST /acme/v2/account/301/domain", "a.example", 200, "{\"notAddedDomains\":[\"a.example\"]}" } },
	  { "renamed" } },
	{ "account-changed-in-part", VERB_OBJECT_EDIT, "acme-account/301", "rename=shop\nadd-names=a.example",
	  { { "PUT /acme/v2/account/301", NULL, 200, "" },
	    { "POST /acme/v2/account/301/domain", NULL, 400, NO(-3, "No.") } },
	  { "renamed, but then: ", "-3" }, true, ERR_REFUSED },
	{ "account-deleted", VERB_OBJECT_DROP, "acme-account/301", "",
	  { { "DELETE /acme/v2/account/301", NULL, 204, "" } }, { "no ACME account" } },
	{ "account-gone-already", VERB_OBJECT_DROP, "acme-account/301", "",
	  { { "DELETE /acme/v2/account/301", NULL, 404, "" } }, { "status 404" }, true, ERR_NOT_FOUND },
	{ "anchor-synchronised", VERB_OBJECT_EDIT, "anchor/501-31", "ask=sync",
	  { { "POST /organization/v2/501/validations/31/sync", NULL, 200,
	      "{\"status\":\"VALIDATED\",\"backgroundStatus\":\"Pending\"}" } },
	  { "the CA says VALIDATED", "its renewal PENDING" } },
	{ "anchor-refused", VERB_OBJECT_EDIT, "anchor/501-31", "ask=revalidate",
	  { { "PUT /organization/v2/501/validations/31/revalidate", NULL, 400, NO(-843, "State.") } },
	  { "-843", "validation forbids it" }, true, ERR_REFUSED },

	/* ---- validations ---- */
	{ "validated-by-cname", VERB_VALIDATE, "domain/7002", "method=cname",
	  { STATUS(IDLE), { "POST /dcv/v1/validation/start/domain/cname", "xn--", 200, "{\"host\":\"x\"}" },
	    STATUS(WAITING) }, { "b\xc3\xbc" "cher.example: " } },
	{ "validated-by-mail-to-none", VERB_VALIDATE, "domain/7002", "method=email\nemail=root",
	  { STATUS(IDLE), { "POST /dcv/v1/validation/start/domain/email", NULL, 200,
	    "{\"emails\":[\"admin@b.example\",\"hostmaster@b.example\"]}" } },
	  { "say which mailbox", "admin@b.example, hostmaster@b.example" }, true, ERR_USAGE },
	{ "validated-by-txt", VERB_VALIDATE, "domain/7002", "method=txt",
	  { STATUS(IDLE), { "POST /dcv/v1/validation/submit/domain/txt", NULL, 200, "{\"host\":\"x\"}" },
	    STATUS("\"status\":\"EXPIRED\",\"orderStatus\":\"SUBMITTED\",\"orderMode\":\"TXT\",\"host\":"
	    "\"_pki-validation.xn--bcher-kva.example.\",\"point\":\"a \\\"b\\\\c;d\"") }, { "cher.example: " } },
	{ "validation-denied", VERB_VALIDATE, "domain/7002", "method=cname",
	  { { "POST /dcv/v2/validation/status", NULL, 400, NO(-3, "Not authorized.") } }, { "-3" }, true,
	  ERR_REFUSED },
	{ "validation-of-a-part", VERB_VALIDATE, "domain/7002", "method=http",
	  { STATUS(IDLE), { "POST /dcv/v1/validation/start/domain/http", NULL, 400, NO(-723, "Level.") } },
	  { "not a domain that can be registered" }, true, ERR_REFUSED },

	/* ---- certificates ---- */
	{ "revoked", VERB_REVOKE, "cert", "reason=superseded\ncomment=a new one",
	  { { "POST /ssl/v1/revoke/40010", "{\"reasonCode\":4,\"reason\":\"a new one\"}", 204, "" } },
	  { "40010 is revoked" } },
	{ "revoked-before", VERB_REVOKE, "cert", "reason=superseded",
	  { { "POST /ssl/v1/revoke/40010", NULL, 400, NO(-159, "Already.") } }, { "revoked already" }, true,
	  ERR_REFUSED },
	{ "revocation-cut-off", VERB_REVOKE, "cert", "reason=superseded",
	  { { "POST /ssl/v1/revoke/40010", NULL, 0, NULL } }, { "whether it is revoked is not known" }, true,
	  ERR_NETWORK },
	{ "exported-too-early", VERB_EXPORT, "cert", "file=/nowhere/a.pem\nformat=chain",
	  { { "GET /ssl/v1/collect/40010", NULL, 400, NO(-183, "Not collectable.") } }, { "not ready yet" }, true,
	  ERR_PENDING },
	{ "exported-garbage", VERB_EXPORT, "cert", "file=/nowhere/a.pem\nformat=chain",
	  { { "GET /ssl/v1/collect/40010", NULL, 200, "<html>Back soon</html>" } }, { "" }, true, ERR_REPLY },
	{ "removed", VERB_REMOVE, "cert", "", { { "DELETE /ssl/v1/40010", NULL, 204, "" } }, { "is deleted" } },
	{ "removed-not", VERB_REMOVE, "cert", "", { { "DELETE /ssl/v1/40010", NULL, 400, NO(-130, "No.") } },
	  { "-130" }, true, ERR_REFUSED },
	{ "renewed", VERB_RENEW, "cert", "",
	  { CERT("Issued", ""), { "POST /ssl/v1/renewById/40010", "{}", 200, "{\"sslId\":40011}" },
	    { "GET /ssl/v1/40011", NULL, 200, DETAILS("Applied", "") } }, { "www.example.org: " } },
	{ "renewed-before", VERB_RENEW, "cert", "", { CERT("Issued", ",\"renewed\":true") },
	  { "has renewed it already" }, true, ERR_EXISTS },
	{ "renewal-forbidden", VERB_RENEW, "cert", "",
	  { CERT("Issued", ""), { "POST /ssl/v1/renewById/40010", NULL, 400, NO(-180, "No.") } },
	  { "the profile forbids renewal" }, true, ERR_REFUSED },
	{ "renewal-cut-off", VERB_RENEW, "cert", "",
	  { CERT("Issued", ""), { "POST /ssl/v1/renewById/40010", NULL, 0, NULL } },
	  { "is not known; sync finds out", "nothing is ordered again" }, true, ERR_NETWORK },
	{ "reissued", VERB_REISSUE, "cert", "csr=$CSR\nreason=new key",
	  { CERT("Issued", ""), { "POST /ssl/v1/replace/40010", "\"reason\":\"new key\"", 204, "" },
	    CERT("Applied", "") }, { "www.example.org: " } },
	{ "reissue-refused", VERB_REISSUE, "cert", "csr=$CSR\nreason=new key",
	  { CERT("Issued", ""), { "POST /ssl/v1/replace/40010", NULL, 400, NO(-1148, "Auto.") } },
	  { "installed automatically" }, true, ERR_REFUSED },

	/* ---- orders ---- */
	{ "ordered", VERB_ORDER, NULL, "csr=$CSR\nnames=www.example.org\norganization=501\nprofile=DV\nterm=90",
	  { ORGS, TYPES, { "POST /ssl/v1/enroll", "\"certType\":9001,\"term\":90", 200, "{\"sslId\":40010}" },
	    CERT("Requested", "") }, { "www.example.org: Requested" } },
	{ "order-issued-at-once", VERB_ORDER, NULL,
	  "csr=$CSR\nnames=www.example.org\norganization=501\nprofile=9001",
	  { ORGS, TYPES, { "POST /ssl/v1/enroll", "\"term\":200", 200, "{\"sslId\":40010}" }, CERT("Issued", ""),
	    CHAIN }, { "was issued and is kept" } },
	{ "order-refused", VERB_ORDER, NULL, "csr=$CSR\nnames=www.example.org\norganization=501\nprofile=DV",
	  { ORGS, TYPES, { "POST /ssl/v1/enroll", NULL, 400, NO(-1137, "www.example.org") } },
	  { "not validated", "www.example.org" }, true, ERR_REFUSED },
	{ "order-cut-off", VERB_ORDER, NULL, "csr=$CSR\nnames=www.example.org\norganization=501\nprofile=DV",
	  { ORGS, TYPES, { "POST /ssl/v1/enroll", NULL, 0, NULL } }, { "whether www.example.org is ordered" }, true,
	  ERR_NETWORK },
	{ "order-of-a-key-not-taken", VERB_ORDER, NULL,
	  "csr=$CSR\nnames=www.example.org\norganization=501\nprofile=Campus EV",
	  { ORGS, TYPES }, { "Campus EV takes keys of RSA 2048, and this one is EC P-256" }, true, ERR_USAGE },
	{ "order-of-a-term-not-offered", VERB_ORDER, NULL,
	  "csr=$CSR\nnames=www.example.org\norganization=501\nprofile=DV\nterm=398",
	  { ORGS, TYPES }, { "the profile DV offers 90, 200 days, and not 398" }, true, ERR_USAGE },
	{ "approved", VERB_APPROVE, "order", "",
	  { CERT("Requested", ""), { "POST /ssl/v1/approve/40010", "Approved", 204, "" }, CERT("Applied", "") },
	  { "www.example.org: Applied" } },
	{ "approved-by-its-requester", VERB_APPROVE, "order", "",
	  { CERT("Requested", ""), { "POST /ssl/v1/approve/40010", NULL, 400, NO(-1140, "EV.") } },
	  { "whoever requested it may not approve it" }, true, ERR_REFUSED },
	{ "approval-of-something-else", VERB_APPROVE, "order", "",
	  { { "GET /ssl/v1/40010", NULL, 200, DETAILS_OF("Requested", "\"mail.example.org\"", "") } },
	  { "changed since it was looked at" }, true, ERR_REFUSED },
	{ "approval-for-somebody-else", VERB_APPROVE, "order", "",
	  { { "GET /ssl/v1/40010", NULL, 200, DETAILS_AT("502", "Requested", "\"www.example.org\"", "") } },
	  { "changed since it was looked at" }, true, ERR_REFUSED },
	{ "approval-cut-off", VERB_APPROVE, "order", "",
	  { CERT("Requested", ""), { "POST /ssl/v1/approve/40010", NULL, 0, NULL } },
	  { "whether www.example.org is approved is not known; sync tells" }, true, ERR_NETWORK },
	{ "declined", VERB_DENY, "order", "reason=not ours",
	  { CERT("Requested", ""), { "POST /ssl/v1/decline/40010", "{\"message\":\"not ours\"}", 204, "" } },
	  { "is declined" } },
	{ "decline-refused", VERB_DENY, "order", "reason=not ours",
	  { CERT("Requested", ""), { "POST /ssl/v1/decline/40010", NULL, 400, NO(-3114, "Changed.") } },
	  { "another administrator has changed it" }, true, ERR_BUSY },
	{ "order-issued-and-not-ready", VERB_ORDER, NULL,
	  "csr=$CSR\nnames=www.example.org\norganization=501\nprofile=9001",
	  { ORGS, TYPES, { "POST /ssl/v1/enroll", NULL, 200, "{\"sslId\":40010}" }, CERT("Issued", ""),
	    { "GET /ssl/v1/collect/40010", NULL, 400, NO(-1400, "Processing.") } },
	  { "cannot be collected yet: sync tries again" } },
	{ "synchronised", VERB_SYNC, "order", "", { CERT("Issued", "") }, { "www.example.org: Issued" } },
	{ "synchronised-gone", VERB_SYNC, "order", "",
	  { { "GET /ssl/v1/40010", NULL, 400, NO(-124, "Wrong id.") } }, { "no such certificate" }, true,
	  ERR_NOT_FOUND },
	{ "order-changed", VERB_REQUEST_EDIT, "order", "comments=for the shop\nterm=90",
	  { CERT("Requested", ""), { "PUT /ssl/v1", "{\"sslId\":40010,\"term\":90,\"comments\":\"for the shop\"}",
	    200, DETAILS("Requested", ",\"comments\":\"for the shop\"") } }, { "is changed: it is Requested" } },
	{ "order-changed-too-late", VERB_REQUEST_EDIT, "order", "comments=x", { CERT("Applied", "") },
	  { "cannot be changed any more" }, true, ERR_REFUSED },

	/* ---- stores ---- */
	{ "stores", VERB_ACCOUNT_STORES, NULL, "", { ORGS }, { "1 organization and 1 department in one store" } },
	{ "stores-of-nobody", VERB_ACCOUNT_STORES, NULL, "",
	  { { "GET /organization/v1", NULL, 400, NO(-37, "Denied.") } }, { "no organization is visible", "-37" },
	  true, ERR_REFUSED },
};
/* clang-format on */

struct stage {
	struct play play;
	const struct scene *scene;
	guint asked;			/* a bit for each line */
	char *folder, *csr, *chain;
	GBytes *leaf;
	struct object *object;
};

/* ---- what there is ---- */

static void make_all(struct stage *s)
{
	static const char *const names[] = { "www.example.org", NULL };
	X509 *ca = make_cert(&(struct make){ .subject = "IssuingCA", .constraints = "CA:TRUE" });
	g_autoptr(GBytes) ca_der = make_der(ca);
	g_autofree char *issuer = make_pem(ca_der), *pem = NULL;
	BIO *out = BIO_new(BIO_s_mem());
	g_autoptr(x509_key) key = NULL;
	g_autoptr(GBytes) csr = NULL;
	char *text;
	long n;

	s->leaf = make_cert_der(&(struct make){
		.subject = "www.example.org", .sans = "DNS:www.example.org", .issuer = ca });
	X509_free(ca);
	pem = make_pem(s->leaf);
	s->chain = g_strconcat(pem, issuer, NULL);
	PEM_write_bio_PrivateKey(out, make_key(), NULL, NULL, 0, NULL, NULL);
	n = BIO_get_mem_data(out, &text);
	key = x509_key_read((const uint8_t *)text, (size_t)n, NULL, NULL);
	BIO_free(out);
	csr = x509_csr_make(key, "CN=www.example.org", names, NULL);
	g_free(pem);
	pem = x509_csr_pem(csr);
	s->folder = play_folder();
	s->csr = g_build_filename(s->folder, "a.csr", NULL);
	g_assert_true(g_file_set_contents(s->csr, pem, -1, NULL));
}

/* As it was looked at, when it was requested. */
static struct request *make_order(struct stage *s)
{
	static const char as_seen[] = DETAILS("Requested", "");
	g_autoptr(json) j = json_parse(as_seen, strlen(as_seen), 1 << 16, NULL);
	struct sectigo none = { 0 };
	void *scratch = s->play.op.scratch;
	struct sectigo_cert *c;
	struct request *r;

	s->play.op.scratch = &none;
	c = sectigo_cert_read(&s->play.op, j);
	g_assert_nonnull(c);
	store_set(&c->organization, "501");
	r = sectigo_order_row(&s->play.op, c, NULL);
	s->play.op.scratch = scratch;
	sectigo_cert_free(c);
	g_assert_nonnull(r);
	return r;
}

static void make_object(struct stage *s, const char *about)
{
	g_auto(GStrv) parts = g_strsplit(about, "/", 2);
	g_autofree char *id = object_id(STORE, parts[0], parts[1]);

	s->object = object_new(id);
	store_set(&s->object->type, parts[0]);
	store_set(&s->object->store, STORE);
	store_set(&s->object->name, !strcmp(parts[1], "7002") ? "b\xc3\xbc" "cher.example" : "example.org");
	s->play.op.object = s->object;
}

static void set_args(struct stage *s)
{
	g_auto(GStrv) lines = g_strsplit(s->scene->args ? s->scene->args : "", "\n", -1);

	for (char **line = lines; *line && **line; line++) {
		g_auto(GStrv) parts = g_strsplit(*line, "=", 2);

		play_arg(&s->play, parts[0], strcmp(parts[1], "$CSR") ? parts[1] : s->csr);
	}
}

/* ---- the play ---- */

static struct reply *reply_with(const struct stage *s, const struct line *line)
{
	const char *answer = strcmp(line->answer, "$CHAIN") ? line->answer : s->chain;
	struct reply *r = g_new0(struct reply, 1);

	r->status = line->status;
	r->headers = g_array_new(FALSE, FALSE, sizeof(struct header));
	r->body = g_bytes_new(answer, strlen(answer));
	return r;
}

static struct reply *answer(struct play *p, const struct request_out *request)
{
	struct stage *s = p->who;
	g_autofree char *body = request->body ? g_strndup(g_bytes_get_data(request->body, NULL),
							  g_bytes_get_size(request->body)) : g_strdup("");
	g_autofree char *asked = NULL;

	g_assert_true(g_str_has_prefix(request->url, AT));
	asked = g_strdup_printf("%s %s", request->method, request->url + strlen(AT));
	for (guint i = 0; i < LINES && s->scene->lines[i].call; i++) {
		const struct line *line = &s->scene->lines[i];

		if (s->asked & (1u << i) || !g_str_has_prefix(asked, line->call))
			continue;
		if (line->part && !strstr(body, line->part))
			g_error("%s: %s has %s, without %s", s->scene->name, asked, body, line->part);
		s->asked |= 1u << i;
		return line->status ? reply_with(s, line) :
				      reply_of_error(g_error_new_literal(ERR, ERR_NETWORK, "it broke"));
	}
	g_error("%s: asked %s %s", s->scene->name, asked, body);
	return NULL;
}

static void begin(struct stage *s, const struct scene *scene)
{
	struct store *store = store_new(STORE);
	struct args *with = args_new();

	memset(s, 0, sizeof(*s));
	s->scene = scene;
	clock_set(MAKE_NOW);
	make_all(s);
	store_set(&store->account, "scm");
	store_set(&store->provider, "sectigo");
	store_set(&store->type, SECTIGO_STORE);
	store_set(&store->title, "scm Sectigo");
	play_begin(&s->play, "sectigo", scene->verb, store);
	args_set(with, "instance", "other");
	args_set(with, "url", AT);
	play_open(&s->play, "scm", with);
	s->play.answer = answer;
	s->play.who = s;
	set_args(s);
	if (scene->about && !strcmp(scene->about, "cert")) {
		play_cert(&s->play, s->leaf, "40010");
	} else if (scene->about && !strcmp(scene->about, "order")) {
		g_autoptr(request) order = make_order(s);

		play_request(&s->play, order);
	} else if (scene->about) {
		make_object(s, scene->about);
	}
}

static void end(struct stage *s)
{
	play_done(&s->play);
	object_unref(s->object);
	g_bytes_unref(s->leaf);
	g_free(s->chain);
	g_free(s->csr);
	play_folder_gone(s->folder);
}

static void test_scene(const void *which)
{
	const struct scene *scene = which;
	const char *said;
	struct stage s;
	bool is_done;
	guint n = 0;

	begin(&s, scene);
	is_done = play_run(&s.play);
	said = is_done ? s.play.op.said : s.play.op.error->message;
	if (is_done == scene->is_bad)
		g_error("%s: %s", scene->name, said);
	if (scene->is_bad && s.play.op.error->code != (int)scene->code)
		g_error("%s: code %d: %s", scene->name, s.play.op.error->code, said);
	for (guint i = 0; i < G_N_ELEMENTS(scene->said) && scene->said[i]; i++)
		if (!strstr(said, scene->said[i]))
			g_error("%s: without \"%s\": %s", scene->name, scene->said[i], said);
	while (n < LINES && scene->lines[n].call)
		n++;
	if (s.asked != (1u << n) - 1)
		g_error("%s: not all was asked (%x)", scene->name, s.asked);
	g_assert_null(strstr(said, "never shown"));
	end(&s);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(scenes); i++) {
		g_autofree char *path = g_strconcat("/sectigo-calls/", scenes[i].name, NULL);

		g_test_add_data_func(path, &scenes[i], test_scene);
	}
	return g_test_run();
}

/* test-azure-vaults: vaults are found, what is in one becomes rows, and what goes wrong on the way. */
#include "azure-stage.h"

#include <string.h>

#include <certty/model/mark.h>
#include <provider/azure/kv.h>

#define OTHER_TENANT "eeeeeeee-0000-4000-8000-000000000005"
#define LIST  "GET " AZ_VAULT "/certificates?api-version=7.4&"
#define ATTR(updated) "\"attributes\":{\"enabled\":true,\"nbf\":1785585000,\"exp\":1817121600,"           \
		      "\"created\":1785585600,\"updated\":" updated ",\"recoveryLevel\":"                 \
		      "\"Recoverable\",\"recoverableDays\":90}"
#define ITEM_AT(name, x5t, updated) "{\"id\":\"" AZ_VAULT "/certificates/" name "\",\"x5t\":\"" x5t        \
				    "\"," ATTR(updated) ",\"tags\":{\"owner\":\"web\"},\"subject\":\"\"}"
#define ITEM(name, x5t) ITEM_AT(name, x5t, "1785585600")
#define PENDING(name) "{\"id\":\"" AZ_VAULT "/certificates/" name "\",\"attributes\":{\"enabled\":false," \
		      "\"created\":1785585600,\"updated\":1785585600}}"
#define PAGE(items) "{\"value\":[" items "],\"nextLink\":null}"
#define MORE(items, link) "{\"value\":[" items "],\"nextLink\":\"" link "\"}"
#define POLICY ",\"policy\":{\"key_props\":{\"exportable\":true,\"kty\":\"RSA\",\"key_size\":2048,"        \
	       "\"reuse_key\":false},\"secret_props\":{\"contentType\":\"application/x-pkcs12\"},"        \
	       "\"x509_props\":{\"subject\":\"CN=www.example.org\",\"validity_months\":12},"              \
	       "\"lifetime_actions\":[{\"trigger\":{\"lifetime_percentage\":80},\"action\":"              \
	       "{\"action_type\":\"EmailContacts\"}}],\"issuer\":{\"name\":\"Unknown\"}}"
#define BUNDLE(name, cer, x5t, more) "{\"id\":\"" AZ_VAULT "/certificates/" name "/0123\",\"kid\":\"k\","   \
				     "\"x5t\":\"" x5t "\",\"cer\":\"" cer "\"," ATTR("1785585600") more "}"
/* Of what is asked for at once, the last is answered first. */
#define LOOKS { "GET " AZ_VAULT "/certificates/issuers?", NULL, 403,                                     \
		"{\"error\":{\"code\":\"Forbidden\",\"innererror\":{\"code\":\"ForbiddenByPolicy\"}}}" },  \
	      { "GET " AZ_VAULT "/certificates/contacts?", NULL, 200,                                    \
		"{\"contacts\":[{\"email\":\"ops@example.test\",\"name\":\"Ops\"}]}" },                   \
	      { "GET " AZ_ARM AZ_ID "?api-version=2026-02-01", "scope=arm", 404, "" }
#define OPERATION(status, more) "{\"id\":\"" AZ_VAULT "/certificates/web/pending\",\"issuer\":"           \
				"{\"name\":\"Unknown\"},\"csr\":\"$CSR\",\"cancellation_requested\":false,"\
				"\"status\":\"" status "\",\"request_id\":\"fedc\"" more "}"

static const char *alias(const struct table *t, uint32_t row)
{
	return t->aliases + t->alias[row];
}

/* ---- lists ---- */

/* Links have a port that is none, and lose what was asked; bytes and policy are read once. */
static void test_pages(void)
{
	static const struct az_line first[] = {
		{ LIST "includePending=true&maxresults=25", "scope=vault", 200,
		  MORE(ITEM("web", "$X5T"), AZ_VAULT ":443/certificates?api-version=7.3&$skiptoken=a%2Fb") },
		{ "GET " AZ_VAULT "/certificates/web?api-version=7.4", NULL, 200,
		  BUNDLE("web", "$LEAF", "$X5T", POLICY) },
		{ "GET " AZ_VAULT "/certificates?api-version=7.3&$skiptoken=a/b&includePending=true", NULL, 200,
		  MORE("", AZ_VAULT "/certificates?$skiptoken=c") },
		{ "GET " AZ_VAULT "/certificates?$skiptoken=c&api-version=7.4&includePending=true", NULL, 200,
		  PAGE(ITEM("b", "$OTHERX5T")) },
		{ "GET " AZ_VAULT "/certificates/b?", NULL, 200, BUNDLE("b", "$OTHER", "$OTHERX5T", POLICY) },
		LOOKS,
		END
	};
	static const struct az_line second[] = {
		{ LIST, NULL, 200, PAGE(ITEM("web", "$X5T") "," ITEM("b", "$OTHERX5T")) },
		END
	};
	static const struct az_line third[] = {
		{ LIST, NULL, 200, PAGE(ITEM_AT("web", "$X5T", "1785585601") "," ITEM("b", "$OTHERX5T")) },
		{ "GET " AZ_VAULT "/certificates/web?", NULL, 200, BUNDLE("web", "$LEAF", "$X5T", POLICY) },
		END
	};
	struct az_stage s;
	struct table *t;

	az_stage_set(&s, VERB_REFRESH, first);
	az_stage_well(&s, "2 certificates in kv-demo-1");
	g_assert_cmpuint(s.play.op.troubles->len, ==, 0);
	g_assert_cmpuint(s.play.op.fresh->len, ==, 2);
	g_assert_cmpuint(s.play.op.keys, ==, 2);
	az_stage_again(&s, second);
	az_stage_well(&s, "2 certificates in kv-demo-1");
	g_assert_cmpuint(s.play.op.fresh->len, ==, 0);
	az_stage_again(&s, third);
	az_stage_well(&s, "2 certificates");
	t = play_table(&s.play);
	g_assert_cmpuint(t->n, ==, 2);
	g_assert_cmpstr(alias(t, 0), ==, "web");
	g_assert_true(t->print[0] && t->print[1]);
	g_assert_cmpuint(t->marks[0] & (MARK_KEY | MARK_EXPORTABLE | MARK_DISABLED), ==,
			 MARK_KEY | MARK_EXPORTABLE);
	table_unref(t);
	az_stage_strike(&s);
}

static void test_disabled(void)
{
	static const struct az_line script[] = {
		{ LIST, NULL, 200,
		  PAGE("{\"id\":\"" AZ_VAULT "/certificates/web\",\"x5t\":\"$X5T\","
		       "\"attributes\":{\"enabled\":false}}"
		       ",{\"id\":\"nonsense\"}") },
		{ "GET " AZ_VAULT "/certificates/web?", NULL, 200,
		  "{\"id\":\"" AZ_VAULT "/certificates/web/0\",\"cer\":\"$OTHER\","
		  "\"attributes\":{\"enabled\":false}}" },
		LOOKS,
		END
	};
	struct az_stage s;
	struct table *t;

	az_stage_set(&s, VERB_REFRESH, script);
	az_stage_well(&s, "1 certificate in kv-demo-1, 1 of them disabled");
	g_assert_true(play_has_trouble(&s.play, "another certificate"));
	t = play_table(&s.play);
	g_assert_true(t->marks[0] & MARK_DISABLED);
	g_assert_false(t->marks[0] & MARK_KEY);
	g_assert_true(t->print[0] == 0);
	table_unref(t);
	az_stage_strike(&s);
}

/* Who may list and not read sees what the list tells, and hears it once. */
static void test_no_bundles(void)
{
	static const struct az_line script[] = {
		{ LIST, NULL, 200, PAGE(ITEM("web", "$X5T") "," ITEM("b", "$OTHERX5T")) },
		{ "GET " AZ_VAULT "/certificates/b?", NULL, 404, "" },
		{ "GET " AZ_VAULT "/certificates/web?", NULL, 403,
		  "{\"error\":{\"code\":\"Forbidden\",\"message\":\"The user does not have certificates get "
		  "permission on key vault 'kv-demo-1;location=eastus'.\","
		  "\"innererror\":{\"code\":\"AccessDenied\"}}}" },
		LOOKS,
		END
	};
	struct az_stage s;

	az_stage_set(&s, VERB_REFRESH, script);
	az_stage_well(&s, "2 certificates");
	g_assert_true(play_has_trouble(&s.play, "the certificate permission get"));
	az_stage_strike(&s);
}

/* A list that breaks off says of nothing that it is gone. */
static void test_broken_list(void)
{
	static const struct az_line first[] = {
		{ LIST, NULL, 200, PAGE(ITEM("web", "$X5T") "," ITEM("b", "$OTHERX5T")) },
		{ "GET " AZ_VAULT "/certificates/b?", NULL, 200, BUNDLE("b", "$OTHER", "$OTHERX5T", "") },
		{ "GET " AZ_VAULT "/certificates/web?", NULL, 200, BUNDLE("web", "$LEAF", "$X5T", "") },
		LOOKS,
		END
	};
	static const struct az_line elsewhere[] = {
		{ LIST, NULL, 200, MORE(ITEM("web", "$X5T"), "https://evil.example/certificates?x=1") },
		END
	};
	static const struct az_line lost[] = {
		{ LIST, NULL, 200, MORE(ITEM("web", "$X5T"), AZ_VAULT "/certificates?$skiptoken=1") },
		{ "GET " AZ_VAULT "/certificates?$skiptoken=1&", NULL, 400,
		  "{\"error\":{\"code\":\"BadParameter\",\"message\":\"token\"}}" },
		{ LIST "includePending=true&maxresults=25", NULL, 200,
		  PAGE(ITEM("web", "$X5T") "," ITEM("b", "$OTHERX5T")) },
		END
	};
	static const struct az_line round[] = {
		{ LIST, NULL, 200, MORE(ITEM("web", "$X5T"), AZ_VAULT "/certificates?$skiptoken=1") },
		{ "GET " AZ_VAULT "/certificates?$skiptoken=1&", NULL, 200,
		  MORE("", AZ_VAULT "/certificates?$skiptoken=1") },
		END
	};
	const struct az_line *const broken[] = { elsewhere, round };
	struct az_stage s;

	az_stage_set(&s, VERB_REFRESH, first);
	az_stage_well(&s, "2 certificates");
	for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
		az_stage_again(&s, broken[i]);
		az_stage_well(&s, "1 certificate in");
		g_assert_true(play_has_trouble(&s.play, "there may be more"));
		g_assert_cmpuint(s.play.op.n_rows, ==, 2);
	}
	az_stage_again(&s, lost);
	az_stage_well(&s, "2 certificates in");
	g_assert_cmpuint(s.play.op.troubles->len, ==, 0);
	az_stage_strike(&s);
}

static void test_versions(void)
{
	static const struct az_line script[] = {
		{ LIST, NULL, 200, PAGE(ITEM("web", "$X5T")) },
		{ "GET " AZ_VAULT "/certificates/web/versions?api-version=7.4&maxresults=25", NULL, 200,
		  MORE("{\"id\":\"" AZ_VAULT "/certificates/web/01\",\"attributes\":{\"enabled\":false,"
		       "\"created\":1785000000,\"exp\":1800000000}}",
		       AZ_VAULT ":443/certificates/web/versions?$skiptoken=v") },
		{ "GET " AZ_VAULT "/certificates/web?", NULL, 200, BUNDLE("web", "$LEAF", "$X5T", POLICY) },
		{ "GET " AZ_VAULT "/certificates/web/versions?$skiptoken=v&api-version=7.4", NULL, 200,
		  PAGE("{\"id\":\"" AZ_VAULT "/certificates/web/02\"," ATTR("1785585600") "}") },
		{ "GET " AZ_VAULT "/deletedcertificates?api-version=7.4&maxresults=25&includePending=true",
			NULL,
		  200, PAGE("{\"id\":\"" AZ_VAULT "/certificates/old\",\"recoveryId\":\"" AZ_VAULT
			    "/deletedcertificates/old\",\"deletedDate\":1785585600,"
			    "\"scheduledPurgeDate\":1793361600,"
			    ATTR("1785585600") "}") },
		LOOKS,
		END
	};
	struct az_stage s;
	g_autoptr(detail) d = detail_new("certs/1", "web");
	g_autoptr(GString) all = g_string_new(NULL);

	az_stage_set(&s, VERB_REFRESH, script);
	az_stage_answer(&s, "versions", "yes");
	az_stage_answer(&s, "deleted", "yes");
	az_stage_well(&s, "1 certificate");
	g_assert_cmpuint(s.play.op.put_objects->len, ==, 2);	/* and a contact */
	g_assert_cmpstr(((struct object *)s.play.op.put_objects->pdata[0])->name, ==, "old");
	kv_describe(d, s.play.store, "web", s.play.op.new_memo, MAKE_NOW);
	kv_describe_store(d, s.play.store, s.play.op.new_memo, MAKE_NOW);
	for (size_t i = 0; i < d->n; i++)
		g_string_append_printf(all, "%s: %s\n", d->line[i].label, d->line[i].text);
	g_assert_nonnull(strstr(all->str, "Versions: 2026-08-01T12:00:00Z 02 enabled, until 2027-08-01\n"
					  ": 2026-07-25T17:20:00Z 01 disabled, until 2027-01-15\n"));
	g_assert_nonnull(strstr(all->str, "Private key: RSA 2048, can be taken out; made anew with each "
		"version\n"));
	g_assert_nonnull(strstr(all->str, "Lifetime actions: at 80% of its life: the vault's contacts get a "
		"mail\n"));
	g_assert_nonnull(strstr(all->str, "When deleted: it can come back, and nobody can purge it before "
		"its time"));
	g_assert_nonnull(strstr(all->str, "Tags: owner=web\n"));
	g_assert_nonnull(strstr(all->str, "Contacts: ops@example.test (Ops)\n"));
	g_assert_nonnull(strstr(all->str, "the certificate permission listissuers"));
	g_assert_nonnull(strstr(all->str, "Resource group: rg-demo\n"));
	az_stage_strike(&s);
}

/* ---- what waits ---- */

static void know_request(struct az_stage *s, const struct request *r)
{
	void *all[] = { request_dup(r) };

	items_unref(s->play.requests);
	s->play.requests = items_new(&request_type, all, 1);
	s->play.op.requests = s->play.requests;
	request_unref(all[0]);
}

static void test_pending(void)
{
	static const struct az_line waits[] = {
		{ LIST, NULL, 200, PAGE(PENDING("web")) },
		{ "GET " AZ_VAULT "/certificates/web/pending?api-version=7.4", NULL, 200,
		  OPERATION("inProgress", ",\"status_details\":\"Please Perform Merge\"") },
		LOOKS,
		END
	};
	static const struct az_line done[] = {
		{ LIST, NULL, 200, PAGE(ITEM("web", "$X5T")) },
		{ "GET " AZ_VAULT "/certificates/web?", NULL, 200,
		  BUNDLE("web", "$LEAF", "$X5T", POLICY ",\"pending\":{\"id\":\"x\"}") },
		{ "GET " AZ_VAULT "/certificates/web/pending?", NULL, 200, OPERATION("completed", "") },
		END
	};
	static const struct az_line same[] = { { LIST, NULL, 200, PAGE(ITEM("web", "$X5T")) }, END };
	struct az_stage s;
	const struct request *r;

	az_stage_set(&s, VERB_REFRESH, waits);
	az_stage_well(&s, "0 certificates in kv-demo-1; 1 operation waits");
	r = az_stage_put(&s, AZ_STORE "/pending:web");
	g_assert_cmpint(r->state, ==, REQUEST_WAITS_PERSON);
	g_assert_cmpstr(r->title, ==, "www.example.org");
	g_assert_cmpstr(r->theirs, ==, "inProgress");
	g_assert_cmpstr(r->can, ==, "supply sync withdraw request-drop");
	know_request(&s, r);
	az_stage_again(&s, done);
	az_stage_well(&s, "1 certificate in");
	r = az_stage_put(&s, AZ_STORE "/pending:web");
	g_assert_cmpint(r->state, ==, REQUEST_ISSUED);
	g_assert_cmpuint(strlen(r->result), ==, 64);
	know_request(&s, r);
	az_stage_again(&s, same);
	az_stage_well(&s, "1 certificate in");
	az_stage_strike(&s);
}

/* One that failed, one that was dropped, one whose certificate is gone, one that was over long ago. */
static void test_failed(void)
{
	static const struct az_line script[] = {
		{ LIST, NULL, 200, PAGE(PENDING("bad") "," PENDING("left") "," ITEM("web", "$X5T")) },
		{ "GET " AZ_VAULT "/certificates/web?", NULL, 200,
		  BUNDLE("web", "$LEAF", "$X5T", ",\"pending\":{\"id\":\"x\"}") },
		{ "GET " AZ_VAULT "/certificates/web/pending?", NULL, 200, OPERATION("completed", "") },
		{ "GET " AZ_VAULT "/certificates/left/pending?", NULL, 404,
		  "{\"error\":{\"code\":\"PendingCertificateNotFound\"}}" },
		{ "GET " AZ_VAULT "/certificates/bad/pending?", NULL, 200,
		  OPERATION("failed", ",\"error\":{\"code\":\"Request rejected\",\"message\":\"the CA said "
		       "no\"}") },
		LOOKS,
		END
	};
	g_autoptr(request) gone = request_new(AZ_STORE "/pending:gone");
	struct az_stage s;

	az_stage_set(&s, VERB_REFRESH, script);
	store_set(&gone->store, AZ_STORE);
	know_request(&s, gone);
	az_stage_well(&s, "1 certificate in kv-demo-1; 2 failed");
	g_assert_cmpuint(s.play.op.put_requests->len, ==, 3);
	g_assert_cmpstr(az_stage_put(&s, AZ_STORE "/pending:bad")->reason, ==, "Request rejected: the CA "
		"said no");
	g_assert_nonnull(strstr(az_stage_put(&s, AZ_STORE "/pending:left")->reason, "delete it"));
	g_assert_cmpint(az_stage_put(&s, AZ_STORE "/pending:gone")->state, ==, REQUEST_GONE);
	az_stage_strike(&s);
}

static struct request *waiting_row(void)
{
	struct request *r = request_new(AZ_STORE "/pending:web");

	store_set(&r->title, "www.example.org");
	store_set(&r->store, AZ_STORE);
	store_set(&r->kept, "{\"name\":\"web\",\"status\":\"inProgress\",\"issuer\":\"Unknown\",\"csr\":\"\"}");
	return r;
}

static void test_sync(void)
{
	static const struct az_line cancelled[] = {
		{ "GET " AZ_VAULT "/certificates/web/pending?", NULL, 200, OPERATION("canceled", "") }, END };
	static const struct az_line dropped[] = {
		{ "GET " AZ_VAULT "/certificates/web/pending?", NULL, 404, "" }, END };
	const struct az_line *const scripts[] = { cancelled, dropped };

	for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autoptr(request) r = waiting_row();
		struct az_stage s;

		az_stage_set(&s, VERB_SYNC, scripts[i]);
		play_request(&s.play, r);
		az_stage_well(&s, "withdrawn");
		g_assert_cmpint(az_stage_put(&s, r->id)->state, ==, REQUEST_GONE);
		az_stage_strike(&s);
	}
}

static void test_show(void)
{
	static const struct az_line none[] = { END };
	g_autoptr(request) r = waiting_row();
	struct az_stage s;
	bool is_said = false;

	az_stage_set(&s, VERB_SHOW, none);
	play_request(&s.play, r);
	az_stage_well(&s, "");
	for (size_t i = 0; i < s.play.op.detail->n; i++)
		is_said = is_said || strstr(s.play.op.detail->line[i].text, "merge the certificate");
	g_assert_true(is_said);
	az_stage_strike(&s);
}

/* ---- challenges ---- */

static void test_tenants(void)
{
	static const struct {
		const char *challenge, *tenant;
	} those[] = {
		{ "Bearer authorization=\"https://login.windows.net/" OTHER_TENANT "\", "
		  "resource=\"https://vault.azure.net\"", OTHER_TENANT },
		{ "bearer authorization_uri=https://login.example/dstsv2/" OTHER_TENANT "/ "
			"scope=https://vault.azure.net/"
		  ".default", OTHER_TENANT },
		{ "Bearer resource=\"https://vault.azure.net/\","
			"authorization=\"https://login.example/a.example\"",
		  "a.example" },
		{ "Bearer authorization=\"https://login.example/x\", "
			"resource=\"https://vault.azure.net.evil.example\"",
		  NULL },
		{ "Bearer authorization=\"https://login.example/x\", "
			"resource=\"https://management.azure.com\"", NULL },
		{ "Bearer authorization=\"https://login.example/x%20y\", "
			"resource=\"https://vault.azure.net\"", NULL },
		{ "Bearer authorization=\"https://login.example\", resource=\"https://vault.azure.net\"",
			NULL },
		{ "Bearer resource=\"https://vault.azure.net\"", NULL },
		{ "Bearer authorization=\"https://login.example/x\"", NULL },
		{ "Basic realm=\"=\"", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(those); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *tenant = kv_call_tenant(those[i].challenge, "https://vault.azure.net", &error);

		g_assert_cmpstr(tenant, ==, those[i].tenant);
		g_assert_true((error == NULL) == (those[i].tenant != NULL));
	}
}

#define WRONG_TENANT 401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"AKV10032: Invalid issuer.\"}}", \
		     "WWW-Authenticate", "Bearer "                                                     \
		     "authorization=\"https://login.windows.net/" OTHER_TENANT "\", resource="
#define TOKEN "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"other.t0ken\"}"

/* A vault of another tenant: its token is got once, and with the next refresh at once. */
static void test_other_tenant(void)
{
	static const struct az_line first[] = {
		{ LIST, "scope=vault", WRONG_TENANT "\"https://vault.azure.net\"" },
		{ "POST https://login.microsoftonline.com/" OTHER_TENANT "/oauth2/v2.0/token",
			"vault.azure.net", 200,
		  TOKEN },
		{ LIST, "scope=vault " OTHER_TENANT, 200, PAGE("") },
		{ "POST https://login.microsoftonline.com/" OTHER_TENANT "/oauth2/v2.0/token",
			"management.azure.com", 200,
		  TOKEN },
		LOOKS,
		END
	};
	static const struct az_line second[] = {
		{ "POST https://login.microsoftonline.com/" OTHER_TENANT "/oauth2/v2.0/token", NULL, 200,
			TOKEN },
		{ LIST, "scope=vault " OTHER_TENANT, 200, PAGE("") },
		END
	};
	static const struct az_line hostile[] = {
		{ LIST, NULL, WRONG_TENANT "\"https://vault.azure.net.evil.example\"" }, END };
	struct az_stage s;

	az_stage_set(&s, VERB_REFRESH, first);
	az_stage_well(&s, "0 certificates");
	access_unref(g_steal_pointer(&s.play.op.opened));
	az_stage_again(&s, second);
	az_stage_well(&s, "0 certificates");
	az_stage_strike(&s);
	az_stage_set(&s, VERB_REFRESH, hostile);
	az_stage_badly(&s, ERR_REFUSED, "it gets none", "vault.azure.net.evil.example", NULL);
	az_stage_strike(&s);
}

/* ---- refusals ---- */

static void expect_refusal(int status, const char *body, enum err code, const char *part)
{
	struct kv_place place = { (char *)AZ_SUB, (char *)"rg-demo", (char *)"kv-demo-1" };
	g_autoptr(reply) r = g_new0(struct reply, 1);
	g_autoptr(GError) error = NULL;

	r->status = status;
	r->body = g_bytes_new(body, strlen(body));
	kv_refusal_set(&place, r, "list", NULL, &error);
	g_assert_error(error, ERR, (int)code);
	if (!strstr(error->message, part) || !strstr(error->message, "kv-demo-1"))
		g_error("without \"%s\": %s", part, error->message);
}

static void test_refusals(void)
{
	expect_refusal(403, "{\"error\":{\"code\":\"Forbidden\",\"message\":\"Caller is not authorized to "
		"perform action "
		       "on resource.\\r\\nAction: 'Microsoft.KeyVault/vaults/certificates/read'\\r\\nVault: "
		       "x\",\"innererror\":"
		       "{\"code\":\"ForbiddenByRbac\"}}}", ERR_REFUSED,
		       "assign it Key Vault Reader on the vault, or Key Vault Certificates Officer to "
		       "change certificates "
		       "too, and wait up to ten minutes until it counts; what must be allowed is "
		       "Microsoft.KeyVault/vaults/certificates/read");
	expect_refusal(403, "{\"error\":{\"code\":\"Forbidden\",\"message\":\"Caller is not authorized to "
		"perform action on "
		       "resource.\"}}", ERR_REFUSED, "has no role");
	expect_refusal(403, "{\"error\":{\"code\":\"Forbidden\","
		"\"innererror\":{\"code\":\"ForbiddenByPolicy\"}}}",
		       ERR_REFUSED, "the certificate permission list");
	expect_refusal(403, "{\"code\":\"Forbidden\",\"message\":\"Client address is not authorized and "
		"caller is not a "
		       "trusted service.\"}", ERR_REFUSED, "firewall");
	expect_refusal(403, "{\"error\":{\"code\":\"Forbidden\",\"innererror\":{\"code\":\"a\","
		"\"innererror\":{\"code\":"
		       "\"ForbiddenByConnection\"}}}}", ERR_REFUSED, "private endpoint");
	expect_refusal(403, "<html>", ERR_REFUSED, "no reason was told");
	expect_refusal(401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"AKV10022: Invalid "
		"audience.\"}}",
		       ERR_SIGN_IN, "for another service");
	expect_refusal(429, "{\"error\":{\"code\":\"Throttled\",\"message\":\"x\"}}", ERR_BUSY, "in a minute");
	expect_refusal(400, "{\"error\":{\"code\":\"BadParameter\",\"message\":\"the name\\r\\nmore\"}}",
		ERR_REPLY,
		       "status 400 BadParameter: the name");
	expect_refusal(503, "<html>Service Unavailable</html>", ERR_BUSY, "status 503");
}

static void test_gone(void)
{
	static const struct az_line script[] = { { LIST, NULL, 0, NULL }, END };
	static const struct az_line page[] = { { LIST, NULL, 200, "<html>sign in to the proxy</html>" }, END };
	static const struct az_line other[] = { { LIST, NULL, 200, "{\"hello\":1}" }, END };
	struct az_stage s;

	az_stage_set(&s, VERB_REFRESH, script);
	az_stage_badly(&s, ERR_NETWORK, "may be gone", "private endpoint", NULL);
	az_stage_strike(&s);
	az_stage_set(&s, VERB_REFRESH, page);
	az_stage_badly(&s, ERR_FORMAT, "not understood", NULL);
	az_stage_strike(&s);
	az_stage_set(&s, VERB_REFRESH, other);
	az_stage_badly(&s, ERR_REPLY, "proxy", NULL);
	az_stage_strike(&s);
}

/* ---- which vault is meant ---- */

static void test_places(void)
{
	static const struct azure_cloud cloud = { .vault_suffix = (char *)"vault.azure.net" };
	static const struct azure_cloud private = { .vault_suffix = (char *)"vault.localhost:8443" };
	static const char *const good[] = {
		AZ_ID,
		"/SUBSCRIPTIONS/" AZ_SUB "/resourcegroups/rg-demo/providers/microsoft.keyvault/VAULTS/"
		"KV-Demo-1/",
		AZ_SUB ":rg-demo:kv-demo-1", " kv-demo-1 ", AZ_SUB ":kv-demo-1", AZ_VAULT, AZ_VAULT "/",
	};
	static const char *const bad[] = {
		"", "kv", "1kv", "kv-", "a--b", "abcdefghijklmnopqrstuvwxy", "kv_demo", "a:b", ":kv-demo-1",
		AZ_SUB ":rg:x:kv-demo-1", AZ_SUB ":../x:kv-demo-1", "http://kv-demo-1.vault.azure.net",
		"https://kv-demo-1.vault.azure.net.evil.example", "https://a.kv-demo-1.vault.azure.net",
		"https://kv-demo-1.vault.azure.net/certificates", "https://vault.azure.net",
		"https://kv-demo-1.vault.azure.net@evil.example/", "/subscriptions/x/resourceGroups/y",
		"/subscriptions/" AZ_SUB "/resourceGroups/rg?x=1/providers/Microsoft.KeyVault/vaults/kv-demo-1",
	};
	struct kv_place p = { 0 };

	for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
		g_assert_true(kv_place_read(good[i], &cloud, &p, NULL));
		g_assert_cmpstr(p.name, ==, "kv-demo-1");
		g_assert_true(kv_place_is_known(&p) == (i < 3));
		kv_place_done(&p);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_false(kv_place_read(bad[i], &cloud, &p, &error));
		g_assert_error(error, ERR, ERR_USAGE);
	}
	g_assert_true(kv_place_read("https://kv-demo-1.vault.localhost:8443/", &private, &p, NULL));
	kv_place_done(&p);
}

/* ---- discovery ---- */

#define VAULTS "/subscriptions/" AZ_SUB "/resourceGroups/rg-demo/providers/Microsoft.KeyVault/vaults/"
#define ROW(name, more) "{\"id\":\"" VAULTS name "\",\"name\":\"" name "\",\"location\":\"eastus\"" more "}"
#define FULL ",\"sku\":\"standard\",\"rbac\":true,\"purgeProtection\":true,\"retention\":90," \
	     "\"tags\":{\"a\":\"b\"}"
#define GRAPH "POST " AZ_ARM "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01"

static const char *proposal(const struct az_stage *s, guint i)
{
	return ((struct discovery *)s->play.op.put_discovery->pdata[i])->what;
}

static void test_graph(void)
{
	static const struct az_line script[] = {
		{ GRAPH, "\"$top\":1000", 200,
		  "{\"data\":[" ROW("kv-demo-1", FULL) "],\"$skipToken\":\"t1\","
		  "\"resultTruncated\":\"false\"}" },
		{ GRAPH, "\"$skipToken\":\"t1\"", 200, "{\"data\":[" ROW("KV-b", ",\"sku\":\"premium\","
			"\"rbac\":null") "]}" },
		END
	};
	struct az_stage s;

	az_stage_set(&s, VERB_ACCOUNT_STORES, script);
	az_stage_well(&s, "2 vaults visible; 0 are stores, 2 can be accepted as stores");
	g_assert_cmpstr(proposal(&s, 0), ==, "eastus, standard, group rg-demo, roles (RBAC); what is "
		"deleted can come back "
			"for 90 days, and nobody can purge it before");
	g_assert_cmpstr(proposal(&s, 1), ==, "eastus, premium, group rg-demo, access policies; what is "
		"deleted can come back "
			"for a while, unless it is purged");
	az_stage_strike(&s);
}

static void test_named(void)
{
	static const struct az_line script[] = {
		{ GRAPH, "\"subscriptions\":[\"" AZ_SUB "\"]", 200,
		  "{\"data\":[" ROW("kv-demo-1", FULL) "," ROW("kv-b", FULL) "]}" },
		END
	};
	static const struct az_line all[] = { { GRAPH, NULL, 200, "{\"data\":[" ROW("kv-b", FULL) "]}" }, END };
	struct az_stage s;
	const struct store *first;
	struct store *gone = store_new("az/vault:gone");

	az_stage_set(&s, VERB_ACCOUNT_STORES, script);
	az_stage_answer(&s, "subscriptions", AZ_SUB);
	az_stage_answer(&s, "vaults", "kv-demo-1,hidden-1,no_name");
	store_set(&gone->account, "az");
	gone->origin = STORE_FOUND;
	play_know(&s.play, &gone, 1);
	az_stage_well(&s, "2 vaults visible; 2 are stores, 1 can be accepted as a store");
	first = s.play.op.put_stores->pdata[0];
	g_assert_cmpstr(first->address, ==, AZ_ID);
	g_assert_cmpstr(first->container, ==, "rg-demo");
	g_assert_cmpstr(first->network, ==, "eastus");
	g_assert_cmpint(first->origin, ==, STORE_FOUND);
	g_assert_cmpstr(((struct store *)s.play.op.put_stores->pdata[1])->address, ==,
		"https://hidden-1.vault.azure.net/");
	g_assert_true(play_has_trouble(&s.play, "no_name is no vault"));
	g_assert_cmpuint(s.play.op.drop_stores->len, ==, 1);
	az_stage_strike(&s);
	az_stage_set(&s, VERB_ACCOUNT_STORES, all);
	az_stage_answer(&s, "vaults", "all");
	az_stage_well(&s, "1 vault visible; 1 is a store, 0");
	az_stage_strike(&s);
	store_unref(gone);
}

/* Where the graph is refused, subscription by subscription; one that fails makes nothing be gone. */
static void test_lists(void)
{
	static const char second[] = "dddddddd-0000-4000-8000-000000000004";
	static const struct az_line script[] = {
		{ GRAPH, NULL, 403, "{\"error\":{\"code\":\"AuthorizationFailed\",\"message\":\"no\"}}" },
		{ "GET " AZ_ARM "/subscriptions?api-version=2022-12-01", NULL, 200,
		  "{\"value\":[{\"subscriptionId\":\"" AZ_SUB "\"}],"
		  "\"nextLink\":\"" AZ_ARM "/subscriptions?p=2\"}" },
		{ "GET " AZ_ARM "/subscriptions?p=2", NULL, 200,
		  "{\"value\":[{\"subscriptionId\":\"dddddddd-0000-4000-8000-000000000004\"},"
		  "{\"subscriptionId\":\"../\"}]}" },
		{ "GET " AZ_ARM "/subscriptions/dddd", NULL, 403,
			"{\"error\":{\"code\":\"AuthorizationFailed\"}}" },
		{ "GET " AZ_ARM "/subscriptions/" AZ_SUB "/providers/Microsoft.KeyVault/vaults?"
		  "api-version=2026-02-01",
		  NULL, 200, "{\"value\":[" ROW("kv-demo-1", ",\"properties\":{\"sku\":{\"name\":\"standard\"},"
			     "\"enableRbacAuthorization\":true}") "],\"nextLink\":\"" AZ_ARM "/short\"}" },
		{ "GET " AZ_ARM "/short", NULL, 200, "{\"value\":[" ROW("kv-b", "") "]}" },
		END
	};
	struct az_stage s;
	struct store *gone = store_new("az/vault:gone");

	az_stage_set(&s, VERB_ACCOUNT_STORES, script);
	store_set(&gone->account, "az");
	gone->origin = STORE_FOUND;
	play_know(&s.play, &gone, 1);
	az_stage_well(&s, "2 vaults visible");
	g_assert_true(play_has_trouble(&s.play, second));
	g_assert_nonnull(strstr(proposal(&s, 0), "roles (RBAC)"));
	g_assert_cmpstr(proposal(&s, 1), ==, "eastus, SKU not told, group rg-demo");
	g_assert_cmpuint(s.play.op.drop_stores->len, ==, 0);
	az_stage_strike(&s);
	store_unref(gone);
}

static void test_nothing(void)
{
	static const struct az_line script[] = { { GRAPH, NULL, 200, "{\"data\":[]}" }, END };
	struct az_stage s;

	az_stage_set(&s, VERB_ACCOUNT_STORES, script);
	az_stage_well(&s, "no vault is visible; give the account a role");
	az_stage_strike(&s);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/azure/vaults/pages", test_pages);
	g_test_add_func("/azure/vaults/disabled", test_disabled);
	g_test_add_func("/azure/vaults/no-bundles", test_no_bundles);
	g_test_add_func("/azure/vaults/broken-list", test_broken_list);
	g_test_add_func("/azure/vaults/versions", test_versions);
	g_test_add_func("/azure/vaults/pending", test_pending);
	g_test_add_func("/azure/vaults/failed", test_failed);
	g_test_add_func("/azure/vaults/sync", test_sync);
	g_test_add_func("/azure/vaults/show", test_show);
	g_test_add_func("/azure/vaults/tenants", test_tenants);
	g_test_add_func("/azure/vaults/other-tenant", test_other_tenant);
	g_test_add_func("/azure/vaults/refusals", test_refusals);
	g_test_add_func("/azure/vaults/gone", test_gone);
	g_test_add_func("/azure/vaults/places", test_places);
	g_test_add_func("/azure/vaults/graph", test_graph);
	g_test_add_func("/azure/vaults/named", test_named);
	g_test_add_func("/azure/vaults/lists", test_lists);
	g_test_add_func("/azure/vaults/nothing", test_nothing);
	return g_test_run();
}

/* test-aws-take: certificates are removed, renewed, revoked, tagged and exported in AWS, played with
 * transcripts. */
#include "aws-stage.h"

#include <string.h>
#include <sys/stat.h>

#include <certty/model/mark.h>

#include "provider/aws/acm.h"

#define CA_ADDRESS "arn:aws:acm-pca:" REGION ":111122223333:certificate-authority/aaaa"
#define IAM_ALIAS "server-certificate/cloudfront/web"
#define NOT_FOUND ERROR("ResourceNotFoundException", "Could not find certificate")
#define EMPTY ""
#define EXPORTABLE ",\"Options\":{\"Export\":\"ENABLED\"}"

static const struct line nothing[] = { END };

static void take(struct stage *s, enum verb_id verb, const struct line *script)
{
	set_the_scene(s, verb, "acm", ADDRESS, script);
	play_cert(&s->play, made.leaf, ALIAS);
}

static void take_iam(struct stage *s, enum verb_id verb, const struct line *script)
{
	set_the_scene(s, verb, "iam", IAM_ADDRESS, script);
	play_cert(&s->play, made.leaf, IAM_ALIAS);
}

static void take_ca(struct stage *s, enum verb_id verb, const char *alias,
		    const struct line *script)
{
	set_the_scene(s, verb, "private-ca", CA_ADDRESS, script);
	play_cert(&s->play, made.leaf, alias);
}

/* One answer to the description of an ACM certificate, and why nothing follows it. */
static void expect_why_not(enum verb_id verb, const char *reason, const char *described,
			   const char *part)
{
	const struct line script[] = {
		{ "DescribeCertificate", 200, described, ARN },
		END
	};
	struct stage s;

	take(&s, verb, script);
	if (reason)
		play_arg(&s.play, "reason", reason);
	run_badly(&s, ERR_REFUSED, ARN, part, NULL);
	strike(&s);
}

/* What this user may not do is named: of the call behind the description. */
static void expect_denied(enum verb_id verb, const char *described, const char *call,
			  const char *action)
{
	g_autofree char *denied = g_strdup_printf("{\"__type\":\"AccessDeniedException\",\"Message\":"
						  "\"User: u is not authorized to perform: %s on x\"}",
						  action);
	g_autofree char *part = g_strconcat(action, " is missing", NULL);
	const struct line script[] = {
		{ "DescribeCertificate", 200, described },
		{ call, 400, denied },
		END
	};
	struct stage s;

	take(&s, verb, script);
	play_arg(&s.play, "reason", "superseded");
	play_arg(&s.play, "file", "never-written.pem");
	play_arg(&s.play, "with-key", verb == VERB_EXPORT ? "yes" : "no");
	play_arg(&s.play, "charge", "yes");
	play_secret(&s.play, "passphrase", "open");
	run_badly(&s, ERR_REFUSED, part, NULL);
	strike(&s);
}

static void denied(void)
{
	static const struct line script[] = {
		{ "DescribeCertificate", 400, DENIED("acm:DescribeCertificate") },
		END
	};
	static const enum verb_id verbs[] = { VERB_REMOVE, VERB_RENEW, VERB_REVOKE };

	for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
		struct stage s;

		take(&s, verbs[i], script);
		play_arg(&s.play, "reason", "superseded");
		run_badly(&s, ERR_REFUSED, "acm:DescribeCertificate is missing",
			  "AWSCertificateManagerFullAccess", NULL);
		strike(&s);
	}
	expect_denied(VERB_REMOVE, DESCRIBED(ARN, "IMPORTED", ""), "DeleteCertificate",
		      "acm:DeleteCertificate");
	expect_denied(VERB_RENEW, DESCRIBED(ARN, "PRIVATE", ""), "RenewCertificate",
		      "acm:RenewCertificate");
	expect_denied(VERB_REVOKE, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE), "RevokeCertificate",
		      "acm:RevokeCertificate");
	expect_denied(VERB_REVOKE, DESCRIBED(ARN, "PRIVATE", ",\"Serial\":\"0f:ac\","
					     "\"CertificateAuthorityArn\":\"" CA_ADDRESS "\""),
		      "RevokeCertificate", "acm-pca:RevokeCertificate");
	expect_denied(VERB_EXPORT, DESCRIBED(ARN, "PRIVATE", ""), "ExportCertificate",
		      "acm:ExportCertificate");
}

/* Not even a crash where nobody signed in. */
static void not_open(void)
{
	static const enum verb_id verbs[] = { VERB_REMOVE, VERB_RENEW, VERB_REVOKE, VERB_TAG };
	struct stage s;

	for (size_t i = 0; i < 2 * G_N_ELEMENTS(verbs); i++) {
		(i % 2 ? take_iam : take)(&s, verbs[i / 2], nothing);
		play_arg(&s.play, "reason", "superseded");
		s.play.op.access = NULL;
		g_assert_false(play_run(&s.play));
		g_assert_cmpint(s.play.op.error->code, ==,
				i % 2 && verbs[i / 2] != VERB_REMOVE && verbs[i / 2] != VERB_TAG ?
					ERR_REFUSED : ERR_SIGN_IN);
		strike(&s);
	}
	take_ca(&s, VERB_REVOKE, "/certificate/1", nothing);
	play_arg(&s.play, "reason", "superseded");
	s.play.op.access = NULL;
	run_badly(&s, ERR_SIGN_IN, "not open", NULL);
	strike(&s);
}

/* ---- removing ---- */

static void expect_removed(const struct line *script, const char *said)
{
	struct stage s;

	take(&s, VERB_REMOVE, script);
	run_well(&s, said);
	g_assert_cmpstr(s.play.op.touched->pdata[0], ==, "prod/acm");
	strike(&s);
}

static void remove_acm(void)
{
	static const struct line gone[] = { { "DescribeCertificate", 400, NOT_FOUND }, END };
	static const struct line again[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		{ "DeleteCertificate", 400, NOT_FOUND },
		END
	};
	static const struct line well[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		{ "DeleteCertificate", 200, EMPTY, "{\"CertificateArn\":\"" ARN "\"}" },
		END
	};

	expect_removed(well, ARN " is deleted in AWS; its lists may show it for a moment");
	expect_removed(gone, "not in AWS any more");
	expect_removed(again, "not in AWS any more");
}

static void remove_acm_not(void)
{
	static const struct line lingers[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		{ "DeleteCertificate", 400, ERROR("ResourceInUseException", "is in use") },
		END
	};
	static const struct line breaks[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		{ "DeleteCertificate", 0, NULL },
		END
	};
	struct stage s;

	expect_why_not(VERB_REMOVE, NULL,
		       DESCRIBED(ARN, "IMPORTED", ",\"InUseBy\":[\"arn:lb/1\",\"arn:lb/2\",\"arn:lb/3\","
				 "\"arn:lb/4\"]"),
		       "in use by arn:lb/1, arn:lb/2, arn:lb/3 and 1 more");
	expect_why_not(VERB_REMOVE, NULL,
		       DESCRIBED(ARN, "AMAZON_ISSUED", ",\"CertificateKeyPairOrigin\":\"ACME\""),
		       "deletes it itself");
	take(&s, VERB_REMOVE, lingers);
	run_badly(&s, ERR_REFUSED, "10 to 20 minutes", "in AWS", NULL);
	strike(&s);
	take(&s, VERB_REMOVE, breaks);
	run_badly(&s, ERR_NETWORK, "it broke", NULL);
	strike(&s);
	take_ca(&s, VERB_REMOVE, "/certificate/1", nothing);
	run_badly(&s, ERR_REFUSED, "revoke it", NULL);
	strike(&s);
}

static void expect_iam_remove(int status, const char *answered, enum err code, const char *part)
{
	const struct line script[] = {
		{ "DeleteServerCertificate", status, answered, "ServerCertificateName=web&" },
		END
	};
	struct stage s;

	take_iam(&s, VERB_REMOVE, script);
	if (code == ERR_COUNT)
		run_well(&s, part);
	else
		run_badly(&s, code, part, NULL);
	strike(&s);
}

static void remove_iam(void)
{
	expect_iam_remove(200, "<DeleteServerCertificateResponse/>", ERR_COUNT, "is deleted in AWS");
	expect_iam_remove(404, XML_ERROR("NoSuchEntity", "gone"), ERR_COUNT, "not in AWS any more");
	expect_iam_remove(409, XML_ERROR("DeleteConflict", "is currently in use by arn:lb/x."),
			  ERR_REFUSED, "in use by arn:lb/x");
	expect_iam_remove(403, XML_ERROR("AccessDenied", "no"), ERR_REFUSED,
			  "iam:DeleteServerCertificate is missing (IAMFullAccess");
}

/* ---- renewing ---- */

#define SERIAL(serial) ",\"Serial\":\"" serial "\""

static void renew(void)
{
	static const struct line script[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", SERIAL("0f:ac:b0")) },
		{ "RenewCertificate", 200, EMPTY, "{\"CertificateArn\":\"" ARN "\"}" },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", SERIAL("0f:ac:b0")) },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", SERIAL("11:22")) },
		END
	};
	struct stage s;

	take(&s, VERB_RENEW, script);
	run_well(&s, "is renewed; what was exported before is of the old one");
	g_assert_null(strstr(s.play.op.said, "charges"));
	g_assert_cmpstr(s.play.op.touched->pdata[0], ==, "prod/acm");
	strike(&s);
}

static void renew_public(void)
{
	static const struct line script[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE SERIAL("01")) },
		{ "RenewCertificate", 400, ERROR("RequestInProgressException", "already") },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE SERIAL("02")) },
		END
	};
	struct stage s;

	take(&s, VERB_RENEW, script);
	play_arg(&s.play, "charge", "yes");
	run_well(&s, "AWS charges for it");
	strike(&s);
	expect_why_not(VERB_RENEW, NULL, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE SERIAL("01")),
		       "accept that (charge)");
}

static void renew_takes_long(void)
{
	struct line script[21] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", SERIAL("01")) },
		{ "RenewCertificate", 200, EMPTY },
	};
	struct stage s;

	for (size_t i = 2; i < 20; i++)
		script[i] = script[0];
	take(&s, VERB_RENEW, script);
	run_well(&s, "goes on in AWS");
	strike(&s);
	script[1].status = 0;
	take(&s, VERB_RENEW, script);
	run_badly(&s, ERR_NETWORK, "whether AWS took it is not known", NULL);
	strike(&s);
}

static void renew_fails(void)
{
	static const struct line failed[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", SERIAL("01")) },
		{ "RenewCertificate", 200, EMPTY },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", SERIAL("01")
		  ",\"RenewalSummary\":{\"RenewalStatus\":\"FAILED\","
		  "\"RenewalStatusReason\":\"PCA_ACCESS_DENIED\"}") },
		END
	};
	static const struct line never[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", SERIAL("01")) },
		{ "RenewCertificate", 400, ERROR("ValidationException", "has not been exported so it is "
		  "not eligible for the Renew Certificate API.") },
		END
	};
	struct stage s;

	take(&s, VERB_RENEW, failed);
	run_badly(&s, ERR_FAILED, "AWS could not", "acm.amazonaws.com", NULL);
	strike(&s);
	take(&s, VERB_RENEW, never);
	run_badly(&s, ERR_USAGE, "has not been exported", "export it with its private key first", NULL);
	strike(&s);
}

static void renew_not(void)
{
	struct stage s;

	expect_why_not(VERB_RENEW, NULL, DESCRIBED(ARN, "IMPORTED", ""), "from its issuer");
	expect_why_not(VERB_RENEW, NULL, DESCRIBED(ARN, "AMAZON_ISSUED", ""), "by itself alone");
	expect_why_not(VERB_RENEW, NULL,
		       DESCRIBED(ARN, "AMAZON_ISSUED", ",\"CertificateKeyPairOrigin\":\"ACME\""),
		       "its ACME client");
	expect_why_not(VERB_RENEW, NULL, "{\"Certificate\":{\"CertificateArn\":\"" ARN "\",\"Status\":"
		       "\"EXPIRED\",\"Type\":\"PRIVATE\"}}", "it is EXPIRED");
	take_iam(&s, VERB_RENEW, nothing);
	run_badly(&s, ERR_REFUSED, "IAM renews nothing", NULL);
	strike(&s);
	take_ca(&s, VERB_RENEW, "/certificate/1", nothing);
	run_badly(&s, ERR_REFUSED, "order a new one", NULL);
	strike(&s);
}

/* ---- revoking ---- */

static void expect_revoked(enum verb_id verb, const char *reason, const struct line *script,
			   const char *said)
{
	struct stage s;

	take(&s, verb, script);
	play_arg(&s.play, "reason", reason);
	run_well(&s, said);
	strike(&s);
}

#define PRIVATE DESCRIBED(ARN, "PRIVATE", SERIAL("00:fa:cb") \
			  ",\"CertificateAuthorityArn\":\"" CA_ADDRESS "\"")

static void revoke_acm(void)
{
	static const struct line public[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE) },
		{ "RevokeCertificate", 200, "{\"CertificateArn\":\"" ARN "\"}",
		  "{\"CertificateArn\":\"" ARN "\",\"RevocationReason\":\"SUPERSEDED\"}" },
		END
	};
	static const struct line private[] = {
		{ "DescribeCertificate", 200, PRIVATE },
		{ "RevokeCertificate", 200, EMPTY, "\"CertificateSerial\":\"fa:cb\","
		  "\"RevocationReason\":\"KEY_COMPROMISE\"" },
		END
	};
	static const struct line done[] = {
		{ "DescribeCertificate", 200, PRIVATE },
		{ "RevokeCertificate", 400, ERROR("RequestAlreadyProcessedException", "done") },
		END
	};
	static const struct line under_way[] = {
		{ "DescribeCertificate", 200, PRIVATE },
		{ "RevokeCertificate", 400, ERROR("RequestInProgressException", "wait") },
		END
	};
	static const struct line was[] = {
		{ "DescribeCertificate", 200, "{\"Certificate\":{\"CertificateArn\":\"" ARN "\","
		  "\"Status\":\"REVOKED\",\"Type\":\"AMAZON_ISSUED\"}}" },
		END
	};

	expect_revoked(VERB_REVOKE, "superseded", public, "is revoked");
	expect_revoked(VERB_REVOKE, "key-compromise", private, "OCSP within an hour");
	expect_revoked(VERB_REVOKE, "key-compromise", done, "was revoked already");
	expect_revoked(VERB_REVOKE, "key-compromise", under_way, "is being revoked already");
	expect_revoked(VERB_REVOKE, "superseded", was, "was revoked already");
}

/* A comment that would go nowhere is not taken. */
static void revoke_with_comment(void)
{
	struct stage s;

	take(&s, VERB_REVOKE, nothing);
	play_arg(&s.play, "reason", "superseded");
	play_arg(&s.play, "comment", "old");
	run_badly(&s, ERR_USAGE, "keeps no comment", NULL);
	strike(&s);
}

/* What a store's last refresh knew of one private certificate. */
static GBytes *memo_of(const char *alias, bool is_revoked)
{
	g_autoptr(GHashTable) certs = acm_memo_read(NULL);
	struct acm_cert *c = acm_cert_new();

	store_set(&c->alias, alias);
	store_set(&c->status, "ISSUED");
	store_set(&c->type, "PRIVATE");
	c->is_revoked = is_revoked;
	c->revoked = is_revoked ? 17 : 0;
	g_hash_table_insert(certs, c->alias, c);
	return acm_memo_write(certs, NULL);
}

/* Nobody lists what an authority has revoked, so it is known here from then on: when, and why. */
static void revoked_stays_known(void)
{
	static const struct line revoked[] = { { "RevokeCertificate", 200, EMPTY }, END };
	static const struct line was[] = {
		{ "RevokeCertificate", 400, ERROR("RequestAlreadyProcessedException", "has been revoked") },
		END
	};
	static const struct {
		const struct line *script;
		bool is_known, is_told, is_ours;
	} rows[] = {
		{ revoked, false, true, true }, { was, false, true, false }, { revoked, true, false, false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GHashTable) certs = NULL;
		g_autoptr(GBytes) memo = memo_of("/certificate/1", rows[i].is_known);
		const struct acm_cert *c;
		struct stage s;

		take_ca(&s, VERB_REVOKE, "/certificate/1", rows[i].script);
		s.play.op.memo = memo;
		play_arg(&s.play, "reason", "superseded");
		run_well(&s, "revoked");
		g_assert_cmpint(s.play.op.new_memo != NULL, ==, rows[i].is_told);
		certs = acm_memo_read(rows[i].is_told ? s.play.op.new_memo : memo);
		c = g_hash_table_lookup(certs, "/certificate/1");
		g_assert_true(acm_cert_marks(c) & MARK_REVOKED);
		if (rows[i].is_told) {
			g_assert_cmpint(c->revoked, ==, rows[i].is_ours ? s.play.op.now : 0);
			g_assert_cmpstr(c->revocation_reason, ==, rows[i].is_ours ? "SUPERSEDED" : "");
		}
		s.play.op.memo = NULL;
		strike(&s);
	}
}

static void revoke_by_ca(void)
{
	static const struct line script[] = {
		{ "RevokeCertificate", 200, EMPTY, "{\"CertificateAuthorityArn\":\"" CA_ADDRESS "\","
		  "\"CertificateSerial\":\"" },
		END
	};
	struct facts f;
	gsize len;
	const uint8_t *der = g_bytes_get_data(made.leaf, &len);
	g_autofree char *first = NULL;
	struct stage s;

	g_assert_true(x509_facts(der, len, &f, NULL));
	first = g_strdup_printf("\"CertificateSerial\":\"%.2s", f.serial);
	take_ca(&s, VERB_REVOKE, "/certificate/1", script);
	play_arg(&s.play, "reason", "privilege-withdrawn");
	run_well(&s, "is revoked by its private CA");
	g_assert_nonnull(strstr(s.asked->pdata[0], first));
	strike(&s);
	take_ca(&s, VERB_REVOKE, "", nothing);
	play_arg(&s.play, "reason", "superseded");
	run_badly(&s, ERR_REFUSED, "the authority's own", NULL);
	strike(&s);
	facts_done(&f);
}

static void revoke_not(void)
{
	static const struct line used[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE) },
		{ "RevokeCertificate", 400, ERROR("ResourceInUseException", "in use") },
		END
	};
	static const struct line inside[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE) },
		{ "RevokeCertificate", 400, ERROR("ValidationException", "was not exported") },
		END
	};
	struct stage s;

	expect_why_not(VERB_REVOKE, "superseded",
		       DESCRIBED(ARN, "IMPORTED", ",\"Issuer\":\"Test CA\""),
		       "its issuer revokes it, Test CA");
	expect_why_not(VERB_REVOKE, "superseded", DESCRIBED(ARN, "AMAZON_ISSUED", ""),
		       "remove it instead");
	expect_why_not(VERB_REVOKE, "key-compromise", DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE),
		       "only unspecified");
	take(&s, VERB_REVOKE, used);
	play_arg(&s.play, "reason", "unspecified");
	run_badly(&s, ERR_REFUSED, "take it out of what uses it first", NULL);
	strike(&s);
	take(&s, VERB_REVOKE, inside);
	play_arg(&s.play, "reason", "unspecified");
	run_badly(&s, ERR_USAGE, "only once its key was exported", NULL);
	strike(&s);
	take_iam(&s, VERB_REVOKE, nothing);
	play_arg(&s.play, "reason", "unspecified");
	run_badly(&s, ERR_REFUSED, "the issuer of web", NULL);
	strike(&s);
}

/* ---- tags ---- */

static void tags(void)
{
	static const struct line script[] = {
		{ "AddTagsToCertificate", 200, EMPTY, "\"Tags\":[{\"Key\":\"env\",\"Value\":\"prod\"},"
		  "{\"Key\":\"new\",\"Value\":\"\"}]" },
		{ "RemoveTagsFromCertificate", 200, EMPTY, "\"Tags\":[{\"Key\":\"old\"}]" },
		{ "ListTagsForCertificate", 200, "{\"Tags\":[{\"Key\":\"env\",\"Value\":\"prod\"},"
		  "{\"Key\":\"new\"}]}" },
		END
	};
	static const struct line none[] = {
		{ "ListTagsForCertificate", 200, "{\"Tags\":[]}" },
		END
	};
	struct stage s;

	take(&s, VERB_TAG, script);
	play_arg(&s.play, "set", "env=prod,new");
	play_arg(&s.play, "remove", "old");
	run_well(&s, ARN ": env=prod, new");
	strike(&s);
	take(&s, VERB_TAG, none);
	run_well(&s, ARN ": none");
	strike(&s);
}

static void tags_of_iam(void)
{
	static const struct line script[] = {
		{ "TagServerCertificate", 200, "<a/>", "ServerCertificateName=web&Tags.member.1.Key=env&"
		  "Tags.member.1.Value=prod&" },
		{ "UntagServerCertificate", 200, "<a/>", "ServerCertificateName=web&TagKeys.member.1=old&" },
		{ "ListServerCertificateTags", 200, "<R><ListServerCertificateTagsResult><Tags><member>"
		  "<Key>env</Key><Value>prod</Value></member></Tags></ListServerCertificateTagsResult>"
		  "</R>" },
		END
	};
	struct stage s;

	take_iam(&s, VERB_TAG, script);
	play_arg(&s.play, "set", "env=prod");
	play_arg(&s.play, "remove", "old");
	run_well(&s, ": env=prod");
	strike(&s);
}

static void expect_bad_tag(const char *key, const char *value, const char *part)
{
	struct stage s;

	take(&s, VERB_TAG, nothing);
	play_arg(&s.play, key, value);
	run_badly(&s, ERR_USAGE, part, "nothing was changed", NULL);
	strike(&s);
}

static void tags_not(void)
{
	static const struct line denied_half[] = {
		{ "AddTagsToCertificate", 200, EMPTY },
		{ "RemoveTagsFromCertificate", 400, DENIED("acm:RemoveTagsFromCertificate") },
		END
	};
	static const struct line too_many[] = {
		{ "AddTagsToCertificate", 400, ERROR("TooManyTagsException", "50") },
		END
	};
	static const struct line unread[] = {
		{ "AddTagsToCertificate", 200, EMPTY },
		{ "ListTagsForCertificate", 400, DENIED("acm:ListTagsForCertificate") },
		END
	};
	g_autofree char *big = g_strnfill(129, 'k');
	struct stage s;

	expect_bad_tag("set", "aws:x=1", "AWS's own");
	expect_bad_tag("remove", "AWS:x", "AWS's own");
	expect_bad_tag("set", "=1", "needs a key");
	expect_bad_tag("remove", big, "at most 128");
	take(&s, VERB_TAG, denied_half);
	play_arg(&s.play, "set", "a=1");
	play_arg(&s.play, "remove", "b");
	run_badly(&s, ERR_REFUSED, "acm:RemoveTagsFromCertificate is missing",
		  "the tags to set are set", NULL);
	strike(&s);
	take(&s, VERB_TAG, too_many);
	play_arg(&s.play, "set", "a=1");
	run_badly(&s, ERR_LIMIT, "TooManyTags", NULL);
	strike(&s);
	take(&s, VERB_TAG, unread);
	play_arg(&s.play, "set", "a=1");
	run_well(&s, "are changed");
	g_assert_true(play_has_trouble(&s.play, "acm:ListTagsForCertificate is missing"));
	strike(&s);
	take_ca(&s, VERB_TAG, "/certificate/1", nothing);
	run_badly(&s, ERR_REFUSED, "no tags", NULL);
	strike(&s);
}

/* ---- exporting ---- */

static char *folder, *path;

static void export_to(struct stage *s, const char *format, bool with_key)
{
	play_arg(&s->play, "format", format);
	play_arg(&s->play, "file", path);
	play_arg(&s->play, "replace", "yes");
	if (!with_key)
		return;
	play_arg(&s->play, "with-key", "yes");
	play_secret(&s->play, "passphrase", "open");
}

/* The file has so many certificates, the leaf first, and the leaf's key if that is said. */
static void check_file(guint certs, bool has_key)
{
	g_autoptr(secret) open = make_secret("open");
	g_autofree char *bytes = NULL;
	g_autoptr(GPtrArray) items = NULL;
	struct stat st;
	gsize len;

	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	items = x509_scan((uint8_t *)bytes, len, open, NULL);
	g_assert_cmpuint(items->len, ==, certs + has_key);
	g_assert_true(g_bytes_equal(((struct x509_item *)items->pdata[0])->der, made.leaf));
	g_assert_cmpint(((struct x509_item *)items->pdata[items->len - 1])->kind, ==,
			has_key ? X509_ITEM_KEY : X509_ITEM_CERT);
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 0777, ==, has_key ? 0600 : 0644);
	g_assert_true(!strstr(bytes, "BEGIN PRIVATE KEY"));
	g_assert_cmpint(remove(path), ==, 0);
}

static void export_plain(void)
{
	static const struct line acm[] = { { "GetCertificate", 200, GOT("$LEAF"), ARN }, END };
	static const struct line iam[] = {
		{ "GetServerCertificate", 200, "<R><GetServerCertificateResult><ServerCertificate>"
		  "<CertificateBody>$LEAF</CertificateBody><CertificateChain>$CA</CertificateChain>"
		  "</ServerCertificate></GetServerCertificateResult></R>", "ServerCertificateName=web&" },
		END
	};
	static const struct line issued[] = {
		{ "GetCertificate", 200, GOT("$LEAF"), "{\"CertificateAuthorityArn\":\"" CA_ADDRESS
		  "\",\"CertificateArn\":\"" CA_ADDRESS "/certificate/1\"}" },
		END
	};
	static const struct line own[] = {
		{ "GetCertificateAuthorityCertificate", 200, GOT("$LEAF"),
		  "{\"CertificateAuthorityArn\":\"" CA_ADDRESS "\"}" },
		END
	};
	struct stage s;

	take(&s, VERB_EXPORT, nothing);		/* its bytes are here */
	export_to(&s, "pem", false);
	run_well(&s, "www.example.org is written to");
	check_file(1, false);
	strike(&s);
	take(&s, VERB_EXPORT, acm);
	export_to(&s, "chain", false);
	run_well(&s, "(1 issuer known)");
	check_file(2, false);
	strike(&s);
	take_iam(&s, VERB_EXPORT, iam);
	export_to(&s, "pkcs7", false);
	run_well(&s, "as PKCS#7");
	check_file(2, false);
	strike(&s);
	take_ca(&s, VERB_EXPORT, "/certificate/1", issued);
	export_to(&s, "chain", false);
	run_well(&s, "PEM with its chain");
	check_file(2, false);
	strike(&s);
	take_ca(&s, VERB_EXPORT, "", own);
	g_clear_pointer(&s.play.op.cert.der, g_bytes_unref);
	export_to(&s, "der", false);
	run_well(&s, "as DER");
	check_file(1, false);
	strike(&s);
}

#define EXPORTED "{\"Certificate\":\"$LEAF\",\"CertificateChain\":\"$CA\",\"PrivateKey\":\"$KEY\"}"

static void export_key(void)
{
	static const struct line script[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", "") },
		{ "ExportCertificate", 400, ERROR("ValidationException", "Could not find relation of type "
		  "EXPORT for certificate") },
		{ "ExportCertificate", 200, EXPORTED, "{\"CertificateArn\":\"" ARN "\",\"Passphrase\":\"" },
		END
	};
	static const char *const formats[] = { "pem", "chain", "pkcs12" };

	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		struct stage s;

		take(&s, VERB_EXPORT, script);
		export_to(&s, formats[i], true);
		run_well(&s, "with its private key, encrypted");
		g_assert_cmpstr(s.play.op.touched->pdata[0], ==, "prod/acm");
		/* The same while one call is tried again. */
		g_assert_cmpstr(s.asked->pdata[1], ==, s.asked->pdata[2]);
		if (i < 2)
			check_file(i ? 2 : 1, true);
		strike(&s);
	}
}

/* For another store: in memory alone, and for a price where there is one. */
static void hand_key(void)
{
	static const struct line script[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE) },
		{ "ExportCertificate", 200, EXPORTED },
		END
	};
	static const struct line refused[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE) },
		END
	};
	static const struct line other[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "PRIVATE", "") },
		{ "ExportCertificate", 200, "{\"Certificate\":\"$LEAF\",\"PrivateKey\":\"nonsense\"}" },
		END
	};
	struct stage s;

	take(&s, VERB_DEPLOY, script);
	s.play.first = s.play.provider->hand;
	play_arg(&s.play, "charge", "yes");
	g_assert_true(play_run(&s.play));
	g_assert_true(g_bytes_equal(s.play.op.handed->cert, made.leaf));
	g_assert_nonnull(s.play.op.handed->key);
	g_assert_cmpuint(s.play.op.handed->chain->len, ==, 1);
	strike(&s);
	take(&s, VERB_DEPLOY, refused);
	s.play.first = s.play.provider->hand;
	run_badly(&s, ERR_REFUSED, "AWS charges", "charge", NULL);
	strike(&s);
	take(&s, VERB_DEPLOY, other);
	s.play.first = s.play.provider->hand;
	run_badly(&s, ERR_NOT_FOUND, "the private key that AWS gave out", NULL);
	strike(&s);
	take_iam(&s, VERB_DEPLOY, nothing);
	s.play.first = s.play.provider->hand;
	run_badly(&s, ERR_REFUSED, "IAM never gives back", NULL);
	strike(&s);
}

static void export_key_charged(void)
{
	static const struct line script[] = {
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE) },
		{ "ExportCertificate", 200, EXPORTED },
		END
	};
	struct stage s;

	take(&s, VERB_EXPORT, script);
	export_to(&s, "chain", true);
	play_arg(&s.play, "charge", "yes");
	run_well(&s, "with its private key");
	check_file(2, true);
	strike(&s);
}

static void expect_no_key(const char *described, int status, const char *answered, enum err code,
			  const char *part)
{
	const struct line script[] = {
		{ "DescribeCertificate", 200, described },
		{ answered ? "ExportCertificate" : NULL, status, answered },
		END
	};
	struct stage s;

	take(&s, VERB_EXPORT, script);
	export_to(&s, "pem", true);
	run_badly(&s, code, part, NULL);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	strike(&s);
}

static void export_key_not(void)
{
	struct stage s;

	remove(path);
	expect_no_key(DESCRIBED(ARN, "IMPORTED", ""), 0, NULL, ERR_REFUSED, "never gives back");
	expect_no_key(DESCRIBED(ARN, "AMAZON_ISSUED", ""), 0, NULL, ERR_REFUSED,
		      "not requested as exportable");
	expect_no_key(DESCRIBED(ARN, "AMAZON_ISSUED", EXPORTABLE), 0, NULL, ERR_REFUSED,
		      "AWS charges");
	expect_no_key(DESCRIBED(ARN, "PRIVATE", ""), 400, ERROR("RequestInProgressException", "wait"),
		      ERR_PENDING, "not issued yet");
	expect_no_key(DESCRIBED(ARN, "PRIVATE", ""), 200, "{\"Certificate\":\"$LEAF\"}", ERR_REPLY,
		      "no private key in the answer");
	expect_no_key(DESCRIBED(ARN, "PRIVATE", ""), 200, "{\"PrivateKey\":\"$KEY\"}", ERR_REPLY,
		      "no certificate in the answer");
	expect_no_key(DESCRIBED(ARN, "PRIVATE", ""), 200, "{\"Certificate\":\"$CA\",\"PrivateKey\":"
		      "\"nonsense\"}", ERR_NOT_FOUND, "the private key that AWS gave out");
	take_iam(&s, VERB_EXPORT, nothing);
	export_to(&s, "pem", true);
	run_badly(&s, ERR_REFUSED, "IAM never gives back", NULL);
	strike(&s);
	take_ca(&s, VERB_EXPORT, "/certificate/1", nothing);
	export_to(&s, "pem", true);
	run_badly(&s, ERR_REFUSED, "where the request was made", NULL);
	strike(&s);
	take(&s, VERB_EXPORT, nothing);
	play_arg(&s.play, "format", "der");
	play_arg(&s.play, "with-key", "yes");
	run_badly(&s, ERR_USAGE, "takes no private key", NULL);
	strike(&s);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	aws_stage_make();
	folder = play_folder();
	path = g_build_filename(folder, "out", NULL);
	g_test_add_func("/provider/aws/take/denied", denied);
	g_test_add_func("/provider/aws/take/not-open", not_open);
	g_test_add_func("/provider/aws/take/remove/acm", remove_acm);
	g_test_add_func("/provider/aws/take/remove/acm-not", remove_acm_not);
	g_test_add_func("/provider/aws/take/remove/iam", remove_iam);
	g_test_add_func("/provider/aws/take/renew/private", renew);
	g_test_add_func("/provider/aws/take/renew/public", renew_public);
	g_test_add_func("/provider/aws/take/renew/takes-long", renew_takes_long);
	g_test_add_func("/provider/aws/take/renew/fails", renew_fails);
	g_test_add_func("/provider/aws/take/renew/not", renew_not);
	g_test_add_func("/provider/aws/take/revoke/acm", revoke_acm);
	g_test_add_func("/provider/aws/take/revoke/acm-with-comment", revoke_with_comment);
	g_test_add_func("/provider/aws/take/revoke/private-ca", revoke_by_ca);
	g_test_add_func("/provider/aws/take/revoke/stays-known", revoked_stays_known);
	g_test_add_func("/provider/aws/take/revoke/not", revoke_not);
	g_test_add_func("/provider/aws/take/tag/acm", tags);
	g_test_add_func("/provider/aws/take/tag/iam", tags_of_iam);
	g_test_add_func("/provider/aws/take/tag/not", tags_not);
	g_test_add_func("/provider/aws/take/export/plain", export_plain);
	g_test_add_func("/provider/aws/take/export/key", export_key);
	g_test_add_func("/provider/aws/take/export/key-charged", export_key_charged);
	g_test_add_func("/provider/aws/take/hand", hand_key);
	g_test_add_func("/provider/aws/take/export/key-not", export_key_not);
	status = g_test_run();
	play_folder_gone(folder);
	g_free(path);
	return status;
}

/* test-aws-put: certificates with their keys go into ACM and IAM, played with transcripts. */
#include "aws-stage.h"

#include <string.h>

#include <certty/base/json.h>
#include <provider/aws/acm.h>

/* ---- importing into ACM ---- */

static void import(struct stage *s, const struct line *script)
{
	set_the_scene(s, VERB_IMPORT, "acm", ADDRESS, script);
	hand(s, made.leaf, NULL, true);
}

#define TAKEN "{\"CertificateArn\":\"" ARN "\"}"

static void import_new(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, LIST(SUMMARY(ARN2, "AMAZON_ISSUED", "EC_prime256v1") ","
						SUMMARY(ARN2, "IMPORTED", "RSA_2048")),
		  "\"keyTypes\":[\"RSA_1024\",\"RSA_2048\",\"RSA_3072\",\"RSA_4096\","
		  "\"EC_prime256v1\",\"EC_secp384r1\",\"EC_secp521r1\"]" },
		{ "ImportCertificate", 200, TAKEN, "\"Tags\":[{\"Key\":\"certty:id\",\"Value\":\"" },
		{ "GetCertificate", 400, ERROR("ResourceNotFoundException", "not yet") },
		{ "GetCertificate", 200, GOT("$LEAF"), ARN },
		END
	};
	struct stage s;
	g_autoptr(json) sent = NULL;
	g_autofree char *cert = make_pem(made.leaf), *ca = make_pem(made.ca), *key = NULL;
	g_autofree char *cert64 = g_base64_encode((guchar *)cert, strlen(cert));
	g_autofree char *ca64 = g_base64_encode((guchar *)ca, strlen(ca));
	gsize len;

	import(&s, script);
	run_well(&s, "www.example.org is in ACM in eu-west-1, as " ARN);
	check_placed(&s, ALIAS);
	g_assert_cmpstr(s.play.op.touched->pdata[0], ==, "prod/acm");
	sent = json_parse(s.asked->pdata[1], strlen(s.asked->pdata[1]), 1 << 20, NULL);
	g_assert_cmpstr(json_str(sent, "Certificate"), ==, cert64);
	g_assert_cmpstr(json_str(sent, "CertificateChain"), ==, ca64);
	key = (char *)g_base64_decode(json_str(sent, "PrivateKey"), &len);
	g_assert_true(g_str_has_prefix(key, "-----BEGIN PRIVATE KEY-----\n"));
	g_assert_true(!strncmp(key + len - 26, "-----END PRIVATE KEY-----\n", 26));
	strike(&s);
}

static void import_named(void)
{
	static const struct line script[] = {
		{ "ImportCertificate", 200, TAKEN, "{\"Key\":\"Name\",\"Value\":\"shop\"}" },
		{ "GetCertificate", 200, GOT("$LEAF"), ARN },
		END
	};
	struct stage s;

	import(&s, script);
	play_arg(&s.play, "replace", "new");
	play_arg(&s.play, "name", "shop");
	run_well(&s, "as " ARN);
	strike(&s);
}

static void import_is_there(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, LIST(SUMMARY(ARN, "IMPORTED", "EC_prime256v1")) },
		{ "GetCertificate", 200, GOT("$LEAF"), ARN },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", ""), ARN },
		END
	};
	struct stage s;

	import(&s, script);
	run_well(&s, "is there already, as " ARN "; nothing was sent");
	check_placed(&s, ALIAS);
	strike(&s);
}

static void import_in_place(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, "{\"CertificateSummaryList\":[],\"NextToken\":\"t1\"}" },
		{ "ListCertificates", 200, LIST(SUMMARY(ARN, "IMPORTED", "EC_prime256v1")),
		  "\"NextToken\":\"t1\"" },
		{ "GetCertificate", 200, GOT("$OTHER") },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		{ "ImportCertificate", 400, ERROR("ConflictException", "being changed") },
		{ "ImportCertificate", 200, TAKEN, "\"CertificateArn\":\"" ARN "\"" },
		{ "GetCertificate", 200, GOT("$OTHER") },
		{ "GetCertificate", 200, GOT("$LEAF") },
		END
	};
	struct stage s;

	import(&s, script);
	play_arg(&s.play, "replace", "same");
	run_well(&s, "in the place of what was " ARN);
	check_placed(&s, ALIAS);
	g_assert_null(strstr(s.asked->pdata[5], "Tags"));
	strike(&s);
}

static void import_where_there_is_one(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, LIST(SUMMARY(ARN, "IMPORTED", "EC_prime256v1")) },
		{ "GetCertificate", 200, GOT("$OTHER") },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		END
	};
	struct stage s;

	import(&s, script);
	play_arg(&s.play, "replace", "no");
	run_badly(&s, ERR_EXISTS, ARN, "(replace)", "nothing was sent", NULL);
	check_placed(&s, NULL);
	strike(&s);
}

static void import_where_there_are_several(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, LIST(SUMMARY(ARN, "IMPORTED", "EC_prime256v1") ","
						SUMMARY(ARN2, "IMPORTED", "EC_prime256v1")) },
		{ "GetCertificate", 200, GOT("$OTHER") },
		{ "DescribeCertificate", 200, DESCRIBED(ARN2, "IMPORTED", "") },
		{ "GetCertificate", 200, GOT("$OTHER") },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		END
	};
	struct stage s;

	import(&s, script);
	run_badly(&s, ERR_USAGE, "several", ARN, ARN2, "nothing was sent", NULL);
	strike(&s);
}

/* What was read a minute ago does not have what came since: ACM is asked. */
static void import_beside_memo(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, LIST(SUMMARY(ARN, "IMPORTED", "EC_prime256v1")) },
		{ "GetCertificate", 200, GOT("$OTHER") },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", ""), ARN },
		{ "ImportCertificate", 200, TAKEN, "\"CertificateArn\":\"" ARN "\"" },
		{ "GetCertificate", 200, GOT("$LEAF") },
		END
	};
	static const char summary[] = SUMMARY(ARN2, "IMPORTED", "EC_prime256v1");
	g_autoptr(json) j = json_parse(summary, strlen(summary), 4096, NULL);
	g_autoptr(GHashTable) certs = g_hash_table_new(g_str_hash, g_str_equal);
	struct acm_cert *c;
	struct stage s;

	import(&s, script);
	play_arg(&s.play, "replace", "same");
	c = acm_cert_read(j, s.play.store);
	g_hash_table_insert(certs, c->alias, c);
	s.play.op.memo = acm_memo_write(certs, 0);
	s.play.store->seen = MAKE_NOW - 60;
	run_well(&s, ARN);
	check_placed(&s, ALIAS);
	strike(&s);
	acm_cert_free(c);
}

static void import_chosen(const char *name)
{
	static const struct line script[] = {
		{ "GetCertificate", 200, GOT("$OTHER"), ARN },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		{ "ImportCertificate", 200, TAKEN, "\"CertificateArn\":\"" ARN "\"" },
		{ "GetCertificate", 200, GOT("$LEAF") },
		END
	};
	struct stage s;

	import(&s, script);
	if (name)
		play_arg(&s.play, "name", name);
	else		/* as a deployment does that is done again */
		s.play.op.cert.alias = ALIAS;
	run_well(&s, ARN);
	strike(&s);
}

static void import_chosen_by(void)
{
	import_chosen(ARN);
	import_chosen(ALIAS);
	import_chosen(strchr(ALIAS, '/') + 1);
	import_chosen(NULL);
}

static void expect_no_place(const char *described, int status, enum err code, const char *part)
{
	const struct line script[] = {
		{ "GetCertificate", 200, GOT("$OTHER") },
		{ "DescribeCertificate", status, described },
		END
	};
	struct stage s;

	import(&s, script);
	play_arg(&s.play, "name", ARN);
	run_badly(&s, code, part, NULL);
	strike(&s);
}

static void import_places_that_do_not_do(void)
{
	static const struct line none[] = { END };
	struct stage s;

	expect_no_place(DESCRIBED(ARN, "AMAZON_ISSUED", ""), 200, ERR_REFUSED,
			"only imported ones can be replaced");
	expect_no_place(ERROR("ResourceNotFoundException", "gone"), 400, ERR_NOT_FOUND,
			ARN " is not there");
	expect_no_place("{\"Certificate\":{\"CertificateArn\":\"" ARN "\"," NAMES
			",\"Type\":\"IMPORTED\",\"KeyAlgorithm\":\"RSA-2048\"}}", 200, ERR_REFUSED,
			"RSA_2048 and the new one EC_prime256v1");
	expect_no_place("{\"Certificate\":{\"CertificateArn\":\"" ARN "\",\"DomainName\":\"a.example\""
			",\"Type\":\"IMPORTED\",\"KeyAlgorithm\":\"EC-prime256v1\"}}", 200, ERR_REFUSED,
			"shares no name");
	import(&s, none);
	play_arg(&s.play, "name", "arn:aws:acm:us-east-1:111122223333:" ALIAS);
	run_badly(&s, ERR_USAGE, "another account or region", NULL);
	strike(&s);
}

/* ---- what is lost on the way ---- */

static void import_lost_and_not_found(void)
{
	static const struct line script[] = {
		{ "ImportCertificate", 0, NULL, "certty:id" },
		{ "ListCertificates", 200, LIST("") },
		{ "ListCertificates", 200, LIST(SUMMARY(ARN, "IMPORTED", "EC_prime256v1")) },
		{ "GetCertificate", 200, GOT("$LEAF") },
		{ "ListTagsForCertificate", 200,
		  "{\"Tags\":[{\"Key\":\"certty:id\",\"Value\":\"another\"},{\"Key\":\"x\"}]}" },
		{ "ListCertificates", 200, LIST("") },
		END
	};
	struct stage s;

	import(&s, script);
	play_arg(&s.play, "replace", "new");
	run_badly(&s, ERR_NETWORK, "it broke", "not among the certificates there",
		  "sends nothing when it has arrived", NULL);
	check_placed(&s, NULL);
	g_assert_cmpstr(s.play.op.touched->pdata[0], ==, "prod/acm");
	strike(&s);
}

/* Answers the tags with the one that was sent. */
static struct reply *answer_tags(struct play *p, const struct request_out *request)
{
	static char with[200];
	struct stage *s = p->who;
	const struct line *line = s->script;
	const char *sent = s->asked->len ? strstr(s->asked->pdata[0], "certty:id\",\"Value\":\"") :
					   NULL;

	if (!strcmp(line->operation, "ListTagsForCertificate")) {
		const struct line tags = { "ListTagsForCertificate", 200, with };
		g_autofree char *id = g_strndup(sent + 20, 36);
		struct reply *r;

		g_snprintf(with, sizeof(with), "{\"Tags\":[{\"Key\":\"certty:id\",\"Value\":\"%s\"}]}",
			   id);
		s->script = &tags;
		r = stage_answer(p, request);
		s->script = line + 1;
		return r;
	}
	return stage_answer(p, request);
}

static void import_lost_and_tagged(void)
{
	static const struct line script[] = {
		{ "ImportCertificate", 0, NULL, "certty:id" },
		{ "ListCertificates", 200, LIST(SUMMARY(ARN, "IMPORTED", "EC_prime256v1")) },
		{ "GetCertificate", 200, GOT("$LEAF") },
		{ "ListTagsForCertificate", 200, "" },
		{ "GetCertificate", 200, GOT("$LEAF") },
		END
	};
	struct stage s;

	import(&s, script);
	s.play.answer = answer_tags;
	play_arg(&s.play, "replace", "new");
	run_well(&s, ARN);
	check_placed(&s, ALIAS);
	strike(&s);
}

/* Who may not read tags knows by the bytes, since they were not there before. */
static void import_lost_without_tags(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, LIST("") },
		{ "ImportCertificate", 500, ERROR("InternalFailure", "sorry") },
		{ "ListCertificates", 200, LIST(SUMMARY(ARN, "IMPORTED", "EC_prime256v1")) },
		{ "GetCertificate", 200, GOT("$LEAF") },
		{ "ListTagsForCertificate", 400, DENIED("acm:ListTagsForCertificate") },
		{ "GetCertificate", 200, GOT("$LEAF") },
		END
	};
	struct stage s;

	import(&s, script);
	run_well(&s, ARN);
	check_placed(&s, ALIAS);
	strike(&s);
}

static void import_lost_altogether(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, LIST("") },
		{ "ImportCertificate", 200, "{\"Certif" },	/* cut off */
		{ "ListCertificates", 0, NULL },
		END
	};
	struct stage s;

	import(&s, script);
	run_badly(&s, ERR_FORMAT, "whether it arrived could not be found out", NULL);
	strike(&s);
}

/* Under an ARN nothing can be doubled: what is there tells. */
static void import_in_place_lost(void)
{
	static const struct line script[] = {
		{ "GetCertificate", 200, GOT("$OTHER") },
		{ "DescribeCertificate", 200, DESCRIBED(ARN, "IMPORTED", "") },
		{ "ImportCertificate", 0, NULL },
		{ "GetCertificate", 200, GOT("$LEAF") },
		END
	};
	struct stage s;

	import(&s, script);
	play_arg(&s.play, "name", ALIAS);
	run_well(&s, "in the place of what was " ARN);
	strike(&s);
}

/* ---- what AWS refuses ---- */

static void expect_refusal(int status, const char *answered, enum err code, const char *part)
{
	const struct line script[] = {
		{ "ListCertificates", 200, LIST("") },
		{ "ImportCertificate", status, answered },
		END
	};
	struct stage s;

	import(&s, script);
	run_badly(&s, code, "importing into ACM in eu-west-1", part, NULL);
	check_placed(&s, NULL);
	strike(&s);
}

static void import_refused(void)
{
	static const struct line list[] = {
		{ "ListCertificates", 400, DENIED("acm:ListCertificates") },
		END
	};
	struct stage s;

	expect_refusal(400, ERROR("LimitExceededException", "you have reached your limit"), ERR_LIMIT,
		       "trying again does not help");
	expect_refusal(400, DENIED("acm:ImportCertificate"), ERR_REFUSED,
		       "acm:ImportCertificate is missing (AWSCertificateManagerFullAccess");
	expect_refusal(400, DENIED("acm:AddTagsToCertificate"), ERR_REFUSED,
		       "acm:AddTagsToCertificate is missing");
	expect_refusal(400, "{\"__type\":\"AccessDeniedException\"}", ERR_REFUSED,
		       "acm:ImportCertificate is missing");
	expect_refusal(400, ERROR("ValidationException", "Could not validate the certificate"),
		       ERR_USAGE, "Could not validate the certificate");
	expect_refusal(400, ERROR("TagPolicyException", "no"), ERR_FAILED, "TagPolicyException");
	import(&s, list);
	run_badly(&s, ERR_REFUSED, "acm:ListCertificates is missing", NULL);
	strike(&s);
}

static void import_of_another_family(void)
{
	static const struct line script[] = {
		{ "ImportCertificate", 400, ERROR("ValidationException", "no") },
		END
	};
	struct stage s;

	set_the_scene(&s, VERB_IMPORT, "acm", ADDRESS, script);
	hand(&s, made.rsa, made.rsa_key, true);
	play_arg(&s.play, "replace", "new");
	run_badly(&s, ERR_USAGE, "of another family than its issuer's", NULL);
	strike(&s);
}

/* A region that knows fewer kinds of keys is asked for ours alone. */
static void import_where_keys_are_few(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 400, ERROR("ValidationException", "keyTypes") },
		{ "ListCertificates", 200, LIST(""), "\"keyTypes\":[\"EC_prime256v1\"]" },
		{ "ImportCertificate", 200, TAKEN },
		{ "GetCertificate", 400, DENIED("acm:GetCertificate") },
		END
	};
	struct stage s;

	import(&s, script);
	run_well(&s, ARN);
	check_placed(&s, ALIAS);
	g_assert_true(play_has_trouble(&s.play, "acm:GetCertificate is missing"));
	strike(&s);
}

static void import_list_that_turns_round(void)
{
	static const struct line script[] = {
		{ "ListCertificates", 200, "{\"CertificateSummaryList\":[],\"NextToken\":\"t\"}" },
		{ "ListCertificates", 200, "{\"CertificateSummaryList\":[],\"NextToken\":\"t\"}" },
		END
	};
	struct stage s;

	import(&s, script);
	run_badly(&s, ERR_REPLY, "the same token twice", NULL);
	strike(&s);
}

/* ---- what is not sent at all ---- */

static void expect_not_sent(GBytes *leaf, EVP_PKEY *key, bool with_chain, const char *part)
{
	static const struct line none[] = { END };
	struct stage s;

	set_the_scene(&s, VERB_IMPORT, "acm", ADDRESS, none);
	hand(&s, leaf, key, with_chain);
	run_badly(&s, ERR_USAGE, part, "nothing was sent", NULL);
	strike(&s);
}

static void not_sent(void)
{
	static const struct line none[] = { END };
	GBytes *small = make_cert_der(&(struct make){ .subject = "a.example.org",
						      .key = made.small_key });
	GBytes *huge;
	GString *names = g_string_new("DNS:www.example.org");
	struct stage s;

	expect_not_sent(made.early, NULL, true, "not valid before 2026-");
	expect_not_sent(made.late, NULL, true, "it expired on 2026-");
	expect_not_sent(made.first, NULL, true, "version 1");
	expect_not_sent(made.leaf, made.rsa_key, true, "the private key is not that");
	expect_not_sent(made.leaf, NULL, false, "its issuer's certificate (Test CA) is not there");
	expect_not_sent(small, made.small_key, false, "this one is Ed25519");
	for (int i = 0; i < 900; i++)
		g_string_append_printf(names, ",DNS:a-rather-long-name-for-a-host-%d.example.org", i);
	huge = make_cert_der(&(struct make){ .subject = "www.example.org", .sans = names->str });
	expect_not_sent(huge, NULL, false, "at most 32768 are taken");
	set_the_scene(&s, VERB_IMPORT, "acm", ADDRESS, none);
	s.bundle = bundle_new(made.leaf, &made.ca, 1, NULL, NULL);
	s.play.op.bundle = s.bundle;
	run_badly(&s, ERR_USAGE, "its private key is not there", NULL);
	strike(&s);
	set_the_scene(&s, VERB_IMPORT, "private-ca", ADDRESS "x", none);
	hand(&s, made.leaf, NULL, true);
	run_badly(&s, ERR_REFUSED, "takes no certificates", NULL);
	strike(&s);
	g_bytes_unref(small);
	g_bytes_unref(huge);
	g_string_free(names, TRUE);
}

static void import_of_a_file(void)
{
	static const struct line script[] = {
		{ "ImportCertificate", 200, TAKEN },
		{ "GetCertificate", 200, GOT("$LEAF") },
		END
	};
	g_autofree char *folder = play_folder(), *path = NULL, *all = NULL;
	g_autofree char *leaf = make_pem(made.leaf), *ca = make_pem(made.ca);
	g_autoptr(x509_key) key = key_of(NULL);
	g_autoptr(secret) open = make_secret("open"), locked = x509_key_pem(key, open, NULL);
	struct stage s;

	path = g_build_filename(folder, "in.pem", NULL);
	all = g_strconcat("text before\r\n", leaf, ca, locked->bytes, NULL);
	g_assert_true(g_file_set_contents(path, all, -1, NULL));
	set_the_scene(&s, VERB_IMPORT, "acm", ADDRESS, script);
	play_arg(&s.play, "file", path);
	play_arg(&s.play, "replace", "new");
	play_secret(&s.play, "passphrase", "open");
	run_well(&s, ARN);
	g_assert_cmpstr(s.play.op.placed.alias, ==, ALIAS);
	strike(&s);
	set_the_scene(&s, VERB_IMPORT, "acm", ADDRESS, script + 2);
	play_arg(&s.play, "file", path);
	play_secret(&s.play, "passphrase", "wrong");
	run_badly(&s, ERR_PASSPHRASE, "in.pem", NULL);
	strike(&s);
	play_folder_gone(g_steal_pointer(&folder));
}

/* ---- uploading to IAM ---- */

#define UPLOADED "<UploadServerCertificateResponse><UploadServerCertificateResult/>" \
		 "</UploadServerCertificateResponse>"
#define IAM_GOT(arn, pem)                                                          \
	"<GetServerCertificateResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">" \
	"<GetServerCertificateResult><ServerCertificate><ServerCertificateMetadata><Arn>" arn \
	"</Arn></ServerCertificateMetadata><CertificateBody>" pem "</CertificateBody>" \
	"<CertificateChain>$CA</CertificateChain></ServerCertificate>"             \
	"</GetServerCertificateResult></GetServerCertificateResponse>"
#define WEB "server-certificate/cloudfront/web"

static void upload(struct stage *s, const char *name, const struct line *script)
{
	set_the_scene(s, VERB_IMPORT, "iam", IAM_ADDRESS, script);
	hand(s, made.leaf, NULL, true);
	if (name)
		play_arg(&s->play, "name", name);
}

static void upload_new(void)
{
	static const struct line script[] = {
		{ "UploadServerCertificate", 200, UPLOADED,
		  "ServerCertificateName=www.example.org-2026-08-22&Path=%2F&CertificateBody=-----BEGIN"
		  "%20CERTIFICATE-----%0A" },
		{ "GetServerCertificate", 404, XML_ERROR("NoSuchEntity", "not yet") },
		{ "GetServerCertificate", 200, IAM_GOT(IAM_ADDRESS "server-certificate/x", "$LEAF"),
		  "ServerCertificateName=www.example.org-2026-08-22" },
		END
	};
	struct stage s;

	upload(&s, NULL, script);
	run_well(&s, "is in IAM as www.example.org-2026-08-22");
	check_placed(&s, "server-certificate/x");
	g_assert_nonnull(strstr(s.asked->pdata[0], "PrivateKey=-----BEGIN%20PRIVATE%20KEY-----%0A"));
	strike(&s);
}

static void upload_with_path(const char *name, const char *part)
{
	const struct line script[] = {
		{ "UploadServerCertificate", 200, UPLOADED, part },
		{ "GetServerCertificate", 200, IAM_GOT("", "$LEAF") },
		END
	};
	struct stage s;

	upload(&s, name, script);
	run_well(&s, "IAM replaces nothing");
	strike(&s);
}

static void upload_paths(void)
{
	upload_with_path("/cloudfront/web", "ServerCertificateName=web&Path=%2Fcloudfront%2F&");
	upload_with_path("cloudfront/web", "ServerCertificateName=web&Path=%2Fcloudfront%2F&");
	upload_with_path(WEB, "ServerCertificateName=www.example.org-2026-08-22-");
	upload_with_path(WEB, "&Path=%2Fcloudfront%2F&");
}

static void upload_exists(void)
{
	static const struct line same[] = {
		{ "UploadServerCertificate", 409, XML_ERROR("EntityAlreadyExists", "there") },
		{ "GetServerCertificate", 200, IAM_GOT(IAM_ADDRESS WEB, "$LEAF") },
		END
	};
	static const struct line other[] = {
		{ "UploadServerCertificate", 409, XML_ERROR("EntityAlreadyExists", "there") },
		{ "GetServerCertificate", 200, IAM_GOT(IAM_ADDRESS WEB, "$OTHER") },
		END
	};
	struct stage s;

	upload(&s, "web", same);
	run_well(&s, "is already in IAM as web; nothing was changed");
	check_placed(&s, WEB);
	strike(&s);
	upload(&s, "web", other);
	run_badly(&s, ERR_EXISTS, "another certificate has that name", "choose another name", NULL);
	strike(&s);
}

static void upload_lost(void)
{
	static const struct line script[] = {
		{ "UploadServerCertificate", 0, NULL },
		{ "GetServerCertificate", 404, XML_ERROR("NoSuchEntity", "not yet") },
		{ "GetServerCertificate", 200, IAM_GOT(IAM_ADDRESS WEB, "$LEAF") },
		END
	};
	static const struct line twice[] = {
		{ "UploadServerCertificate", 503, "<html>gateway</html>" },
		{ "GetServerCertificate", 0, NULL },
		END
	};
	struct stage s;

	upload(&s, "/cloudfront/web", script);
	run_well(&s, "is in IAM as web");
	check_placed(&s, WEB);
	strike(&s);
	upload(&s, "web", twice);
	run_badly(&s, ERR_BUSY, "whether it arrived is not known", "does no harm", NULL);
	strike(&s);
}

static void expect_no_upload(int status, const char *answered, enum err code, const char *part)
{
	const struct line script[] = {
		{ "UploadServerCertificate", status, answered },
		END
	};
	struct stage s;

	upload(&s, "web", script);
	run_badly(&s, code, "uploading web to IAM", part, NULL);
	check_placed(&s, NULL);
	strike(&s);
}

static void upload_refused(void)
{
	static const struct line none[] = { END };
	struct stage s;

	expect_no_upload(409, XML_ERROR("LimitExceeded", "20"), ERR_LIMIT, "remove one, or use ACM");
	expect_no_upload(400, XML_ERROR("MalformedCertificate", "Unable to parse"), ERR_FAILED,
			 "Unable to parse");
	expect_no_upload(400, XML_ERROR("KeyPairMismatch", "keys"), ERR_FAILED, "KeyPairMismatch");
	expect_no_upload(403, XML_ERROR("AccessDenied", "User: a is not authorized to perform: "
					"iam:UploadServerCertificate on resource: b"), ERR_REFUSED,
			 "iam:UploadServerCertificate is missing (IAMFullAccess");
	upload(&s, "a b", none);
	run_badly(&s, ERR_USAGE, "letters, digits", "nothing was sent", NULL);
	strike(&s);
	upload(&s, "a b/c", none);
	run_badly(&s, ERR_USAGE, "paths", "nothing was sent", NULL);
	strike(&s);
}

static void upload_not_read_back(void)
{
	static const struct line script[] = {
		{ "UploadServerCertificate", 200, UPLOADED },
		{ "GetServerCertificate", 403, XML_ERROR("AccessDenied", "no") },
		END
	};
	struct stage s;

	upload(&s, "web", script);
	run_well(&s, "is in IAM as web");
	check_placed(&s, "server-certificate/web");
	g_assert_true(play_has_trouble(&s.play, "iam:GetServerCertificate is missing"));
	strike(&s);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	aws_stage_make();
	g_test_add_func("/provider/aws/put/acm/new", import_new);
	g_test_add_func("/provider/aws/put/acm/named", import_named);
	g_test_add_func("/provider/aws/put/acm/is-there", import_is_there);
	g_test_add_func("/provider/aws/put/acm/in-place", import_in_place);
	g_test_add_func("/provider/aws/put/acm/there-is-one", import_where_there_is_one);
	g_test_add_func("/provider/aws/put/acm/there-are-several", import_where_there_are_several);
	g_test_add_func("/provider/aws/put/acm/beside-memo", import_beside_memo);
	g_test_add_func("/provider/aws/put/acm/chosen-by", import_chosen_by);
	g_test_add_func("/provider/aws/put/acm/places-that-do-not-do",
			import_places_that_do_not_do);
	g_test_add_func("/provider/aws/put/acm/lost-and-not-found", import_lost_and_not_found);
	g_test_add_func("/provider/aws/put/acm/lost-and-tagged", import_lost_and_tagged);
	g_test_add_func("/provider/aws/put/acm/lost-without-tags", import_lost_without_tags);
	g_test_add_func("/provider/aws/put/acm/lost-altogether", import_lost_altogether);
	g_test_add_func("/provider/aws/put/acm/in-place-lost", import_in_place_lost);
	g_test_add_func("/provider/aws/put/acm/refused", import_refused);
	g_test_add_func("/provider/aws/put/acm/another-family", import_of_another_family);
	g_test_add_func("/provider/aws/put/acm/keys-are-few", import_where_keys_are_few);
	g_test_add_func("/provider/aws/put/acm/list-turns-round", import_list_that_turns_round);
	g_test_add_func("/provider/aws/put/acm/not-sent", not_sent);
	g_test_add_func("/provider/aws/put/acm/file", import_of_a_file);
	g_test_add_func("/provider/aws/put/iam/new", upload_new);
	g_test_add_func("/provider/aws/put/iam/paths", upload_paths);
	g_test_add_func("/provider/aws/put/iam/exists", upload_exists);
	g_test_add_func("/provider/aws/put/iam/lost", upload_lost);
	g_test_add_func("/provider/aws/put/iam/refused", upload_refused);
	g_test_add_func("/provider/aws/put/iam/not-read-back", upload_not_read_back);
	return g_test_run();
}

/*
 * x509_parts: the extensions of certificates and requests, in words.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/err.h>

#include <certty/base/text.h>

#define WORDS_MAX 64		/* of one extension, where there is no bound of its own */
#define LINES_MAX (256u << 10)	/* bytes of a printed form */

/* clang-format off */
static const char *const usages[] = {
	"digital signature", "non-repudiation", "key encipherment", "data encipherment",
	"key agreement", "signing certificates", "signing CRLs", "encipher only",
	"decipher only",
};

static const struct {
	int nid;
	const char *word;
} purposes_known[] = {
	{ NID_server_auth,      "TLS server" },
	{ NID_client_auth,      "TLS client" },
	{ NID_code_sign,        "code signing" },
	{ NID_email_protect,    "e-mail" },
	{ NID_time_stamp,       "time stamping" },
	{ NID_OCSP_sign,        "OCSP signing" },
	{ NID_anyExtendedKeyUsage, "anything" },
	{ NID_ms_smartcard_login, "smart card logon" },
};

static const struct {
	const char *oid, *word;
} policies_known[] = {
	{ "2.23.140.1.1",   "extended validation" },
	{ "2.23.140.1.2.1", "domain validated" },
	{ "2.23.140.1.2.2", "organisation validated" },
	{ "2.23.140.1.2.3", "individual validated" },
};
/* clang-format on */

GPtrArray *x509_words_new(void)
{
	return g_ptr_array_new_with_free_func(g_free);
}

static bool is_full(const GPtrArray *words)
{
	return words->len >= WORDS_MAX;
}

GPtrArray *x509_usage_words(const ASN1_BIT_STRING *usage)
{
	GPtrArray *words = x509_words_new();

	for (size_t i = 0; usage && i < G_N_ELEMENTS(usages); i++)
		if (ASN1_BIT_STRING_get_bit(usage, (int)i))
			g_ptr_array_add(words, g_strdup(usages[i]));
	return words;
}

static char *purpose_word(const ASN1_OBJECT *oid)
{
	int nid = OBJ_obj2nid(oid);

	for (size_t i = 0; nid != NID_undef && i < G_N_ELEMENTS(purposes_known); i++)
		if (purposes_known[i].nid == nid)
			return g_strdup(purposes_known[i].word);
	return x509_oid(oid);
}

GPtrArray *x509_purpose_words(const EXTENDED_KEY_USAGE *purposes)
{
	GPtrArray *words = x509_words_new();

	for (int i = 0; i < sk_ASN1_OBJECT_num(purposes) && !is_full(words); i++)
		g_ptr_array_add(words, purpose_word(sk_ASN1_OBJECT_value(purposes, i)));
	return words;
}

GPtrArray *x509_name_words(const GENERAL_NAMES *names, size_t max, bool *ret_odd)
{
	GPtrArray *words = x509_words_new();

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && words->len < max; i++)
		g_ptr_array_add(words,
				x509_general_name(sk_GENERAL_NAME_value(names, i), ret_odd));
	return words;
}

GPtrArray *x509_policy_words(const CERTIFICATEPOLICIES *policies)
{
	GPtrArray *words = x509_words_new();

	for (int i = 0; i < sk_POLICYINFO_num(policies) && !is_full(words); i++) {
		char *word = x509_oid(sk_POLICYINFO_value(policies, i)->policyid);

		for (size_t k = 0; k < G_N_ELEMENTS(policies_known); k++) {
			if (strcmp(word, policies_known[k].oid) == 0) {
				g_free(word);
				word = g_strdup(policies_known[k].word);
				break;
			}
		}
		g_ptr_array_add(words, word);
	}
	return words;
}

GPtrArray *x509_crl_words(const CRL_DIST_POINTS *points)
{
	GPtrArray *words = x509_words_new();
	bool odd;

	for (int i = 0; i < sk_DIST_POINT_num(points) && !is_full(words); i++) {
		const DIST_POINT_NAME *name = sk_DIST_POINT_value(points, i)->distpoint;
		const GENERAL_NAMES *all = name && name->type == 0 ? name->name.fullname : NULL;

		for (int j = 0; j < sk_GENERAL_NAME_num(all) && !is_full(words); j++)
			g_ptr_array_add(words, x509_general_name(sk_GENERAL_NAME_value(all, j),
								 &odd));
	}
	return words;
}

GPtrArray *x509_access_words(const AUTHORITY_INFO_ACCESS *access, int nid)
{
	GPtrArray *words = x509_words_new();
	bool odd;

	for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access) && !is_full(words); i++) {
		const ACCESS_DESCRIPTION *a = sk_ACCESS_DESCRIPTION_value(access, i);

		if (OBJ_obj2nid(a->method) == nid)
			g_ptr_array_add(words, x509_general_name(a->location, &odd));
	}
	return words;
}

GPtrArray *x509_unknown_words(const STACK_OF(X509_EXTENSION) *extensions)
{
	GPtrArray *words = x509_words_new();

	for (int i = 0; i < sk_X509_EXTENSION_num(extensions) && !is_full(words); i++) {
		X509_EXTENSION *e = sk_X509_EXTENSION_value(extensions, i);

		if (X509_EXTENSION_get_critical(e) && !X509_supported_extension(e))
			g_ptr_array_add(words, x509_oid(X509_EXTENSION_get_object(e)));
	}
	return words;
}

char *x509_shown(const char *name)
{
	g_autofree char *unicode = text_idn_show(name);

	if (strcmp(unicode, name) == 0)
		return g_strdup(name);
	return g_strdup_printf("%s (%s)", name, unicode);
}

char *x509_lines(BIO *printed)
{
	GString *lines = g_string_new(NULL);
	char *text;
	long len = BIO_get_mem_data(printed, &text);

	text_harmless_lines(lines, text, (size_t)MAX(len, 0), LINES_MAX);
	ERR_clear_error();
	return g_string_free(lines, FALSE);
}

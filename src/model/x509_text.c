/*
 * x509_text: what stands in a certificate, as harmless text; and how a failure is told.
 *
 * This is the gate for everything that a certificate says: no string leaves it that has not
 * been through text_harmless() and its bound.
 */
#include "x509_own.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>

#include <certty/base/text.h>

#define UPN "1.3.6.1.4.1.311.20.2.3"

/* ---- strings ---- */

char *x509_harmless(const void *bytes, size_t len, size_t max)
{
	const char *s = bytes;
	GString *out;
	size_t i = 0;

	while (i < len && s[i] >= ' ' && s[i] <= '~')
		i++;
	if (i == len && len <= max)
		return g_strndup(s, len);
	out = g_string_new(NULL);
	text_harmless(out, bytes, len, max);
	return g_string_free(out, FALSE);
}

char *x509_string(const ASN1_STRING *s, size_t max)
{
	int type = ASN1_STRING_type(s);
	unsigned char *utf8 = NULL;
	char *text;
	int n;

	if (type == V_ASN1_BMPSTRING || type == V_ASN1_UNIVERSALSTRING || type == V_ASN1_T61STRING) {
		n = ASN1_STRING_to_UTF8(&utf8, s);
		if (n >= 0) {
			text = x509_harmless(utf8, (size_t)n, max);
			OPENSSL_free(utf8);
			return text;
		}
		ERR_clear_error();
	}
	return x509_harmless(ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s), max);
}

bool x509_string_is_sound(const ASN1_STRING *s)
{
	const char *bytes = (const char *)ASN1_STRING_get0_data(s);
	int len = ASN1_STRING_length(s);
	unsigned char *utf8 = NULL;
	int n;

	switch (ASN1_STRING_type(s)) {
	case V_ASN1_UTF8STRING:
		return g_utf8_validate_len(bytes, (gsize)len, NULL);
	case V_ASN1_BMPSTRING:
	case V_ASN1_UNIVERSALSTRING:
		n = ASN1_STRING_to_UTF8(&utf8, s);
		ERR_clear_error();
		if (n < 0)
			return false;
		len = memchr(utf8, 0, (size_t)n) ? -1 : 0;
		OPENSSL_free(utf8);
		return len == 0;
	default:
		return len == 0 || !memchr(bytes, 0, (size_t)len);
	}
}

char *x509_oid(const ASN1_OBJECT *oid)
{
	char digits[256];
	int nid = OBJ_obj2nid(oid);

	if (nid != NID_undef)
		return g_strdup(OBJ_nid2sn(nid));
	if (OBJ_obj2txt(digits, sizeof digits, oid, 1) <= 0) {
		ERR_clear_error();
		return g_strdup("(unreadable OID)");
	}
	return g_strdup(digits);
}

/* ---- distinguished names ---- */

void x509_add_entry(GString *out, const X509_NAME_ENTRY *entry)
{
	g_autofree char *key = x509_oid(X509_NAME_ENTRY_get_object(entry));
	g_autofree char *value = x509_string(X509_NAME_ENTRY_get_data(entry), FACTS_TEXT);

	g_string_append_printf(out, "%s%s=%s", out->len ? ", " : "", key, value);
}

char *x509_name_line(const X509_NAME *name)
{
	GString *line = g_string_new(NULL);

	for (int i = 0; i < X509_NAME_entry_count(name) && line->len < X509_LINE; i++)
		x509_add_entry(line, X509_NAME_get_entry(name, i));
	return g_string_free(line, FALSE);
}

char *x509_name_entry(const X509_NAME *name, int nid)
{
	for (int i = X509_NAME_entry_count(name) - 1; i >= 0; i--) {
		const X509_NAME_ENTRY *e = X509_NAME_get_entry(name, i);

		if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(e)) == nid)
			return x509_string(X509_NAME_ENTRY_get_data(e), FACTS_TEXT);
	}
	return NULL;
}

/* ---- subject alternative names ---- */

static char *address(const ASN1_OCTET_STRING *ip, bool *ret_odd)
{
	char text[INET6_ADDRSTRLEN];
	const uint8_t *bytes = ASN1_STRING_get0_data(ip);
	int len = ASN1_STRING_length(ip);
	g_autofree char *hex = NULL;

	if (len == 4 || len == 16)
		return g_strdup(inet_ntop(len == 4 ? AF_INET : AF_INET6, bytes, text,
					  sizeof text));
	*ret_odd = true;
	hex = x509_hex(bytes, (size_t)MIN(len, 64));
	return g_strconcat("IP:", hex, NULL);
}

static char *other_name(const OTHERNAME *other, bool *ret_odd)
{
	char oid[128] = "";
	g_autofree char *value = NULL;
	int type = other->value->type;

	OBJ_obj2txt(oid, sizeof oid, other->type_id, 1);
	if (type == V_ASN1_UTF8STRING || type == V_ASN1_IA5STRING ||
	    type == V_ASN1_PRINTABLESTRING || type == V_ASN1_BMPSTRING) {
		value = x509_string(other->value->value.asn1_string, FACTS_TEXT);
		if (!x509_string_is_sound(other->value->value.asn1_string))
			*ret_odd = true;
	}
	if (value && strcmp(oid, UPN) == 0)
		return g_strconcat("UPN:", value, NULL);
	return g_strconcat("otherName:", oid, value ? "=" : "", value ? value : "", NULL);
}

char *x509_general_name(const GENERAL_NAME *name, bool *ret_odd)
{
	g_autofree char *inner = NULL;
	int type;
	const void *value = GENERAL_NAME_get0_value(name, &type);

	switch (type) {
	case GEN_DNS:
	case GEN_EMAIL:
	case GEN_URI:
		if (!x509_string_is_sound(value))
			*ret_odd = true;
		return x509_string(value, FACTS_TEXT);
	case GEN_IPADD:
		return address(value, ret_odd);
	case GEN_DIRNAME:
		inner = x509_name_line(value);
		return g_strconcat("dirName:", inner, NULL);
	case GEN_RID:
		inner = x509_oid(value);
		return g_strconcat("RID:", inner, NULL);
	case GEN_OTHERNAME:
		return other_name(value, ret_odd);
	default:
		return g_strdup(type == GEN_X400 ? "x400Address" : "ediPartyName");
	}
}

/* ---- numbers ---- */

bool x509_time(const ASN1_TIME *t, int64_t *ret_seconds)
{
	struct tm tm;

	if (!ASN1_TIME_to_tm(t, &tm)) {
		ERR_clear_error();
		return false;
	}
	*ret_seconds = timegm(&tm);
	return true;
}

char *x509_hex(const uint8_t *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *hex = g_malloc(len * 2 + 1);

	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digits[bytes[i] >> 4];
		hex[2 * i + 1] = digits[bytes[i] & 15];
	}
	hex[len * 2] = '\0';
	return hex;
}

char *x509_serial(const ASN1_INTEGER *serial)
{
	int len = ASN1_STRING_length(serial);
	g_autofree char *hex = x509_hex(ASN1_STRING_get0_data(serial), (size_t)MIN(len, 256));

	return g_strconcat(ASN1_STRING_type(serial) & V_ASN1_NEG ? "-" : "",
			   len ? hex : "00", NULL);
}

void x509_digest(const EVP_MD *md, const uint8_t *bytes, size_t len, GString *out)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	EVP_Digest(bytes, len, digest, &n, md, NULL);
	for (unsigned i = 0; i < n; i++)
		g_string_append_printf(out, "%02x", digest[i]);
}

static const EVP_MD *sha256;

static void fetch(void)
{
	sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	g_assert(sha256);
}

const EVP_MD *x509_sha256(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, fetch);
	return sha256;
}

/* ---- failures ---- */

bool x509_fail(GError **error, enum err code, const char *format, ...)
{
	va_list args;

	ERR_clear_error();
	va_start(args, format);
	if (error)
		*error = g_error_new_valist(ERR, (gint)code, format, args);
	va_end(args);
	return false;
}

char *x509_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());
	char *text = x509_harmless(reason ? reason : "no reason given",
				   reason ? strlen(reason) : 15, FACTS_TEXT);

	ERR_clear_error();
	return text;
}

/*
 * x509_describe: everything about one certificate, for a person: first what is wrong with it,
 * then what it says, then how its chain stands; and the same as text and JSON.
 *
 * All is gathered into a `struct view` once; lines and JSON are written from that.
 */
#include "x509_own.h"

#include <string.h>

#include <openssl/ct.h>
#include <openssl/err.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>
#include <certty/model/mark.h>

#define NAMES_SHOWN 200		/* one line each */
#define STAPLE	    5		/* status_request (RFC 7633) */

struct view {
	X509 *cert;
	const uint8_t *der;
	size_t len;
	int64_t now;
	struct facts facts;
	uint32_t marks;
	char *subject, *issuer, *own_key, *issuer_key, *constraints, *sha1, *sha256, *chain;
	GPtrArray *names, *usages, *purposes, *policies, *crls, *ocsp, *issuer_at, *unknown;
	int scts;
	bool is_odd, must_staple, verifies, is_self_signed, is_negative;
};

typedef void part_fn(const struct view *v, struct detail *d);
static part_fn warn_dates, warn_marks, warn_oddities, names, identity, validity, key, uses,
	services, prints, chain;
static part_fn *const parts[] = { warn_dates, warn_marks, warn_oddities, names, identity,
				  validity, key, uses, services, prints, chain };

/* ---- gathering ---- */

static void *extension(const struct view *v, int nid)
{
	return X509_get_ext_d2i(v->cert, nid, NULL, NULL);
}

static void gather_names(struct view *v)
{
	GENERAL_NAMES *sans = extension(v, NID_subject_alt_name);

	v->names = x509_name_words(sans, FACTS_NAMES, &v->is_odd);
	v->subject = x509_name_line(X509_get_subject_name(v->cert));
	v->issuer = x509_name_line(X509_get_issuer_name(v->cert));
	GENERAL_NAMES_free(sans);
}

static void gather_uses(struct view *v)
{
	ASN1_BIT_STRING *usages = extension(v, NID_key_usage);
	EXTENDED_KEY_USAGE *purposes = extension(v, NID_ext_key_usage);
	CERTIFICATEPOLICIES *policies = extension(v, NID_certificate_policies);
	BASIC_CONSTRAINTS *bc = extension(v, NID_basic_constraints);
	int64_t below = 0;

	v->usages = x509_usage_words(usages);
	v->purposes = x509_purpose_words(purposes);
	v->policies = x509_policy_words(policies);
	v->unknown = x509_unknown_words(X509_get0_extensions(v->cert));
	if (bc && bc->ca && bc->pathlen && ASN1_INTEGER_get_int64(&below, bc->pathlen))
		v->constraints = g_strdup_printf("CA, with at most %" G_GINT64_FORMAT
						 " CAs below it", below);
	else if (bc)
		v->constraints = g_strdup(bc->ca ? "CA" : "not a CA");
	ASN1_BIT_STRING_free(usages);
	EXTENDED_KEY_USAGE_free(purposes);
	CERTIFICATEPOLICIES_free(policies);
	BASIC_CONSTRAINTS_free(bc);
}

static void gather_services(struct view *v)
{
	CRL_DIST_POINTS *crls = extension(v, NID_crl_distribution_points);
	AUTHORITY_INFO_ACCESS *access = extension(v, NID_info_access);
	STACK_OF(SCT) *scts = extension(v, NID_ct_precert_scts);
	TLS_FEATURE *features = extension(v, NID_tlsfeature);

	v->crls = x509_crl_words(crls);
	v->ocsp = x509_access_words(access, NID_ad_OCSP);
	v->issuer_at = x509_access_words(access, NID_ad_ca_issuers);
	v->scts = MAX(sk_SCT_num(scts), 0);
	for (int i = 0; i < sk_ASN1_INTEGER_num(features); i++)
		v->must_staple |= ASN1_INTEGER_get(sk_ASN1_INTEGER_value(features, i)) == STAPLE;
	CRL_DIST_POINTS_free(crls);
	AUTHORITY_INFO_ACCESS_free(access);
	SCT_LIST_free(scts);
	TLS_FEATURE_free(features);
}

static char *key_id(const ASN1_OCTET_STRING *id)
{
	return id ? x509_hex(ASN1_STRING_get0_data(id), (size_t)MIN(ASN1_STRING_length(id), 64))
		  : NULL;
}

static void gather_keys(struct view *v)
{
	ASN1_OCTET_STRING *own = extension(v, NID_subject_key_identifier);
	AUTHORITY_KEYID *issuers = extension(v, NID_authority_key_identifier);
	GString *digest = g_string_new(NULL);

	v->own_key = key_id(own);
	v->issuer_key = key_id(issuers ? issuers->keyid : NULL);
	ASN1_OCTET_STRING_free(own);
	AUTHORITY_KEYID_free(issuers);
	v->sha256 = x509_hex(v->facts.sha256, sizeof v->facts.sha256);
	x509_digest(EVP_sha1(), v->der, v->len, digest);
	v->sha1 = g_string_free(digest, FALSE);
}

/* What the facts could only guess is looked at: the signature of a self-signed one, the time. */
static void gather_judgement(struct view *v)
{
	v->is_self_signed = X509_self_signed(v->cert, 1) == 1;
	v->is_negative = ASN1_STRING_type(X509_get0_serialNumber(v->cert)) & V_ASN1_NEG;
	v->marks = v->facts.marks & ~(uint32_t)MARK_SELF_SIGNED;
	if (v->is_self_signed)
		v->marks |= MARK_SELF_SIGNED;
	if (v->now < v->facts.not_before)
		v->marks |= MARK_NOT_YET;
}

static void view_done(struct view *v)
{
	GPtrArray *const lists[] = { v->names, v->usages, v->purposes, v->policies,
				     v->crls, v->ocsp, v->issuer_at, v->unknown };
	char *const texts[] = { v->subject, v->issuer, v->own_key, v->issuer_key,
				v->constraints, v->sha1, v->sha256, v->chain };

	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
		if (lists[i])
			g_ptr_array_unref(lists[i]);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	facts_done(&v->facts);
	X509_free(v->cert);
}

/* ---- lines ---- */

static void add_list(struct detail *d, const char *label, const GPtrArray *words)
{
	for (unsigned i = 0; i < words->len; i++)
		detail_add(d, TONE_PLAIN, i ? "" : label, "%s",
			   (const char *)g_ptr_array_index(words, i));
}

static char *joined(const GPtrArray *words)
{
	GString *s = g_string_new(NULL);

	for (unsigned i = 0; i < words->len; i++)
		g_string_append_printf(s, "%s%s", i ? ", " : "",
				       (const char *)g_ptr_array_index(words, i));
	return g_string_free(s, FALSE);
}

static void add_joined(struct detail *d, const char *label, const GPtrArray *words)
{
	g_autofree char *line = joined(words);

	if (*line)
		detail_add(d, TONE_PLAIN, label, "%s", line);
}

static void warn_dates(const struct view *v, struct detail *d)
{
	g_autoptr(GString) when = g_string_new(NULL);

	if (v->now <= v->facts.not_after)
		return;
	clock_say_until(when, v->now, v->facts.not_after);
	detail_add(d, TONE_BAD, "Warning", "it expired %s", when->str);
}

static void warn_marks(const struct view *v, struct detail *d)
{
	for (const struct mark *m = mark_table; m->bit; m++)
		if (mark_notable(v->marks) & m->bit &&
		    (m->tone == TONE_NOTICE || m->tone == TONE_WARN || m->tone == TONE_BAD))
			detail_add(d, m->tone, "Warning", "%s", m->sentence);
}

static void warn_oddities(const struct view *v, struct detail *d)
{
	g_autofree char *unknown = joined(v->unknown);

	if (v->is_odd)
		detail_add(d, TONE_BAD, "Warning",
			   "a name in it holds bytes that no name should hold");
	if (v->is_negative)
		detail_add(d, TONE_WARN, "Warning", "its serial number is negative");
	if (v->facts.not_before > v->facts.not_after)
		detail_add(d, TONE_BAD, "Warning", "it ends before it begins");
	if (*unknown)
		detail_add(d, TONE_WARN, "Warning",
			   "it demands that unknown extensions be understood: %s", unknown);
	if (v->facts.marks & MARK_SELF_SIGNED && !v->is_self_signed)
		detail_add(d, TONE_BAD, "Warning",
			   "it says that it signed itself, but its key did not sign it");
}

static void names(const struct view *v, struct detail *d)
{
	unsigned n = v->names->len;

	for (unsigned i = 0; i < n && i < NAMES_SHOWN; i++) {
		g_autofree char *shown = x509_shown(g_ptr_array_index(v->names, i));

		detail_add(d, TONE_PLAIN, i ? "" : "Names", "%s", shown);
	}
	if (n > NAMES_SHOWN)
		detail_add(d, TONE_DIM, "", "and %u more", n - NAMES_SHOWN);
}

static void identity(const struct view *v, struct detail *d)
{
	detail_add(d, TONE_PLAIN, "Subject", "%s", *v->subject ? v->subject : "(empty)");
	detail_add(d, TONE_PLAIN, "Issuer", "%s", *v->issuer ? v->issuer : "(empty)");
	detail_add(d, TONE_PLAIN, "Serial", "%s", v->facts.serial);
}

static void validity(const struct view *v, struct detail *d)
{
	g_autoptr(GString) from = g_string_new(NULL);
	g_autoptr(GString) to = g_string_new(NULL);
	g_autoptr(GString) left = g_string_new(NULL);
	g_autoptr(GString) span = g_string_new(NULL);
	int64_t life = v->facts.not_after - v->facts.not_before;
	int64_t used = CLAMP(v->now - v->facts.not_before, 0, MAX(life, 0));

	clock_say_utc(from, v->facts.not_before);
	clock_say_utc(to, v->facts.not_after);
	clock_say_until(left, v->now, v->facts.not_after);
	clock_say_span(span, life);
	detail_add(d, TONE_PLAIN, "Valid from", "%s", from->str);
	detail_add(d, TONE_PLAIN, "Valid to", "%s (%s)", to->str, left->str);
	if (life > 0)
		detail_add(d, TONE_PLAIN, "Life", "%s, %d %% of it used", span->str,
			   (int)(100.0 * (double)used / (double)life));
}

static void key(const struct view *v, struct detail *d)
{
	g_autofree char *oid = x509_oid(X509_get0_tbs_sigalg(v->cert)->algorithm);

	detail_add(d, TONE_PLAIN, "Key", "%s", v->facts.key);
	detail_add(d, TONE_PLAIN, "Signature", "%s (%s)", v->facts.signature, oid);
	if (v->own_key)
		detail_add(d, TONE_DIM, "Key id", "%s", v->own_key);
	if (v->issuer_key)
		detail_add(d, TONE_DIM, "Issuer's key id", "%s", v->issuer_key);
}

static void uses(const struct view *v, struct detail *d)
{
	if (v->constraints)
		detail_add(d, TONE_PLAIN, "Constraints", "%s", v->constraints);
	add_joined(d, "Key usage", v->usages);
	add_joined(d, "Purposes", v->purposes);
	add_joined(d, "Policies", v->policies);
	if (v->must_staple)
		detail_add(d, TONE_PLAIN, "Must-staple",
			   "the server has to bring an OCSP answer along");
}

static void services(const struct view *v, struct detail *d)
{
	add_list(d, "CRL", v->crls);
	add_list(d, "OCSP", v->ocsp);
	add_list(d, "Issuer at", v->issuer_at);
	if (v->scts)
		detail_add(d, TONE_PLAIN, "Logged",
			   v->scts == 1 ? "%d certificate transparency log signed for it"
					: "%d certificate transparency logs signed for it",
			   v->scts);
}

static void prints(const struct view *v, struct detail *d)
{
	detail_add(d, TONE_PLAIN, "SHA-256", "%s", v->sha256);
	detail_add(d, TONE_PLAIN, "SHA-1", "%s", v->sha1);
}

static void chain(const struct view *v, struct detail *d)
{
	detail_add(d, v->verifies ? TONE_GOOD : TONE_WARN, "Chain", "%s", v->chain);
}

/* ---- raw forms ---- */

static void put_list(struct json_writer *w, const char *name, const GPtrArray *words)
{
	json_open(w, name, '[');
	for (unsigned i = 0; i < words->len; i++)
		json_put_str(w, NULL, g_ptr_array_index(words, i));
	json_close(w, ']');
}

static void put_time(struct json_writer *w, const char *name, int64_t when)
{
	g_autoptr(GString) iso = g_string_new(NULL);

	clock_say_iso(iso, when);
	json_put_str(w, name, iso->str);
}

static void put_identity(struct json_writer *w, const struct view *v)
{
	json_put_int(w, "schema", 1);
	json_put_str(w, "sha256", v->sha256);
	json_put_str(w, "sha1", v->sha1);
	json_put_str(w, "name", v->facts.name);
	put_list(w, "names", v->names);
	json_put_str(w, "subject", v->subject);
	json_put_str(w, "issuer", v->issuer);
	json_put_str(w, "serial", v->facts.serial);
	put_time(w, "not_before", v->facts.not_before);
	put_time(w, "not_after", v->facts.not_after);
	json_put_str(w, "key", v->facts.key);
	json_put_str(w, "signature", v->facts.signature);
	json_put_str(w, "key_id", v->own_key);
	json_put_str(w, "issuer_key_id", v->issuer_key);
}

static char *as_json(const struct view *v)
{
	struct json_writer w = { .out = g_string_new(NULL), .pretty = true };

	json_open(&w, NULL, '{');
	put_identity(&w, v);
	json_put_str(&w, "constraints", v->constraints);
	put_list(&w, "key_usage", v->usages);
	put_list(&w, "purposes", v->purposes);
	put_list(&w, "policies", v->policies);
	put_list(&w, "unknown_critical", v->unknown);
	put_list(&w, "crl", v->crls);
	put_list(&w, "ocsp", v->ocsp);
	put_list(&w, "issuer_at", v->issuer_at);
	json_put_int(&w, "scts", v->scts);
	json_put_bool(&w, "must_staple", v->must_staple);
	json_open(&w, "marks", '[');
	for (const struct mark *m = mark_table; m->bit; m++)
		if (v->marks & m->bit)
			json_put_str(&w, NULL, m->word);
	json_close(&w, ']');
	json_open(&w, "chain", '{');
	json_put_bool(&w, "verifies", v->verifies);
	json_put_str(&w, "sentence", v->chain);
	json_close(&w, '}');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static char *as_text(const struct view *v)
{
	g_autoptr(BIO) out = BIO_new(BIO_s_mem());

	X509_print_ex(out, v->cert, XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB, 0);
	return x509_lines(out);
}

/* ---- the whole ---- */

static struct detail *detail_of(const struct view *v)
{
	g_autofree char *id = g_strdup_printf("certs/%.16s", v->sha256);
	struct detail *d = detail_new(id, v->facts.name);

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		parts[i](v, d);
	d->pem = x509_pem(v->der, v->len);
	d->text = as_text(v);
	d->json = as_json(v);
	d->made = v->now;
	return d;
}

struct detail *x509_describe(GBytes *der, GBytes *const *candidates, size_t n,
			     const struct x509_trust *trust, int64_t now, GError **error)
{
	struct view v = { .now = now };
	const unsigned char *p;
	struct detail *d;

	v.der = g_bytes_get_data(der, &v.len);
	if (!x509_facts(v.der, v.len, &v.facts, error))
		return NULL;
	p = v.der;
	v.cert = d2i_X509(NULL, &p, (long)v.len);
	if (!v.cert) {
		g_autofree char *reason = x509_reason();

		facts_done(&v.facts);
		x509_fail(error, ERR_FORMAT, "this certificate is not sound: %s", reason);
		return NULL;
	}
	gather_names(&v);
	gather_uses(&v);
	gather_services(&v);
	gather_keys(&v);
	gather_judgement(&v);
	v.verifies = x509_chain_of(v.cert, candidates, n, trust, now, &v.chain);
	d = detail_of(&v);
	view_done(&v);
	ERR_clear_error();
	return d;
}

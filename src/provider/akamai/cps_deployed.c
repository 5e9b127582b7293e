/*
 * cps_deployed: what is deployed of an enrollment, on both networks, as either way of asking tells it:
 * all of an account at once without a byte of a certificate (GET /active-certificates), or one enrollment
 * with the certificates themselves (GET …/deployments).
 */
#include "cps.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/mark.h>
#include <certty/model/store.h>
#include <certty/model/x509.h>

#define DIGEST	  32

struct cps_one *cps_one_new(void)
{
	struct cps_one *o = g_new0(struct cps_one, 1);

	o->algorithm = g_strdup("");
	o->serial = g_strdup("");
	o->issuer = g_strdup("");
	o->signature = g_strdup("");
	o->chain = g_new0(char *, 1);
	return o;
}

void cps_one_free(struct cps_one *o)
{
	if (!o)
		return;
	g_free(o->algorithm);
	g_free(o->serial);
	g_free(o->issuer);
	g_free(o->signature);
	g_strfreev(o->chain);
	if (o->der)
		g_bytes_unref(o->der);
	g_free(o);
}

static void free_one(void *o)
{
	cps_one_free(o);
}

struct cps_deployed *cps_deployed_new(const char *id)
{
	struct cps_deployed *d = g_new0(struct cps_deployed, 1);

	d->id = g_strdup(id);
	d->sort = g_strdup("");
	d->slots = g_strdup("");
	d->pending = g_strdup("");
	d->names = g_new0(char *, 1);
	for (unsigned i = 0; i < CPS_NETWORKS; i++) {
		d->on[i].certs = g_ptr_array_new_with_free_func(free_one);
		d->on[i].settings = g_new0(char *, 1);
	}
	return d;
}

void cps_deployed_free(struct cps_deployed *d)
{
	if (!d)
		return;
	g_free(d->id);
	g_free(d->sort);
	g_free(d->slots);
	g_free(d->pending);
	g_strfreev(d->names);
	for (unsigned i = 0; i < CPS_NETWORKS; i++) {
		g_ptr_array_unref(d->on[i].certs);
		g_strfreev(d->on[i].settings);
	}
	g_free(d);
}

/* ---- what both ways tell alike ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The common name may be among the others, in any case; each name stands once. */
static char **names_of(const struct json *csr)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *raw = cps_text(csr, "cn"), *first = g_ascii_strdown(raw, -1);
	g_auto(GStrv) sans = cps_texts(json_get(csr, "sans"));

	for (char **n = sans; *n; n++)
		for (char *c = *n; *c; c++)
			*c = g_ascii_tolower(*c);
	qsort(sans, g_strv_length(sans), sizeof(*sans), compare_names);
	if (*first) {
		g_strv_builder_add(b, first);
		g_hash_table_add(seen, first);
	}
	for (char **n = sans; *n; n++)
		if (**n && g_hash_table_add(seen, *n))
			g_strv_builder_add(b, *n);
	return g_strv_builder_end(b);
}

/* The newest is the last; that there are several is not usual, and worth a word. */
static char *pending_of(const struct json *list)
{
	size_t n = json_count(list);
	const struct json *last = n ? json_at(list, n - 1) : NULL;
	g_autofree char *kind = cps_text(last, "changeType");
	g_autofree char *id = cps_id_of_location(json_str(last, "location"));

	if (!*id)
		return g_strdup("");
	return g_strdup_printf("%s (change %s)%s", *kind ? kind : "a change", id,
			       n > 1 ? ", and others before it" : "");
}

static void add_setting(GStrvBuilder *b, const char *label, const char *text)
{
	g_strv_builder_add(b, label);
	g_strv_builder_add(b, *text ? text : "not set");
}

static char *joined(const struct json *list)
{
	g_auto(GStrv) texts = cps_texts(list);

	qsort(texts, g_strv_length(texts), sizeof(*texts), compare_names);
	return g_strjoinv(" ", texts);
}

static char **settings_of(const struct json *j)
{
	static const struct {
		const char *key, *label;
	} texts[] = {
		{ "secureNetwork", "Network" },
		{ "geography", "Geography" },
		{ "mustHaveCiphers", "Must-have ciphers" },
		{ "preferredCiphers", "Preferred ciphers" },
		{ "ocspStapling", "OCSP stapling" },
	};
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();
	g_autofree char *tls = joined(json_get(j, "disallowedTlsVersions"));
	g_autofree char *dns = joined(json_get(j, "dnsNames"));

	if (!j || json_is_null(j))
		return g_strv_builder_end(b);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *text = cps_text(j, texts[i].key);

		add_setting(b, texts[i].label, text);
	}
	add_setting(b, "SNI only", cps_flag(j, "sniOnly") ? "yes" : "no");
	add_setting(b, "TLS not allowed", tls);
	add_setting(b, "Served names", dns);
	return g_strv_builder_end(b);
}

static void set_settings(struct cps_network *n, const struct json *j)
{
	g_strfreev(n->settings);
	n->settings = settings_of(json_get(j, "networkConfiguration"));
}

/* ---- all at once ---- */

/* "A4:8B:…" */
static bool read_digest(const char *text, uint8_t ret[DIGEST])
{
	size_t n = 0;

	for (; text && *text && n < DIGEST; text += *text == ':') {
		int high = g_ascii_xdigit_value(text[0]), low = high < 0 ? -1 : g_ascii_xdigit_value(text[1]);

		if (low < 0)
			return false;
		ret[n++] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	return n == DIGEST && text && !*text;
}

static char *serial_of(const struct json *j)
{
	g_autofree char *text = cps_text(j, "serial");
	GString *hex = g_string_new(NULL);

	for (const char *c = text; *c; c++)
		if (g_ascii_isxdigit(*c))
			g_string_append_c(hex, g_ascii_tolower(*c));
	return g_string_free(hex, FALSE);
}

/* What is after CN= of a name that is written in one line, else all of it. */
static char *issuer_of(const char *name)
{
	const char *cn = strstr(name, "CN=");
	GString *out = g_string_new(NULL);

	if (!cn || (cn > name && cn[-1] != ',' && cn[-1] != ' '))
		return g_string_free(g_string_append(out, name), FALSE);
	for (cn += 3; *cn && *cn != ','; cn++) {
		cn += *cn == '\\' && cn[1];
		g_string_append_c(out, *cn);
	}
	return g_string_free(out, FALSE);
}

static void add_active(struct cps_network *n, const struct json *j)
{
	g_autofree char *issuer = NULL;
	struct cps_one *o;

	if (!j || json_is_null(j) || n->certs->len == CPS_STACK_MAX)
		return;
	o = cps_one_new();
	if (!read_digest(json_str(j, "sha256Fingerprint"), o->sha256)) {
		cps_one_free(o);
		return;
	}
	issuer = cps_text(j, "issuer");
	g_free(o->issuer);
	o->issuer = issuer_of(issuer);
	g_free(o->algorithm);
	o->algorithm = cps_text(j, "keyAlgorithm");
	g_free(o->signature);
	o->signature = cps_text(j, "signatureAlgorithm");
	g_free(o->serial);
	o->serial = serial_of(j);
	o->not_after = cps_time(j, "expiry");
	g_ptr_array_add(n->certs, o);
}

static void read_network(struct cps_network *n, const struct json *j, void (*add)(struct cps_network *,
										 const struct json *))
{
	const struct json *more = json_get(j, "multiStackedCertificates");

	g_ptr_array_set_size(n->certs, 0);
	add(n, json_get(j, "primaryCertificate"));
	for (size_t i = 0; i < MIN(json_count(more), CPS_STACK_MAX); i++)
		add(n, json_at(more, i));
	set_settings(n, j);
}

struct cps_deployed *cps_deployed_of_enrollment(const struct json *j)
{
	g_autofree char *id = cps_id(j);
	struct cps_deployed *d;

	if (!*id)
		return NULL;
	d = cps_deployed_new(id);
	g_free(d->sort);
	d->sort = cps_text(j, "certificateType");
	g_free(d->slots);
	d->slots = cps_numbers(json_get(j, "assignedSlots"));
	g_free(d->pending);
	d->pending = pending_of(json_get(j, "pendingChanges"));
	g_strfreev(d->names);
	d->names = names_of(json_get(j, "csr"));
	return d;
}

struct cps_deployed *cps_deployed_read(const struct json *j)
{
	struct cps_deployed *d = cps_deployed_of_enrollment(j);

	for (unsigned i = 0; d && i < CPS_NETWORKS; i++)
		read_network(&d->on[i], json_get(j, cps_network_words[i]), add_active);
	return d;
}

/* ---- one by one ---- */

GPtrArray *cps_certs_of_pem(const char *pem)
{
	GPtrArray *ders = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(GPtrArray) items = pem ? x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL) : NULL;

	for (guint i = 0; items && i < items->len; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CERT)
			g_ptr_array_add(ders, g_bytes_ref(item->der));
	}
	return ders;
}

static char **names_in(const char *pem)
{
	g_autoptr(GPtrArray) ders = cps_certs_of_pem(pem);
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (guint i = 0; i < MIN(ders->len, CPS_STACK_MAX); i++) {
		gsize len;
		const uint8_t *der = g_bytes_get_data(ders->pdata[i], &len);
		struct facts f;

		if (!x509_facts(der, len, &f, NULL))
			continue;
		g_strv_builder_add(b, f.name);
		facts_done(&f);
	}
	return g_strv_builder_end(b);
}

static void add_deployed(struct cps_network *n, const struct json *j)
{
	g_autoptr(GPtrArray) ders = cps_certs_of_pem(json_str(j, "certificate"));
	gsize len;
	const uint8_t *der = ders->len ? g_bytes_get_data(ders->pdata[0], &len) : NULL;
	struct cps_one *o;
	struct facts f;

	if (!der || n->certs->len == CPS_STACK_MAX || !x509_facts(der, len, &f, NULL))
		return;
	o = cps_one_new();
	g_free(o->algorithm);
	o->algorithm = cps_text(j, "keyAlgorithm");
	store_set(&o->serial, f.serial);
	store_set(&o->issuer, f.issuer);
	store_set(&o->signature, f.signature);
	memcpy(o->sha256, f.sha256, DIGEST);
	o->not_after = f.not_after;
	o->is_read = true;
	g_strfreev(o->chain);
	o->chain = names_in(json_str(j, "trustChain"));
	o->der = g_bytes_ref(ders->pdata[0]);
	facts_done(&f);
	g_ptr_array_add(n->certs, o);
}

/* Every answer has both members, of which either may be null. */
bool cps_deployed_take(struct cps_deployed *d, const struct json *j)
{
	for (unsigned i = 0; i < CPS_NETWORKS; i++)
		if (!json_get(j, cps_network_words[i]))
			return false;
	for (unsigned i = 0; i < CPS_NETWORKS; i++)
		read_network(&d->on[i], json_get(j, cps_network_words[i]), add_deployed);
	return true;
}

/* ---- rows ---- */

const struct cps_one *cps_deployed_find(const struct cps_deployed *d, unsigned network,
					const uint8_t sha256[32])
{
	const GPtrArray *certs = d->on[network].certs;

	for (guint i = 0; i < certs->len; i++) {
		const struct cps_one *o = certs->pdata[i];

		if (!memcmp(o->sha256, sha256, DIGEST))
			return o;
	}
	return NULL;
}

char *cps_deployed_alias(const struct cps_deployed *d, const struct cps_one *o)
{
	return g_strconcat(d->id, "/", *o->algorithm ? o->algorithm : "certificate", NULL);
}

void cps_deployed_facts(const struct cps_deployed *d, const struct cps_one *o, struct facts *ret)
{
	guint n = g_strv_length(d->names);

	memset(ret, 0, sizeof(*ret));
	memcpy(ret->sha256, o->sha256, DIGEST);
	ret->has_digest = true;
	ret->name = g_strdup(n ? d->names[0] : d->id);
	ret->names = n ? g_strdupv(d->names + 1) : g_new0(char *, 1);
	ret->n_names = n ? n - 1 : 0;
	ret->issuer = g_strdup(o->issuer);
	ret->key = g_strdup(o->algorithm);
	ret->signature = g_strdup(o->signature);
	ret->serial = g_strdup(o->serial);
	ret->not_after = o->not_after;
	ret->marks = MARK_LEAF;
}

/* ---- side by side ---- */

char *cps_one_say(const struct cps_one *o)
{
	g_autoptr(GString) s = g_string_new(*o->algorithm ? o->algorithm : "a certificate");

	if (o->not_after) {
		g_string_append(s, ", ends ");
		clock_say_date(s, o->not_after);
	}
	if (*o->issuer)
		g_string_append_printf(s, ", by %s", o->issuer);
	g_string_append_printf(s, ", SHA-256 ");
	for (size_t i = 0; i < 8; i++)
		g_string_append_printf(s, "%02x", o->sha256[i]);
	g_string_append(s, "…");
	return g_string_free(g_steal_pointer(&s), FALSE);
}

static void add_certs(GStrvBuilder *b, const struct cps_deployed *d, unsigned here, unsigned there)
{
	const GPtrArray *certs = d->on[here].certs;

	for (guint i = 0; i < certs->len; i++) {
		const struct cps_one *o = certs->pdata[i];
		g_autofree char *text = NULL, *said = cps_one_say(o);

		if (cps_deployed_find(d, there, o->sha256))
			continue;
		text = g_strdup_printf("only there: %s", said);
		g_strv_builder_add(b, cps_network_titles[here]);
		g_strv_builder_add(b, text);
	}
}

static void add_settings(GStrvBuilder *b, const struct cps_deployed *d)
{
	char **one = d->on[CPS_ON_PRODUCTION].settings, **other = d->on[CPS_ON_STAGING].settings;

	for (; one[0] && other[0] && one[1] && other[1]; one += 2, other += 2) {
		g_autofree char *text = NULL;

		if (!strcmp(one[1], other[1]))
			continue;
		text = g_strdup_printf("%s in Production, %s in Staging", one[1], other[1]);
		g_strv_builder_add(b, one[0]);
		g_strv_builder_add(b, text);
	}
}

char **cps_deployed_differences(const struct cps_deployed *d)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	add_certs(b, d, CPS_ON_PRODUCTION, CPS_ON_STAGING);
	add_certs(b, d, CPS_ON_STAGING, CPS_ON_PRODUCTION);
	add_settings(b, d);
	return g_strv_builder_end(b);
}

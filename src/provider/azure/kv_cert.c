/*
 * kv_cert: a certificate as a vault tells of it: a little in its lists, all in its bundle.
 *
 * Lists tell of the newest version of each name; one that was never finished has no thumbprint and
 * no bytes.  Policy and operation are told for a name alone, not for one of its versions.
 */
#include "kv.h"

#include <stddef.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/mark.h>

#define NAME_LONG  127
#define SHA1_BYTES 20
#define DER_MAX	   (1u << 20)
#define LAST	   INT64_C(253402300799)	/* the end of the year 9999 */

/* clang-format off */
#define AT(member) offsetof(struct kv_cert, member)

const size_t kv_cert_texts[] = {
	AT(name), AT(version), AT(print), AT(subject), AT(issuer), AT(product), AT(kty), AT(curve),
	AT(content), AT(recovery), AT(pending),
};
const size_t kv_cert_n_texts = G_N_ELEMENTS(kv_cert_texts);
const size_t kv_cert_numbers[] = {
	AT(created), AT(updated), AT(not_before), AT(not_after), AT(key_size), AT(recoverable_days),
	AT(months), AT(renews), AT(deleted), AT(purged),
};
const size_t kv_cert_n_numbers = G_N_ELEMENTS(kv_cert_numbers);
const size_t kv_cert_lists[] = { AT(tags), AT(actions), AT(versions) };
const size_t kv_cert_n_lists = G_N_ELEMENTS(kv_cert_lists);
const size_t kv_cert_bits[] = {
	AT(is_enabled), AT(has_key), AT(is_exportable), AT(reuses_key), AT(has_bundle), AT(has_pending),
	AT(has_digest),
};
const size_t kv_cert_n_bits = G_N_ELEMENTS(kv_cert_bits);
/* clang-format on */

static char **text_at(const struct kv_cert *c, size_t offset)
{
	return (char **)((char *)c + offset);
}

struct kv_cert *kv_cert_new(void)
{
	struct kv_cert *c = g_new0(struct kv_cert, 1);

	for (size_t i = 0; i < kv_cert_n_texts; i++)
		*text_at(c, kv_cert_texts[i]) = g_strdup("");
	for (size_t i = 0; i < kv_cert_n_lists; i++)
		*(char ***)((char *)c + kv_cert_lists[i]) = g_new0(char *, 1);
	return c;
}

void kv_cert_free(struct kv_cert *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < kv_cert_n_texts; i++)
		g_free(*text_at(c, kv_cert_texts[i]));
	for (size_t i = 0; i < kv_cert_n_lists; i++)
		g_strfreev(*(char ***)((char *)c + kv_cert_lists[i]));
	g_free(c);
}

/* ---- the parts ---- */

static void take(char **to, const char *text)
{
	g_free(*to);
	*to = text_harmless_dup(text ? text : "", KV_TEXT_MAX);
}

static void take_list(char ***to, char **list)
{
	g_strfreev(*to);
	*to = list;
}

bool kv_cert_is_name(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len <= NAME_LONG &&
	       strspn(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-") == len;
}

/* "https://VAULT/certificates/NAME" and maybe "/VERSION"; of what was deleted, "/deletedcertificates/". */
static bool read_id(struct kv_cert *c, const char *id)
{
	const char *at = id ? strstr(id, "certificates/") : NULL;
	g_auto(GStrv) parts = g_strsplit(at ? at : "", "/", -1);
	guint n = g_strv_length(parts);

	if ((n != 2 && n != 3) || !kv_cert_is_name(parts[1]) || (n == 3 && !kv_cert_is_name(parts[2])))
		return false;
	take(&c->name, parts[1]);
	if (n == 3)
		take(&c->version, parts[2]);
	return true;
}

/* Base64 as addresses have it, without its end, to the hex that people know a certificate by. */
static char *print_of(const char *x5t)
{
	g_autoptr(GString) plain = g_string_new(x5t ? x5t : ""), hex = g_string_new(NULL);
	g_autofree guchar *bytes = NULL;
	gsize len = 0;

	g_strdelimit(plain->str, "-", '+');
	g_strdelimit(plain->str, "_", '/');
	while (plain->len % 4)
		g_string_append_c(plain, '=');
	bytes = g_base64_decode(plain->str, &len);
	for (gsize i = 0; len == SHA1_BYTES && i < len; i++)
		g_string_append_printf(hex, "%02X", bytes[i]);
	return g_strdup(hex->str);
}

/* One that makes no sense is none. */
static void read_time(const struct json *j, const char *key, int64_t *ret)
{
	int64_t when = 0;

	if (json_int(j, key, &when) && when >= 0 && when <= LAST)
		*ret = when;
}

static void read_attributes(struct kv_cert *c, const struct json *a)
{
	c->is_enabled = json_bool(a, "enabled", true);
	read_time(a, "nbf", &c->not_before);
	read_time(a, "exp", &c->not_after);
	read_time(a, "created", &c->created);
	read_time(a, "updated", &c->updated);
	read_time(a, "recoverableDays", &c->recoverable_days);
	take(&c->recovery, json_str(a, "recoveryLevel"));
}

char **kv_tags(const struct json *tags)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	for (size_t i = 0; i < MIN(json_members(tags), KV_LIST_MAX); i++) {
		const char *value = json_text(json_at(tags, i));
		g_autofree char *both = g_strconcat(json_key_at(tags, i), "=", value ? value : "", NULL);
		g_autofree char *shown = text_harmless_dup(both, KV_TEXT_MAX);

		g_strv_builder_add(b, shown);
	}
	return g_strv_builder_end(b);
}

/* ---- a list's ---- */

struct kv_cert *kv_cert_read(const struct json *item)
{
	struct kv_cert *c = kv_cert_new();
	g_autofree char *print = print_of(json_str(item, "x5t"));

	if (!read_id(c, json_str(item, "id"))) {
		kv_cert_free(c);
		return NULL;
	}
	take(&c->version, "");
	take(&c->print, print);
	take(&c->subject, json_str(item, "subject"));
	read_attributes(c, json_get(item, "attributes"));
	take_list(&c->tags, kv_tags(json_get(item, "tags")));
	read_time(item, "deletedDate", &c->deleted);
	read_time(item, "scheduledPurgeDate", &c->purged);
	return c;
}

char *kv_cert_version_line(const struct json *item)
{
	g_autoptr(kv_cert) c = kv_cert_new();
	GString *s;

	if (!read_id(c, json_str(item, "id")) || !*c->version)
		return NULL;
	read_attributes(c, json_get(item, "attributes"));
	s = g_string_new(NULL);
	clock_say_iso(s, c->created);	/* first, so that they can be sorted */
	g_string_append_printf(s, " %s %s", c->version, c->is_enabled ? "enabled" : "disabled");
	if (c->not_after) {
		g_string_append(s, ", until ");
		clock_say_date(s, c->not_after);
	}
	return g_string_free(s, FALSE);
}

/* ---- a bundle's ---- */

static void read_key(struct kv_cert *c, const struct json *policy)
{
	const struct json *key = json_get(policy, "key_props");

	take(&c->kty, json_str(key, "kty"));
	take(&c->curve, json_str(key, "crv"));
	json_int(key, "key_size", &c->key_size);
	c->is_exportable = json_bool(key, "exportable", false);
	c->reuses_key = json_bool(key, "reuse_key", false);
}

/* When it acts, in words; *ret_when, of a certificate that is there. */
static char *trigger_of(const struct kv_cert *c, const struct json *trigger, int64_t *ret_when)
{
	int64_t n = 0, life = c->not_after - c->not_before;

	if (json_int(trigger, "lifetime_percentage", &n) && n > 0 && n < 100) {
		*ret_when = c->not_before + life / 100 * n;
		return g_strdup_printf("at %" G_GINT64_FORMAT "%% of its life", n);
	}
	if (json_int(trigger, "days_before_expiry", &n) && n > 0 && n < 100000) {
		*ret_when = c->not_after - n * CLOCK_DAY;
		return g_strdup_printf("%" G_GINT64_FORMAT " days before its end", n);
	}
	*ret_when = 0;
	return g_strdup("at a time that is not told");
}

static void read_actions(struct kv_cert *c, const struct json *list)
{
	g_autoptr(GStrvBuilder) b = g_strv_builder_new();

	c->renews = 0;
	for (size_t i = 0; i < MIN(json_count(list), KV_LIST_MAX); i++) {
		const struct json *item = json_at(list, i);
		const char *type = json_str(json_get(item, "action"), "action_type");
		g_autofree char *word = text_harmless_dup(type ? type : "", 60), *line = NULL, *when = NULL;
		int64_t at = 0;
		bool is_renewal = !g_ascii_strcasecmp(word, "AutoRenew");

		when = trigger_of(c, json_get(item, "trigger"), &at);
		line = g_strdup_printf("%s: %s", when, is_renewal ? "the vault renews it" :
				       !g_ascii_strcasecmp(word, "EmailContacts") ?
				       "the vault's contacts get a mail" : word);
		g_strv_builder_add(b, line);
		if (is_renewal)
			c->renews = at;
	}
	take_list(&c->actions, g_strv_builder_end(b));
}

static void read_policy(struct kv_cert *c, const struct json *policy)
{
	const struct json *x509 = json_get(policy, "x509_props");

	if (!policy)
		return;
	read_key(c, policy);
	take(&c->content, json_str(json_get(policy, "secret_props"), "contentType"));
	take(&c->issuer, json_str(json_get(policy, "issuer"), "name"));
	take(&c->product, json_str(json_get(policy, "issuer"), "cty"));
	json_int(x509, "validity_months", &c->months);
	if (!*c->subject)
		take(&c->subject, json_str(x509, "subject"));
	read_actions(c, json_get(policy, "lifetime_actions"));
}

GBytes *kv_cert_add(struct kv_cert *c, const struct json *bundle)
{
	const char *coded = json_str(bundle, "cer"), *x5t = json_str(bundle, "x5t");
	g_autofree char *print = print_of(x5t), *name = g_strdup(c->name);
	g_autofree guchar *bytes = NULL;
	gsize len = 0;

	if (!read_id(c, json_str(bundle, "id")) || g_ascii_strcasecmp(name, c->name)) {
		take(&c->name, name);
		return NULL;
	}
	take(&c->name, name);
	if (*print)
		take(&c->print, print);
	read_attributes(c, json_get(bundle, "attributes"));
	c->has_key = json_str(bundle, "kid") != NULL;
	c->has_pending = json_count(json_get(bundle, "pending")) > 0;
	read_policy(c, json_get(bundle, "policy"));
	c->has_bundle = true;
	if (!coded || strlen(coded) > DER_MAX * 2)
		return NULL;
	bytes = g_base64_decode(coded, &len);
	return len ? g_bytes_new(bytes, len) : NULL;
}

/* ---- an older one ---- */

bool kv_cert_is_same(const struct kv_cert *c, const struct kv_cert *old)
{
	return !strcmp(c->print, old->print) && c->updated == old->updated && c->created == old->created;
}

void kv_cert_keep(struct kv_cert *c, const struct kv_cert *old)
{
	const size_t kept[] = { AT(version), AT(subject), AT(issuer), AT(product), AT(kty), AT(curve),
				AT(content), AT(pending) };

	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
		take(text_at(c, kept[i]), *text_at(old, kept[i]));
	c->key_size = old->key_size;
	c->months = old->months;
	c->renews = old->renews;
	take_list(&c->actions, g_strdupv(old->actions));
	take_list(&c->versions, g_strdupv(old->versions));
	c->has_key = old->has_key;
	c->is_exportable = old->is_exportable;
	c->reuses_key = old->reuses_key;
	c->has_bundle = old->has_bundle;
	c->has_pending = old->has_pending;
	c->has_digest = old->has_digest;
	memcpy(c->sha256, old->sha256, sizeof(c->sha256));
}

/* ---- a row ---- */

uint32_t kv_cert_marks(const struct kv_cert *c)
{
	return (c->has_key ? MARK_KEY : 0) | (c->is_exportable && c->has_key ? MARK_EXPORTABLE : 0) |
	       (c->is_enabled ? 0 : MARK_DISABLED);
}

char *kv_cert_common_name(const char *subject)
{
	for (const char *at = subject; at; at = strchr(at, ',')) {
		at += strspn(at, ", ");
		if (!g_ascii_strncasecmp(at, "CN=", 3))
			return g_strstrip(g_strndup(at + 3, strcspn(at + 3, ",")));
	}
	return g_strdup(subject);
}

void kv_cert_facts(const struct kv_cert *c, struct facts *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->name = *c->subject ? kv_cert_common_name(c->subject) : g_strdup(c->name);
	ret->names = g_new0(char *, 1);
	ret->issuer = g_strdup("");
	ret->key = g_strdup("");
	ret->signature = g_strdup("");
	ret->serial = g_strdup("");
	ret->not_before = c->not_before;
	ret->not_after = c->not_after;
	if (g_str_has_prefix(ret->name, "*."))
		ret->marks |= MARK_WILDCARD;
}

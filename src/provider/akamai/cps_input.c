/*
 * cps_input: what a change waits for, read for whoever has to look at it.
 *
 * Warnings are one text of many lines, in which an entry may have several: it is shown as it is, and
 * nothing is ever left out of what somebody says yes to: what is too long is said to be cut, and is not
 * approved from here.
 */
#include "cps_change.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/store.h>
#include <certty/model/x509.h>

#define CSR_MAX	  (64u << 10)

/* ---- warnings ---- */

static void add_warning(struct cps_change *c, const char *text)
{
	g_autoptr(GString) s = g_string_new(c->warnings);

	if (!text || !*text)
		return;
	if (strlen(text) > CPS_WARNINGS_MAX - MIN(s->len, CPS_WARNINGS_MAX)) {
		c->is_cut = true;
		return;
	}
	if (s->len && s->str[s->len - 1] != '\n')
		g_string_append_c(s, '\n');
	text_harmless_lines(s, text, strlen(text), 4 * CPS_WARNINGS_MAX);
	store_set(&c->warnings, s->str);
}

void cps_input_warnings(struct cps_change *c, const struct json *j)
{
	add_warning(c, json_str(j, "warnings"));
}

/* ---- change management ---- */

static char *time_said(int64_t from, int64_t to)
{
	g_autoptr(GString) s = g_string_new(NULL);

	clock_say_date(s, from);
	g_string_append(s, " to ");
	clock_say_date(s, to);
	return g_string_free(g_steal_pointer(&s), FALSE);
}

static bool is_in(char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (!g_ascii_strcasecmp(*names, name))
			return true;
	return false;
}

/* Names of the one that is live and not in the other are what goes out of service. */
static void add_names(struct cps_change *c, const struct facts *f)
{
	g_auto(GStrv) names = facts_sorted_names(f);

	for (char **n = names; *n; n++)
		cps_change_add(c, c->review, n == names ? "Names" : "", "%s%s", *n,
			       c->live_names && !is_in(c->live_names, *n) ? " (new)" : "");
	for (char **n = c->live_names; n && *n; n++) {
		g_autofree char *said = NULL;

		if (is_in(names, *n))
			continue;
		said = g_strdup_printf("%s is in the certificate that is live, and is not in the new one", *n);
		cps_change_add(c, c->review, "Name that goes", "%s", *n);
		add_warning(c, said);
	}
}

static void add_pending(struct cps_change *c, const struct json *j)
{
	g_autofree char *algorithm = cps_text(j, "keyAlgorithm"), *dates = NULL, *label = NULL;
	const char *pem = json_str(j, "fullCertificate");
	g_autoptr(GPtrArray) items = pem ? x509_scan((const uint8_t *)pem, strlen(pem), NULL, NULL) : NULL;
	const struct x509_item *leaf = items && items->len ? items->pdata[0] : NULL;
	g_autoptr(GString) hex = g_string_new(NULL);
	struct facts f;
	gsize len;

	label = g_strdup_printf("New certificate %s", algorithm);
	if (!leaf || leaf->kind != X509_ITEM_CERT ||
	    !x509_facts(g_bytes_get_data(leaf->der, &len), g_bytes_get_size(leaf->der), &f, NULL)) {
		cps_change_add(c, c->review, label, "cannot be read");
		add_warning(c, "CPS shows a certificate that cannot be read");
		return;
	}
	dates = time_said(f.not_before, f.not_after);
	for (size_t i = 0; i < sizeof(f.sha256); i++)
		g_string_append_printf(hex, "%02x", f.sha256[i]);
	cps_change_add(c, c->review, label, "%s, %s, by %s", f.name, f.key, f.issuer);
	cps_change_add(c, c->review, "", "%s; %u certificate%s with it", dates, items->len - 1,
		       items->len == 2 ? "" : "s");
	cps_change_add(c, c->review, "", "SHA-256 %s", hex->str);
	if (!*c->result)
		store_set(&c->result, hex->str);
	add_names(c, &f);
	facts_done(&f);
}

static void add_live(struct cps_change *c)
{
	for (guint i = 0; c->live && i < c->live->len; i++) {
		g_autofree char *said = cps_one_say(c->live->pdata[i]);

		cps_change_add(c, c->review, i ? "" : "Live in Production", "%s", said);
	}
	if (!c->live || !c->live->len)
		cps_change_add(c, c->review, "Live in Production", "%s", c->is_first ? "nothing yet" :
			       "not known here: refresh Production");
}

static const char *live_setting(const struct cps_change *c, const char *label)
{
	for (char **s = c->live_settings; s && s[0] && s[1]; s += 2)
		if (!strcmp(s[0], label))
			return s[1];
	return NULL;
}

static void add_setting(struct cps_change *c, const char *label, const char *text)
{
	const char *is = *text ? text : "not set", *was = live_setting(c, label);

	if (was && strcmp(was, is) != 0)
		cps_change_add(c, c->review, label, "%s (live: %s)", is, was);
	else
		cps_change_add(c, c->review, label, "%s", is);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_network(struct cps_change *c, const struct json *j)
{
	static const struct {
		const char *key, *label;
	} all[] = {
		{ "networkType", "Network type" },
		{ "mustHaveCiphers", "Must-have ciphers" },
		{ "preferredCiphers", "Preferred ciphers" },
		{ "ocspStapling", "OCSP stapling" },
	};
	const struct json *dns = json_get(j, "dnsNameSettings");
	g_auto(GStrv) tls = cps_texts(json_get(j, "disallowedTlsVersions"));
	g_auto(GStrv) names = cps_texts(json_get(dns, "dnsNames"));
	g_autofree char *refused = NULL, *served = g_strjoinv(" ", names);

	qsort(tls, g_strv_length(tls), sizeof(*tls), compare_texts);
	refused = g_strjoinv(" ", tls);
	cps_change_add(c, c->review, "Network settings", "%s", "");
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		g_autofree char *text = cps_text(j, all[i].key);

		add_setting(c, all[i].label, text);
	}
	add_setting(c, "SNI only", cps_flag(j, "sniOnly") ? "yes" : "no");
	add_setting(c, "QUIC", cps_flag(j, "quicEnabled") ? "yes" : "no");
	add_setting(c, "TLS not allowed", refused);
	cps_change_add(c, c->review, "Served names", "%s", cps_flag(dns, "cloneDnsNames") ?
		       "all of the certificate" : *served ? served : "not set");
}

static void add_findings(struct cps_change *c, const struct json *list, const char *label)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *one = json_at(list, i);
		const char *message = json_str(one, "message");

		cps_change_add(c, c->review, label, "%s", message ? message : "(without a text)");
		add_warning(c, message ? message : "a finding without a text");
	}
}

void cps_input_management(struct cps_change *c, const struct json *j)
{
	const struct json *pending = json_get(j, "pendingState"), *found = json_get(j, "validationResult");
	const struct json *certs = json_get(pending, "pendingCertificates");
	g_autofree char *hash = cps_text(j, "validationResultHash"), *said = NULL;

	store_set(&c->hash, hash);
	c->due = cps_time(j, "acknowledgementDeadline");
	for (size_t i = 0; i < MIN(json_count(certs), CPS_STACK_MAX); i++)
		add_pending(c, json_at(certs, i));
	if (!json_count(certs))
		cps_change_add(c, c->review, "New certificate", "none: only settings change");
	add_live(c);
	add_network(c, json_get(pending, "pendingNetworkConfiguration"));
	add_findings(c, json_get(found, "errors"), "Error");
	add_findings(c, json_get(found, "warnings"), "Warning");
	cps_change_add(c, c->review, "Validation hash", "%s", hash);
	said = g_strdup_printf("it goes to Production, where it is served for %s",
			       *c->names ? c->names[0] : "its names");
	add_warning(c, said);
}

/* ---- requests ---- */

void cps_input_csrs(struct cps_change *c, const struct json *j)
{
	const struct json *list = json_get(j, "csrs");

	for (size_t i = 0; i < MIN(json_count(list), CPS_STACK_MAX); i++) {
		const char *pem = json_str(json_at(list, i), "csr");

		if (!pem || strlen(pem) > CSR_MAX)
			continue;
		g_ptr_array_add(c->csrs, cps_text(json_at(list, i), "keyAlgorithm"));
		g_ptr_array_add(c->csrs, g_strdup(pem));
	}
}

/* ---- challenges ---- */

static bool is_plain(const char *text, const char *letters)
{
	return *text && strlen(text) < 256 && strspn(text, letters) == strlen(text);
}

#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
#define VALUE_LETTERS NAME_LETTERS "+/="

/* A line of a zone file, where name and value are what they should be. */
static void add_record(struct cps_change *c, const char *name, const char *value)
{
	g_autofree char *line = NULL;
	guint at;

	if (!is_plain(name, NAME_LETTERS) || !is_plain(value, VALUE_LETTERS))
		return;
	line = g_strdup_printf("%s%s %d IN TXT \"%s\"", name, g_str_has_suffix(name, ".") ? "" : ".",
			       DNS_RECORD_TTL, value);
	/* a wildcard and its own name share a place, and may share a value */
	if (!g_ptr_array_find_with_equal_func(c->records, line, g_str_equal, &at))
		g_ptr_array_add(c->records, g_steal_pointer(&line));
}

static void add_seen(struct cps_change *c, const struct json *list)
{
	for (size_t i = 0; i < MIN(json_count(list), CPS_STACK_MAX); i++) {
		g_autofree char *host = cps_text(json_at(list, i), "hostname");
		g_autofree char *used = cps_text(json_at(list, i), "usedIp");

		cps_change_add(c, c->challenges, "The CA asked", "%s at %s", host, *used ? used : "no address");
	}
}

static void add_challenge(struct cps_change *c, const struct json *j, bool is_open)
{
	g_autofree char *type = cps_text(j, "type"), *path = cps_text(j, "fullPath");
	g_autofree char *body = cps_text(j, "responseBody"), *to = cps_text(j, "redirectFullPath");
	g_autofree char *error = cps_text(j, "error");
	bool is_dns = !strcmp(type, "dns-01");

	if (is_dns && is_open)
		add_record(c, path, body);
	cps_change_add(c, c->challenges, type, is_dns ? "%s TXT \"%s\"" : "%s answers %s", path, body);
	if (*to)
		cps_change_add(c, c->challenges, "", "or sends on to %s", to);
	if (*error)
		cps_change_add(c, c->challenges, "", "%s", error);
	add_seen(c, json_get(j, "validationRecords"));
}

static void add_domain(struct cps_change *c, const struct json *j)
{
	g_autofree char *domain = cps_text(j, "domain"), *status = cps_text(j, "status");
	g_autofree char *word = cps_text(j, "validationStatus"), *error = cps_text(j, "error");
	const struct json *all = json_get(j, "challenges");
	bool is_open = strcmp(word, "VALIDATED") != 0;
	int64_t until = cps_time(j, "expires");
	g_autoptr(GString) said = g_string_new(status);

	if (*word)
		g_string_append_printf(said, " (%s)", word);
	if (*error)
		g_string_append_printf(said, ": %s", error);
	if (until) {
		g_string_append(said, "; until ");
		clock_say_utc(said, until);
	}
	cps_change_add(c, c->challenges, domain, "%s", said->str);
	for (size_t i = 0; i < MIN(json_count(all), CPS_STACK_MAX); i++)
		add_challenge(c, json_at(all, i), is_open);
	if (is_open && until && (!c->due || until < c->due))
		c->due = until;
}

void cps_input_challenges(struct cps_change *c, const struct json *j)
{
	const struct json *list = json_get(j, "dv");

	g_ptr_array_set_size(c->challenges, 0);
	for (size_t i = 0; i < MIN(json_count(list), CPS_LIST_MAX); i++)
		add_domain(c, json_at(list, i));
}

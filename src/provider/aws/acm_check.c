/*
 * acm_check: an order, before anybody sees it: what AWS would refuse is said here, at once and in
 * words that help.
 *
 * The patterns are those of the service models and of the user guide for requests.
 */
#include "acm_request.h"

#include <string.h>

#include <certty/base/text.h>

#define NAMES_MAX     100	/* of one request */
#define NAMES_QUOTA   10	/* of an account that nobody has raised it for */
#define DOMAIN_MAX      253
#define FIRST_MAX     64	/* becomes the common name */
#define LABEL_MAX     63
#define TAGS_MAX      50
#define TAG_KEY_MAX   128
#define TAG_VALUE_MAX 256

/* Amazon's own, which it certifies for nobody. */
static const char *const taken[] = { "amazonaws.com", "cloudfront.net", "elasticbeanstalk.com" };

static bool G_GNUC_PRINTF(3, 4) refuse(GError **error, const char *name, const char *format, ...)
{
	g_autofree char *shown = text_harmless_dup(name, 300), *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, ERR, ERR_USAGE, "'%s' %s", shown, why);
	return false;
}

/* ---- names ---- */

static bool is_label(const char *label)
{
	size_t len = strlen(label);

	return len > 0 && len <= LABEL_MAX && label[0] != '-' && label[len - 1] != '-' &&
	       strspn(label, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
		       len;
}

/* What follows the wildcard, if there is one. */
static bool check_labels(const char *name, const char *rest, GError **error)
{
	g_auto(GStrv) labels = g_strsplit(rest, ".", -1);
	guint n = g_strv_length(labels);

	if (n < 2)
		return refuse(error, name, "is no whole domain name");
	for (char **label = labels; *label; label++)
		if (!is_label(*label))
			return refuse(error, name, "is no DNS name: its parts have 1 to 63 letters, "
				      "digits and hyphens, and neither begin nor end with a hyphen");
	if (strspn(labels[n - 1], "0123456789") == strlen(labels[n - 1]))
		return refuse(error, name, "is no DNS name, and ACM issues for no addresses");
	if (strlen(labels[n - 1]) < 2)
		return refuse(error, name, "has a last part of one letter, which ACM does not take");
	return true;
}

static bool is_inside(const char *name, const char *domain)
{
	size_t len = strlen(name), tail = strlen(domain);

	return len >= tail && !g_ascii_strcasecmp(name + len - tail, domain) &&
	       (len == tail || name[len - tail - 1] == '.');
}

static bool check_name(const char *name, bool is_private, GError **error)
{
	const char *rest = g_str_has_prefix(name, "*.") ? name + 2 : name;

	if (strlen(name) > DOMAIN_MAX)
		return refuse(error, name, "is longer than %d characters", DOMAIN_MAX);
	if (g_str_has_suffix(name, "."))
		return refuse(error, name, "ends in a dot, which ACM does not take");
	if (strchr(rest, '*'))
		return refuse(error, name, "has its wildcard in the wrong place: it may only be the "
			      "whole first part, as in *.example.org");
	if (!check_labels(name, rest, error))
		return false;
	for (size_t i = 0; !is_private && i < G_N_ELEMENTS(taken); i++)
		if (is_inside(rest, taken[i]))
			return refuse(error, name, "is in %s, for which ACM issues no public "
				      "certificates", taken[i]);
	return true;
}

bool acm_check_names(char *const *names, bool is_private, char **ret_trouble, GError **error)
{
	guint n = g_strv_length((char **)(uintptr_t)names);

	if (!n || n > NAMES_MAX) {
		g_set_error(error, ERR, ERR_USAGE, "%u names: a request has 1 to %d", n, NAMES_MAX);
		return false;
	}
	if (strlen(names[0]) > FIRST_MAX)
		return refuse(error, names[0], "is longer than the %d characters that a first name "
			      "may have: it becomes the common name; put a shorter one first",
			      FIRST_MAX);
	for (guint i = 0; i < n; i++)
		if (!check_name(names[i], is_private, error))
			return false;
	*ret_trouble = n <= NAMES_QUOTA ? NULL :
		g_strdup_printf("%u names: AWS allows %d in a certificate unless the account's quota "
				"(L-FB94F0B0) was raised", n, NAMES_QUOTA);
	return true;
}

bool acm_check_domain(const char *domain, char *const *names, GError **error)
{
	for (; *names; names++) {
		const char *rest = g_str_has_prefix(*names, "*.") ? *names + 2 : *names;

		if (!is_inside(rest, domain))
			return refuse(error, domain, "is neither %s nor a domain above it, so its "
				      "mailboxes cannot approve that name", rest);
	}
	return strchr(domain, '.') ? true :
		refuse(error, domain, "is no whole domain name");
}

/* ---- tags ---- */

static bool check_tag(const char *tag, GError **error)
{
	const char *mark = strchr(tag, '=');
	size_t key = mark ? (size_t)(mark - tag) : 0;

	if (!key || key > TAG_KEY_MAX || strlen(mark + 1) > TAG_VALUE_MAX)
		return refuse(error, tag, "is no tag: it is KEY=VALUE, with at most %d and %d "
			      "characters", TAG_KEY_MAX, TAG_VALUE_MAX);
	if (!g_ascii_strncasecmp(tag, "aws:", 4))
		return refuse(error, tag, "begins with aws:, which is AWS's own");
	return true;
}

bool acm_check_tags(char *const *tags, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	if (g_strv_length((char **)(uintptr_t)tags) > TAGS_MAX) {
		g_set_error(error, ERR, ERR_USAGE, "more than %d tags", TAGS_MAX);
		return false;
	}
	for (; *tags; tags++) {
		if (!check_tag(*tags, error))
			return false;
		if (!g_hash_table_add(seen, g_strndup(*tags, strcspn(*tags, "="))))
			return refuse(error, *tags, "sets a tag that was set before");
	}
	return true;
}

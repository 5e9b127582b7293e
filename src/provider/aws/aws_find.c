/*
 * aws_find: what AWS's other tools on this machine could sign in with: profiles, environment,
 * web identity, container and instance.
 *
 * Nobody is asked over the network: a profile is followed to its end on paper, so that its row
 * says what is wrong with it, and instance metadata is offered only where the firmware says that
 * this is EC2.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/base/text.h>

/* ---- names ---- */

/* The others' ids; a profile of that name gets a longer one. */
static const char *const taken[] = { "environment", "web-identity", "container", "instance", NULL };

/* A profile's name as far as it can be an id; what is lost of it is made up for by a digest, so
 * that an id stays the same when other profiles come and go. */
static char *id_of(const char *profile)
{
	g_autofree char *plain = g_strdup(profile);
	g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, profile, -1);
	bool is_taken = g_strv_contains(taken, profile), is_changed = false;

	for (char *c = plain; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr("._:@-", *c)) {
			*c = '-';
			is_changed = true;
		}
	if (strlen(plain) > 40) {
		plain[40] = '\0';
		is_changed = true;
	}
	return g_strdup_printf("aws:%s%s%s%.8s", is_taken ? "profile:" : "", plain,
			       is_changed ? "-" : "", is_changed ? sum : "");
}

/* ---- one account ---- */

static struct account *account_of(const char *id, const char *title, const char *from)
{
	struct account *a = account_new(id);
	const char *bundle = aws_world_env("AWS_CA_BUNDLE");
	const char *const texts[] = { "aws", title };
	char **const places[] = { &a->provider, &a->title };

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_free(*places[i]);
		*places[i] = text_harmless_dup(texts[i], 100);
	}
	a->origin = ACCOUNT_FOUND;
	args_set(a->answers, "from", from);
	args_set(a->answers, "ca-file", bundle);
	return a;
}

static void set(char **place, const char *text)
{
	g_free(*place);
	*place = text_harmless_dup(text ? text : "", 300);
}

/* Follows the account to the end of its plan, for what can be said of it beforehand. */
static void look_ahead(struct account *a, const struct aws_shared *shared)
{
	GError *error = NULL;
	g_autoptr(aws_plan) p = aws_plan_make(a->answers, shared, &error);
	int64_t now = clock_now();

	if (p && p->base == AWS_BASE_SSO && !aws_sso_read_token(p, now, &error))
		a->secret_ends = p->token_ends;
	if (error) {
		g_free(a->trouble);
		a->trouble = text_harmless_dup(error->message, 400);
		g_error_free(error);
		if (!p)
			return;
	}
	set(&a->secret_from, p->from);
	if (p->base == AWS_BASE_SSO)
		a->secret_ends = p->token_ends;
	else if (p->is_kept)
		a->secret_ends = p->keys.ends;
}

/* ---- profiles ---- */

/* Whether a profile is a way in at all, and not only a region. */
static const char *way_in(const struct aws_shared *s, const char *profile)
{
	static const char *const keys[] = { "role_arn", "web_identity_token_file", "sso_account_id",
					    "sso_role_name", "aws_access_key_id", "login_session",
					    "credential_process" };

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (aws_shared_get(s, profile, keys[i]))
			return keys[i];
	return NULL;
}

static void find_profile(const struct aws_shared *s, const char *profile, GPtrArray *found)
{
	const char *key = way_in(s, profile), *bundle = aws_shared_get(s, profile, "ca_bundle");
	g_autofree char *id = id_of(profile), *where = NULL;
	struct account *a;

	if (!key)
		return;
	where = aws_shared_where(s, profile, key);
	a = account_of(id, profile, "profile");
	args_set(a->answers, "profile", profile);
	if (bundle && !aws_world_env("AWS_CA_BUNDLE")) {
		g_autofree char *path = file_absolute(bundle);

		args_set(a->answers, "ca-file", path);
	}
	set(&a->found_in, where);
	set(&a->secret_from, where);
	look_ahead(a, s);
	g_ptr_array_add(found, a);
}

static struct aws_shared *find_profiles(GPtrArray *found, GPtrArray *troubles)
{
	g_autoptr(args) none = args_new();
	g_autoptr(GError) error = NULL;
	struct aws_shared *s = aws_shared_load(none, &error);

	if (!s) {
		g_ptr_array_add(troubles, g_strdup_printf("the profiles of the AWS CLI: %s",
							  error->message));
		return NULL;
	}
	for (const char *const *p = aws_shared_profiles(s); *p; p++)
		if (g_utf8_validate(*p, -1, NULL) && strlen(*p) <= 200)
			find_profile(s, *p, found);
	return s;
}

/* ---- the others ---- */

static bool has_word(const char *root, const char *file, const char *word)
{
	g_autofree char *path = g_strconcat(root, file, NULL), *text = NULL;
	gsize len;
	char start[65] = "";

	if (!g_file_get_contents(path, &text, &len, NULL))
		return false;
	g_strlcpy(start, text, sizeof(start));
	return !g_ascii_strncasecmp(start, word, strlen(word));
}

bool aws_find_is_ec2(const char *root)
{
	static const struct {
		const char *file, *word;
	} hints[] = {
		{ "/sys/class/dmi/id/sys_vendor", "Amazon EC2" },
		{ "/sys/class/dmi/id/board_vendor", "Amazon EC2" },
		{ "/sys/class/dmi/id/bios_vendor", "Amazon EC2" },
		{ "/sys/hypervisor/uuid", "ec2" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(hints); i++)
		if (has_word(root, hints[i].file, hints[i].word))
			return true;
	return false;
}

static bool has_container(void)
{
	return aws_world_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") ||
	       aws_world_env("AWS_CONTAINER_CREDENTIALS_FULL_URI");
}

static bool has_environment(void)
{
	return aws_world_env("AWS_ACCESS_KEY_ID");
}

static bool has_web(void)
{
	return aws_world_env("AWS_WEB_IDENTITY_TOKEN_FILE") && aws_world_env("AWS_ROLE_ARN");
}

static bool has_instance(void)
{
	const char *off = aws_world_env("AWS_EC2_METADATA_DISABLED");

	return !(off && !g_ascii_strcasecmp(off, "true")) && aws_find_is_ec2("");
}

/* clang-format off */
static const struct {
	bool (*is_there)(void);
	const char *from, *title, *found_in;
} others[] = {
	{ has_environment, "environment",  "AWS environment",  "environment (AWS_ACCESS_KEY_ID)" },
	{ has_web,         "web-identity", "AWS web identity", "environment (AWS_WEB_IDENTITY_TOKEN_FILE)" },
	{ has_container,   "container",    "AWS container",    "environment (AWS_CONTAINER_CREDENTIALS_…)" },
	{ has_instance,    "instance",     "EC2 instance",     "instance metadata" },
};
/* clang-format on */

void aws_find(GPtrArray *found, GPtrArray *troubles)
{
	g_autoptr(aws_shared) s = find_profiles(found, troubles);

	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		g_autofree char *id = g_strconcat("aws:", others[i].from, NULL);
		struct account *a;

		if (!others[i].is_there())
			continue;
		a = account_of(id, others[i].title, others[i].from);
		set(&a->found_in, others[i].found_in);
		set(&a->secret_from, others[i].found_in);
		look_ahead(a, s);
		g_ptr_array_add(found, a);
	}
}

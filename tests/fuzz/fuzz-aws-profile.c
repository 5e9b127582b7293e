/* fuzz-aws-profile: whatever stands in the two files of the AWS CLI, they are read or refused with
 * a sentence, and every profile in them leads to a plan or to a sentence.  The files are divided
 * by a line "%%". */
#include <provider/aws/aws_own.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_sentence(const GError *error)
{
	g_assert_nonnull(error);
	g_assert_true(g_utf8_validate(error->message, -1, NULL));
	for (const char *p = error->message; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void check_plan(const struct aws_plan *p)
{
	g_assert_true(aws_partition_is_region(args_get(p->with, "region")));
	g_assert_nonnull(aws_partition_find(args_get(p->with, "partition")));
	g_assert_cmpuint(p->roles->len, <=, AWS_ROLES_MAX);
	g_assert_true(p->base != AWS_BASE_KEYS || aws_keys_check(&p->keys, "", NULL));
	g_assert_true(p->base != AWS_BASE_PROCESS || p->command);
	g_assert_true(p->base != AWS_BASE_SSO || aws_partition_is_region(p->sso_region));
	for (size_t i = 0; i < AWS_SERVICES; i++) {
		struct aws_place place = { 0 };

		if (aws_place_find(p->with, (enum aws_service)i, NULL, &place, NULL))
			g_assert_true(aws_place_is_url(place.url) &&
				      aws_partition_is_region(place.region));
		aws_place_done(&place);
	}
}

static void follow(const struct aws_shared *s, const char *profile)
{
	g_autoptr(args) answers = args_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(aws_plan) p = NULL;

	args_set(answers, "from", "profile");
	args_set(answers, "profile", profile);
	p = aws_plan_make(answers, s, &error);
	if (p)
		check_plan(p);
	else
		check_sentence(error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = size ? memmem(data, size, "%%\n", 3) : NULL;
	size_t first = line ? (size_t)(line - data) : size, second = line ? size - first - 3 : 0;
	g_autoptr(GBytes) config = g_bytes_new(data, first);
	g_autoptr(GBytes) credentials = g_bytes_new(line ? line + 3 : NULL, second);
	g_autoptr(GError) error = NULL;
	g_autoptr(aws_shared) s = aws_shared_read(config, credentials, &error);
	unsigned n = 0;

	if (!s) {
		check_sentence(error);
		return 0;
	}
	for (const char *const *p = aws_shared_profiles(s); *p && n < 64; p++, n++)
		follow(s, *p);
	return 0;
}

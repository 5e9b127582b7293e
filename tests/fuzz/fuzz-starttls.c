/* fuzz-starttls: whatever a server says before TLS, the talk ends in words that are harmless, or
 * in readiness with nothing heard too early.  The first byte chooses the protocol, the second
 * how many bytes come at a time. */
#include <string.h>
#include <net/starttls_own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool talk(struct starttls_talk *t, const uint8_t *data, size_t size, size_t step,
		 GError **error)
{
	for (size_t at = 0; at < size && !t->ready; at += step) {
		/* at most three things are said, each of them short */
		g_assert_cmpuint(t->out->len, <=, 64);
		g_byte_array_set_size(t->out, 0);
		if (!starttls_hear(t, data + at, MIN(step, size - at), error))
			return false;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GError) error = NULL;
	struct starttls_talk t;

	if (size < 2)
		return 0;
	starttls_init(&t, starttls_table[data[0] % 7]);
	if (talk(&t, data + 2, size - 2, data[1] + 1u, &error)) {
		g_assert_no_error(error);
		g_assert_true(!t.ready || t.in->len == 0);
		g_assert_cmpuint(t.in->len, <=, STARTTLS_HEAR_MAX);
	} else {
		g_assert_nonnull(error);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
		for (const char *c = error->message; *c; c++)
			g_assert_false(g_ascii_iscntrl(*c));
	}
	starttls_done(&t);
	return 0;
}

/* fuzz-token-look: whatever a host answers where a token is looked for, one thing is said of it, in
 * harmless and short words, and it counts as the token only when the token is in the answer. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/net/token_look.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(token_look) t = token_look_new("www.example.org", "/a", "abc.def");
	const struct token_says *s;

	token_look_hear(t, "192.0.2.1", (const char *)data, size);
	g_assert_cmpuint(t->says->len, ==, 1);
	s = t->says->pdata[0];
	g_assert_true(g_utf8_validate(s->said, -1, NULL));
	g_assert_null(strpbrk(s->said, "\x01\x1b\r\n\x7f"));
	g_assert_cmpint(s->status, >=, 0);
	g_assert_cmpint(s->status, <=, 999);
	if (s->has == TOKEN_SAME) {
		g_assert_cmpint(s->status, ==, 200);
		g_assert_cmpstr(s->said, ==, "abc.def");
	}
	return 0;
}

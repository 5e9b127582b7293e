/*
 * Secrets that programs print, and the kernel's memory for one passphrase.
 */
#include <certty/keyring/keyring_command.h>
#include <certty/keyring/keyring_login.h>

#include <openssl/crypto.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/keyctl.h>

#include <certty/base/err.h>

static void prints(void)
{
	static const struct {
		const char *printed, *secret;	/* NULL: refused */
		enum err code;
	} rows[] = {
		{ "hunter2", "hunter2", 0 },
		{ "hunter2\n", "hunter2", 0 },
		{ "hunter2\r\nlogin: me\nurl: x\n", "hunter2", 0 },
		{ "\n  hunter 2 \n", "hunter 2 ", 0 },
		{ "{\"token\":\"t\",\"client-secret\":\"c\",\"password\":\"p\"}", "c", 0 },
		{ "{\"token\":\"t\",\"password\":\"p\",\"client-secret\":7}\n", "p", 0 },
		{ "{\"value\":\"v\"}", "v", 0 },
		{ "-----BEGIN KEY-----\nAA\n-----END KEY-----\n",
		  "-----BEGIN KEY-----\nAA\n-----END KEY-----\n", 0 },
		{ "", NULL, ERR_NOT_FOUND },
		{ "\n\n", NULL, ERR_NOT_FOUND },
		{ "{\"password\":\"\"}", NULL, ERR_NOT_FOUND },
		{ "{\"pin\":\"hunter2\"}", NULL, ERR_FORMAT },
		{ "{\"password\":\"hunter2\"", NULL, ERR_FORMAT },
		{ "{\"password\":{\"password\":\"hunter2\"}}", NULL, ERR_FORMAT },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(secret) s = keyring_command_read(rows[i].printed, strlen(rows[i].printed),
							   "client-secret", &error);

		g_assert_cmpstr(s ? s->bytes : NULL, ==, rows[i].secret);
		g_assert_true(!s || CRYPTO_secure_allocated(s));
		if (s)
			continue;
		g_assert_error(error, ERR, (int)rows[i].code);
		g_assert_null(strstr(error->message, "hunter2"));
	}
	g_assert_null(keyring_command_read("a\0b", 3, "x", NULL));
}

static void assert_command(const char *command, const char *expected, enum err code,
			   const char *says)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(secret) s = keyring_command(command, "token", 2000, NULL, &error);

	if (expected) {
		g_assert_no_error(error);
		g_assert_cmpstr(s->bytes, ==, expected);
		return;
	}
	g_assert_null(s);
	if (!strstr(error->message, says))
		g_error("\"%s\" does not say \"%s\"", error->message, says);
	g_assert_error(error, ERR, (int)code);
	g_assert_null(strstr(error->message, "hunter2"));
}

static void commands(void)
{
	assert_command("printf %s 'two words'", "two words", 0, NULL);
	assert_command("echo \"a  b\" c", "a  b c", 0, NULL);
	assert_command("echo $HOME `id` | cat", "$HOME `id` | cat", 0, NULL);	/* no shell */
	assert_command("sh: echo hunter2 | tr 2 3", "hunter3", 0, NULL);
	assert_command("sh: printf '{\"token\":\"%s\"}' t", "t", 0, NULL);
	assert_command("", NULL, ERR_USAGE, "is empty");
	assert_command("echo 'hunter2", NULL, ERR_USAGE, "quote that does not end");
	assert_command("certty-no-such-program hunter2", NULL, ERR_NOT_FOUND,
		       "certty-no-such-program was to print a secret: certty-no-such-program cannot");
	assert_command("sh: echo locked >&2; echo hunter2; exit 3", NULL, ERR_SIGN_IN,
		       "A shell was to print a secret: it ended with status 3: locked");
	assert_command("sh: kill -9 $$", NULL, ERR_SIGN_IN, "status 137");
	assert_command("true", NULL, ERR_NOT_FOUND, "true was to print a secret: it printed nothing");
	assert_command("yes hunter2", NULL, ERR_LIMIT, "says more than it may");
	/* What it complains about cannot move the terminal. */
	assert_command("sh: printf '\\033[2J' >&2; exit 1", NULL, ERR_SIGN_IN, "\\x1b[2J");
}

/* It is ended when its time is over or nobody wants it any more, with what it started. */
static void ended(void)
{
	g_autoptr(GError) error = NULL;
	atomic_bool stop = true;
	gint64 began = g_get_monotonic_time();

	g_assert_null(keyring_command("cat /dev/zero", "x", 60000, &stop, &error));
	g_assert_nonnull(error);
	g_clear_error(&error);
	g_assert_null(keyring_command("sh: (tail -f /dev/null) & tail -f /dev/null", "x", 200, NULL,
				      &error));
	g_assert_error(error, ERR, ERR_TIMEOUT);
	g_assert_cmpint(g_get_monotonic_time() - began, <, 10 * G_TIME_SPAN_SECOND);
}

/* ---- the kernel ---- */

static void of_the_login(void)
{
	g_autoptr(secret) s = secret_new("pass\0word", 9), other = secret_new("other", 5);
	g_autoptr(secret) found = NULL, again = NULL;

	/* A session of our own, so that nobody else's is touched. */
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    !keyring_login_put("certty:test", s, 60)) {
		g_test_skip("the kernel gives no keyring here");
		return;
	}
	found = keyring_login_get("certty:test");
	g_assert_true(secret_equal(found, s));
	g_assert_true(CRYPTO_secure_allocated(found));
	g_assert_null(keyring_login_get("certty:tes"));
	g_assert_true(keyring_login_put("certty:test", other, 60));
	again = keyring_login_get("certty:test");
	g_assert_true(secret_equal(again, other));
	keyring_login_drop("certty:test");
	g_assert_null(keyring_login_get("certty:test"));
	keyring_login_drop("certty:test");
}

/* Its time is the kernel's, so this waits for that; bounded. */
static void of_the_login_for_a_while(void)
{
	g_autoptr(secret) s = secret_new("x", 1);
	gint64 end = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
	struct secret *found;

	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    !keyring_login_put("certty:short", s, 1)) {
		g_test_skip("the kernel gives no keyring here");
		return;
	}
	while ((found = keyring_login_get("certty:short"))) {
		secret_free(found);
		g_assert_cmpint(g_get_monotonic_time(), <, end);
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	g_test_add_func("/keyring/command/prints", prints);
	g_test_add_func("/keyring/command/commands", commands);
	g_test_add_func("/keyring/command/ended", ended);
	g_test_add_func("/keyring/login/put-and-get", of_the_login);
	g_test_add_func("/keyring/login/for-a-while", of_the_login_for_a_while);
	return g_test_run();
}

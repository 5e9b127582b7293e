/*
 * tickets_sign: signatures of OpenSSH, made and verified by ssh-keygen itself.
 *
 * What is signed goes through its standard input, so nothing of it is in an argument.  A key with
 * a passphrase has to be in the agent: there is no terminal to ask at.
 */
#include "tickets_own.h"

#include <string.h>
#include <unistd.h>

#include <certty/base/err.h>
#include <certty/base/spawn.h>

#define SIGN_MS 60000		/* somebody may have to touch a device */
#define VERIFY_MS 10000
#define OUTPUT_MAX 65536

/* What it printed; NULL with its own complaint. */
static GBytes *run(const char *const *argv, const void *input, size_t len, int ms,
		   const char *doing, GError **error)
{
	struct spawn what = { .argv = argv, .input = input, .input_len = len,
			      .max_output = OUTPUT_MAX, .limit_ms = ms };
	struct spawn_result got = { 0 };
	GBytes *out = NULL;

	if (!spawn_run(&what, &got, error)) {
		g_prefix_error(error, "%s: ", doing);
		return NULL;
	}
	if (got.status == 0)
		out = g_bytes_ref(got.output);
	else
		g_set_error(error, ERR, ERR_REFUSED, "%s: ssh-keygen says: %s", doing,
			    got.complaint && *got.complaint ? got.complaint : "no");
	spawn_result_done(&got);
	return out;
}

GBytes *tickets_sign(const struct tickets_place *p, const char *about, const void *bytes,
		     size_t len, GError **error)
{
	const char *argv[] = { "ssh-keygen", "-Y", "sign", "-n", about, "-f", p->key, NULL };

	return run(argv, bytes, len, SIGN_MS, "signing with your SSH key", error);
}

/* Good "certty-ticket@certty" signature for ada with ED25519 key SHA256:… */
static char *key_in(GBytes *output)
{
	gsize len;
	const char *text = g_bytes_get_data(output, &len);
	g_autofree char *line = g_strndup(text ? text : "", len);
	const char *key = strrchr(g_strstrip(line), ' ');

	return key && g_str_has_prefix(key + 1, "SHA256:") ? g_strdup(key + 1) : NULL;
}

/* It reads the signature from a file, and one that others can change meanwhile will not do. */
static char *put_aside(GBytes *signature, GError **error)
{
	gsize len;
	const char *bytes = g_bytes_get_data(signature, &len);
	char *path = NULL;
	int fd = g_file_open_tmp("certty-signature-XXXXXX", &path, error);
	bool ok = fd >= 0 && write(fd, bytes, len) == (gssize)len;

	if (fd >= 0)
		close(fd);
	if (ok)
		return path;
	if (fd >= 0) {
		unlink(path);
		g_set_error(error, ERR, ERR_IO, "a signature cannot be written to %s",
			    g_get_tmp_dir());
	}
	g_free(path);
	return NULL;
}

bool tickets_verify(const struct tickets_place *p, const char *about, const char *who,
		    GBytes *bytes, GBytes *signature, char **ret_key, GError **error)
{
	g_autofree char *path = put_aside(signature, error), *key = NULL, *doing = NULL;
	const char *argv[] = { "ssh-keygen", "-Y", "verify", "-f", p->signers, "-I", who, "-n",
			       about, "-s", path, NULL };
	g_autoptr(GBytes) said = NULL;
	gsize len;
	const void *data = g_bytes_get_data(bytes, &len);

	if (!path)
		return false;
	doing = g_strdup_printf("the signature of %s does not hold", who);
	said = run(argv, data, len, VERIFY_MS, doing, error);
	unlink(path);
	key = said ? key_in(said) : NULL;
	if (said && !key)
		g_set_error(error, ERR, ERR_FORMAT, "%s: ssh-keygen does not say with which key",
			    doing);
	if (!key)
		return false;
	*ret_key = g_steal_pointer(&key);
	return true;
}

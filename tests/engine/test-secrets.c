/*
 * Passphrases through the whole engine: given, kept, looked up before an operation, forgotten;
 * without a keyring, and with one that never answers.  The keyring of a real desktop is in
 * tests/e2e.
 */
#include "config.h"

#include <certty/engine/engine.h>

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <certty/base/secret.h>
#include <certty/db/db.h>
#include <certty/db/db_state.h>
#include <certty/keyring/keyring.h>
#include <certty/model/account.h>
#include <certty/model/job.h>

#include "keyring/keyring_file_own.h"

#define LIMIT_MS 60000
#define FIRST	 "correct horse"
#define SECOND	 "battery staple"

/* Two keystores with different passphrases, and an engine that knows of both. */
struct fixture {
	char *folder, *state;
	char *path[2], *id[2];
	struct settings *settings;
	struct engine *engine;
};

/* ---- the fixture ---- */

static void run(const char *const *argv, const char *input)
{
	g_autoptr(GSubprocess) p = g_subprocess_newv(
		argv, G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);

	g_assert_nonnull(p);
	g_assert_true(g_subprocess_communicate_utf8(p, input, NULL, NULL, NULL, NULL));
	g_assert_cmpint(g_subprocess_get_exit_status(p), ==, 0);
}

static void make_keystore(const char *folder, const char *path, const char *passphrase)
{
	g_autofree char *key = g_build_filename(folder, "key.pem", NULL);
	g_autofree char *cert = g_build_filename(folder, "cert.pem", NULL);
	const char *const make[] = { "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
				     "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out",
				     cert, "-days", "30", "-subj", "/CN=secrets.example", NULL };
	const char *const pack[] = { "openssl", "pkcs12", "-export", "-inkey", key, "-in", cert,
				     "-out", path, "-passout", "stdin", NULL };

	run(make, NULL);
	run(pack, passphrase);
	g_assert_cmpint(g_unlink(key), ==, 0);
	g_assert_cmpint(g_unlink(cert), ==, 0);
}

static void set(struct fixture *f, const char *group, const char *key, const char *value)
{
	g_assert_true(settings_override(f->settings, group, key, value, NULL));
}

static void setup(struct fixture *f)
{
	static const char *const passphrases[] = { FIRST, SECOND };
	g_autofree char *files = NULL;

	f->folder = g_dir_make_tmp("certty-secrets-XXXXXX", NULL);
	f->state = g_build_filename(f->folder, "state", NULL);
	for (int i = 0; i < 2; i++) {
		g_autofree char *name = g_strdup_printf("%d.p12", i);

		f->path[i] = g_build_filename(f->folder, name, NULL);
		f->id[i] = g_strconcat("local/keystore:", f->path[i], NULL);
		make_keystore(f->folder, f->path[i], passphrases[i]);
	}
	f->settings = settings_load("/dev/null");
	files = g_strjoin("; ", f->path[0], f->path[1], NULL);
	set(f, "local", "folders", "");
	set(f, "local", "files", files);
}

static void start(struct fixture *f)
{
	struct engine_config config = { .settings = f->settings, .state_folder = f->state,
					.version = "test" };

	f->engine = engine_open(&config, NULL);
	g_assert_nonnull(f->engine);
	g_assert_true(engine_start(f->engine, NULL));
	snapshot_unref(engine_wait_loaded(f->engine));
}

static void stop(struct fixture *f)
{
	g_clear_pointer(&f->engine, engine_stop);
}

static void teardown(struct fixture *f)
{
	const char *const argv[] = { "rm", "-rf", f->folder, NULL };

	stop(f);
	run(argv, NULL);
	for (int i = 0; i < 2; i++) {
		g_free(f->path[i]);
		g_free(f->id[i]);
	}
	g_free(f->folder);
	g_free(f->state);
	settings_free(f->settings);
}

/* ---- orders and their ends ---- */

static uint64_t submit(struct fixture *f, enum verb_id verb, const char *target,
		       const char *passphrase)
{
	struct command *c = command_new(verb, target);

	if (passphrase)
		args_put_secret(c->args, "passphrase",
				secret_new(passphrase, strlen(passphrase)));
	return engine_submit(f->engine, c);
}

static struct job *job_in(const struct snapshot *s, uint64_t number)
{
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	gssize i = items_find(s->kind[KIND_JOBS], id);

	g_assert_cmpint(i, >=, 0);
	return s->kind[KIND_JOBS]->item[i];
}

/* How the order ended, and the state then. */
static struct snapshot *expect(struct fixture *f, uint64_t number, enum job_state state,
			       const char *said)
{
	struct snapshot *s = engine_wait_for(f->engine, number, LIMIT_MS, NULL, NULL);
	const struct job *j = job_in(s, number);

	g_assert_cmpstr(job_state_word(j->state), ==, job_state_word(state));
	if (said && !strstr(j->said, said))
		g_assert_cmpstr(j->said, ==, said);
	return s;
}

static void expect_end(struct fixture *f, uint64_t number, enum job_state state,
		       const char *said)
{
	snapshot_unref(expect(f, number, state, said));
}

static const struct store *store_in(const struct snapshot *s, const char *id)
{
	gssize i = items_find(s->kind[KIND_STORES], id);

	g_assert_cmpint(i, >=, 0);
	return s->kind[KIND_STORES]->item[i];
}

static char *secrets_are(const struct snapshot *s)
{
	gssize i = items_find(s->kind[KIND_ACCOUNTS], "local");

	g_assert_cmpint(i, >=, 0);
	return ((struct account *)s->kind[KIND_ACCOUNTS]->item[i])->secret_from;
}

/* ---- without a keyring ---- */

static void test_off(void)
{
	struct fixture f = { 0 };
	struct snapshot *s;

	setup(&f);
	set(&f, "keyring", "use", "off");
	start(&f);
	s = expect(&f, submit(&f, VERB_REFRESH, f.id[0], NULL), JOB_FAILED,
		   "needs its passphrase");
	g_assert_null(strstr(store_in(s, f.id[0])->trouble, "keyring"));
	g_assert_cmpstr(secrets_are(s), ==, "memory, until certty ends");
	snapshot_unref(s);
	expect_end(&f, submit(&f, VERB_PASSPHRASE, f.id[0], ""), JOB_FAILED, "is needed");
	expect_end(&f, submit(&f, VERB_PASSPHRASE, f.id[0], FIRST), JOB_DONE,
		   "is kept until certty ends");
	s = expect(&f, submit(&f, VERB_REFRESH, f.id[0], NULL), JOB_DONE, NULL);
	g_assert_cmpint(store_in(s, f.id[0])->certs, ==, 1);
	g_assert_cmpint(store_in(s, f.id[0])->keys, ==, 1);
	g_assert_false(store_in(s, f.id[0])->has_secret);
	snapshot_unref(s);
	expect_end(&f, submit(&f, VERB_UNLOCK, NULL, "anything"), JOB_DONE, "in memory");
	teardown(&f);
}

static void change(const struct fixture *f, int i)
{
	make_keystore(f->folder, f->path[i], i ? SECOND : FIRST);
}

static void test_forget(void)
{
	struct fixture f = { 0 };
	struct command *c;

	setup(&f);
	set(&f, "keyring", "use", "off");
	start(&f);
	expect_end(&f, submit(&f, VERB_PASSPHRASE, f.id[0], FIRST), JOB_DONE, NULL);
	expect_end(&f, submit(&f, VERB_REFRESH, f.id[0], NULL), JOB_DONE, NULL);
	c = command_new(VERB_PASSPHRASE, f.id[0]);
	args_set(c->args, "forget", "yes");
	expect_end(&f, engine_submit(f.engine, c), JOB_DONE, "is forgotten");
	change(&f, 0);
	expect_end(&f, submit(&f, VERB_REFRESH, f.id[0], NULL), JOB_FAILED,
		   "needs its passphrase");
	teardown(&f);
}

/* One command on both: each is opened with its own passphrase, not with the other's. */
static void test_two(void)
{
	struct fixture f = { 0 };
	struct command *c = command_new(VERB_REFRESH, NULL);

	setup(&f);
	set(&f, "keyring", "use", "off");
	start(&f);
	expect_end(&f, submit(&f, VERB_PASSPHRASE, f.id[0], FIRST), JOB_DONE, NULL);
	expect_end(&f, submit(&f, VERB_PASSPHRASE, f.id[1], SECOND), JOB_DONE, NULL);
	for (int i = 0; i < 2; i++) {
		change(&f, i);
		g_ptr_array_add(c->targets, g_strdup(f.id[i]));
	}
	expect_end(&f, engine_submit(f.engine, c), JOB_DONE, NULL);
	teardown(&f);
}

/* The first with a passphrase is known; that of the second is still missing, not wrong. */
static void test_one_of_two(void)
{
	struct fixture f = { 0 };
	struct snapshot *s;

	setup(&f);
	set(&f, "keyring", "use", "off");
	start(&f);
	expect_end(&f, submit(&f, VERB_PASSPHRASE, f.id[0], FIRST), JOB_DONE, NULL);
	s = expect(&f, submit(&f, VERB_REFRESH, NULL, NULL), JOB_PARTLY, NULL);
	g_assert_cmpint(store_in(s, f.id[0])->state, ==, STORE_FINE);
	g_assert_cmpint(store_in(s, f.id[1])->state, ==, STORE_FAILED);
	g_assert_nonnull(strstr(store_in(s, f.id[1])->trouble, "needs its passphrase"));
	snapshot_unref(s);
	teardown(&f);
}

static void test_no_bus(void)
{
	struct fixture f = { 0 };
	struct snapshot *s;

	g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
	setup(&f);
	start(&f);
	s = expect(&f, submit(&f, VERB_PASSPHRASE, f.id[0], FIRST), JOB_PARTLY,
		   "is kept until certty ends. ");
	g_assert_false(store_in(s, f.id[0])->has_secret);
	snapshot_unref(s);
	s = expect(&f, submit(&f, VERB_REFRESH, f.id[0], NULL), JOB_DONE, NULL);
	if (strcmp(secrets_are(s), "memory, until certty ends (not built in)"))
		g_assert_cmpstr(secrets_are(s), ==, "memory, until certty ends (no session bus)");
	snapshot_unref(s);
	/* What would have helped is said where it is missed. */
	s = expect(&f, submit(&f, VERB_REFRESH, f.id[1], NULL), JOB_FAILED,
		   "needs its passphrase. T");
	snapshot_unref(s);
	expect_end(&f, submit(&f, VERB_UNLOCK, NULL, "anything"), JOB_FAILED, NULL);
	teardown(&f);
}

/* ---- in the file ---- */

static uint64_t submit_unlock(struct fixture *f, const char *what, const char *passphrase)
{
	struct command *c = command_new(VERB_UNLOCK, NULL);

	args_set(c->args, "what", what);
	args_put_secret(c->args, "passphrase", secret_new(passphrase, strlen(passphrase)));
	return engine_submit(f->engine, c);
}

/* No bus, so the next best: made when asked for by name, found again by the next process. */
static void test_file(void)
{
	struct fixture f = { 0 };
	g_autofree char *file = NULL;
	struct command *c;
	struct snapshot *s;

	g_unsetenv("DBUS_SESSION_BUS_ADDRESS");
	setup(&f);
	file = g_build_filename(f.folder, "secrets.pem", NULL);
	set(&f, "keyring", "file", file);
	start(&f);
	expect_end(&f, submit(&f, VERB_UNLOCK, NULL, "master"), JOB_FAILED, NULL);
	g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
	expect_end(&f, submit_unlock(&f, "file", "master"), JOB_DONE, "kept in the file");
	s = expect(&f, submit(&f, VERB_PASSPHRASE, f.id[0], FIRST), JOB_DONE,
		   "is kept in the file");
	g_assert_true(store_in(s, f.id[0])->has_secret);
	g_assert_cmpstr(secrets_are(s), ==, "file");
	snapshot_unref(s);
	stop(&f);
	change(&f, 0);	/* else what was read before may stand */
	start(&f);
	s = expect(&f, submit(&f, VERB_REFRESH, f.id[0], NULL), JOB_FAILED,
		   "The file of secrets is locked");
	g_assert_cmpstr(secrets_are(s), ==, "file (locked)");
	snapshot_unref(s);
	expect_end(&f, submit(&f, VERB_UNLOCK, NULL, "wrong"), JOB_FAILED, "does not open it");
	expect_end(&f, submit(&f, VERB_UNLOCK, NULL, "master"), JOB_DONE, "kept in the file");
	expect_end(&f, submit(&f, VERB_REFRESH, f.id[0], NULL), JOB_DONE, NULL);
	c = command_new(VERB_PASSPHRASE, f.id[0]);
	args_set(c->args, "forget", "yes");
	s = expect(&f, engine_submit(f.engine, c), JOB_DONE, "is forgotten");
	g_assert_false(store_in(s, f.id[0])->has_secret);
	snapshot_unref(s);
	stop(&f);
	set(&f, "safety", "rungs", "keyring");
	start(&f);
	expect_end(&f, submit_unlock(&f, "file", "master"), JOB_FAILED,
		   "file is not allowed: safety.rungs (command line) allows keyring");
	teardown(&f);
}

/* ---- a keyring that never answers ---- */

#ifdef HAVE_LIBSECRET

/* A bus that takes connections and says nothing. */
static int silent_bus(const struct fixture *f)
{
	g_autofree char *path = g_build_filename(f->folder, "bus", NULL);
	g_autofree char *address = g_strconcat("unix:path=", path, NULL);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_strlcpy(name.sun_path, path, sizeof(name.sun_path));
	g_assert_cmpint(bind(fd, (struct sockaddr *)&name, sizeof(name)), ==, 0);
	g_assert_cmpint(listen(fd, 5), ==, 0);
	g_setenv("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
	return fd;
}

/* As if the passphrase of the first had been kept in another session. */
static void pretend_kept(const struct fixture *f)
{
	g_autofree char *path = g_build_filename(f->state, "certty.db", NULL);
	g_autoptr(db) db = db_open(path, NULL, NULL);
	struct shelf *stores = shelf_new(&store_type);
	g_autoptr(store) s = NULL;

	g_assert_true(db_item_load(db, &store_type, stores, NULL));
	s = store_dup(shelf_get(stores, f->id[0]));
	s->has_secret = true;
	g_assert_true(db_item_put(db, &store_type, s, NULL));
	shelf_free(stores);
}

/* It holds up what might need it, for as long as a question may take, and nothing else. */
static void test_hangs(void)
{
	struct fixture f = { 0 };
	gint64 began;
	uint64_t slow;
	int bus;

	setup(&f);
	bus = silent_bus(&f);
	start(&f);
	stop(&f);
	pretend_kept(&f);
	start(&f);
	began = g_get_monotonic_time();
	slow = submit(&f, VERB_REFRESH, f.id[0], NULL);
	expect_end(&f, submit(&f, VERB_REFRESH, f.id[1], NULL), JOB_FAILED, "needs its");
	g_assert_cmpint(g_get_monotonic_time() - began, <, KEYRING_LIMIT_MS * 900);
	expect_end(&f, slow, JOB_FAILED, "did not answer");
	/* Asked once. */
	began = g_get_monotonic_time();
	expect_end(&f, submit(&f, VERB_REFRESH, f.id[0], NULL), JOB_FAILED, "did not answer");
	g_assert_cmpint(g_get_monotonic_time() - began, <, KEYRING_LIMIT_MS * 900);
	close(bus);
	teardown(&f);
}

static void test_cancel(void)
{
	struct fixture f = { 0 };
	g_autofree char *id = NULL;
	uint64_t slow, number;
	gint64 began;
	int bus;

	setup(&f);
	bus = silent_bus(&f);
	start(&f);
	slow = submit(&f, VERB_PASSPHRASE, f.id[0], FIRST);
	id = g_strdup_printf("%" G_GUINT64_FORMAT, slow);
	began = g_get_monotonic_time();
	number = submit(&f, VERB_CANCEL, id, NULL);
	expect_end(&f, slow, JOB_CANCELLED, NULL);
	expect_end(&f, number, JOB_DONE, NULL);
	g_assert_cmpint(g_get_monotonic_time() - began, <, KEYRING_LIMIT_MS * 900);
	close(bus);
	teardown(&f);
}

/* Leaving waits for no answer. */
static void test_leave(void)
{
	struct fixture f = { 0 };
	uint64_t slow;
	gint64 began;
	int bus;

	setup(&f);
	bus = silent_bus(&f);
	start(&f);
	submit(&f, VERB_PASSPHRASE, f.id[0], FIRST);
	slow = submit(&f, VERB_REFRESH, f.id[1], NULL);
	expect_end(&f, slow, JOB_FAILED, NULL);	/* so the one before it has been asked */
	began = g_get_monotonic_time();
	stop(&f);
	g_assert_cmpint(g_get_monotonic_time() - began, <, KEYRING_LIMIT_MS * 500);
	close(bus);
	teardown(&f);
}

#endif

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	secret_heap_open();
	keyring_file_rounds = 1000;
	g_test_add_func("/secrets/off", test_off);
	g_test_add_func("/secrets/forget", test_forget);
	g_test_add_func("/secrets/two", test_two);
	g_test_add_func("/secrets/one-of-two", test_one_of_two);
	g_test_add_func("/secrets/no-bus", test_no_bus);
	g_test_add_func("/secrets/file", test_file);
#ifdef HAVE_LIBSECRET
	g_test_add_func("/secrets/hangs", test_hangs);
	g_test_add_func("/secrets/cancel", test_cancel);
	g_test_add_func("/secrets/leave", test_leave);
#endif
	return g_test_run();
}

/* Traps that a path can be, and what must be true after every write, also after one that
 * failed. */
#define _GNU_SOURCE
#include "certty/base/err.h"
#include "certty/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char *folder;

static char *in_folder(const char *name)
{
	return g_build_filename(folder, name, NULL);
}

static char *made(const char *name, const char *bytes, size_t len)
{
	char *path = in_folder(name);

	g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
	return path;
}

static void assert_holds(const char *path, const char *text)
{
	g_autofree char *bytes = NULL;
	gsize len;

	g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
	g_assert_cmpmem(bytes, len, text, strlen(text));
}

static unsigned entries(void)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	unsigned n = 0;

	while (g_dir_read_name(dir))
		n++;
	g_dir_close(dir);
	return n;
}

static void empty_folder(void)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = in_folder(name);

		g_assert_cmpint(remove(path), ==, 0);
	}
	g_dir_close(dir);
}

static void reads(void)
{
	g_autofree char *path = made("plain", "a\0b", 3), *none = made("none", "", 0);
	g_autoptr(GError) error = NULL;
	struct file_id id, same, other;
	GBytes *bytes = file_read(path, 3, &id, &error);

	g_assert_no_error(error);
	g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "a\0b", 3);
	g_assert_cmpuint(id.size, ==, 3);
	g_bytes_unref(bytes);
	bytes = file_read(none, 0, &other, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(g_bytes_get_size(bytes), ==, 0);
	g_bytes_unref(bytes);
	g_bytes_unref(file_read(path, 100, &same, NULL));
	g_assert_true(file_id_equal(&id, &same));
	g_assert_false(file_id_equal(&id, &other));
	empty_folder();
}

static void assert_refuses(const char *path, size_t max, enum err code, const char *words)
{
	g_autoptr(GError) error = NULL;
	struct file_id id = { .size = 77 };

	g_assert_null(file_read(path, max, &id, &error));
	g_assert_error(error, ERR, (int)code);
	g_assert_nonnull(strstr(error->message, words));
	g_assert_cmpuint(id.size, ==, 77);
	for (const char *p = error->message; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 && *p != 0x7f);
}

static void refuses_traps(void)
{
	g_autofree char *path = made("file", "1234", 4), *fifo = in_folder("fifo");
	g_autofree char *link = in_folder("dangling"), *loop = in_folder("loop");
	g_autofree char *to_fifo = in_folder("to-fifo"), *sock = in_folder("sock");
	g_autofree char *below = in_folder("file/x"), *odd = in_folder("o\033[31mdd\n");
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_cmpint(symlink("nowhere", link), ==, 0);
	g_assert_cmpint(symlink("loop", loop), ==, 0);
	g_assert_cmpint(symlink("fifo", to_fifo), ==, 0);
	g_strlcpy(addr.sun_path, sock, sizeof(addr.sun_path));
	g_assert_cmpint(bind(s, (struct sockaddr *)&addr, sizeof(addr)), ==, 0);

	assert_refuses(path, 3, ERR_LIMIT, "has 4 bytes");
	assert_refuses(fifo, 10, ERR_FORMAT, "is a pipe");
	assert_refuses(to_fifo, 10, ERR_FORMAT, "is a pipe");
	assert_refuses(sock, 10, ERR_FORMAT, "is a socket");
	assert_refuses("/dev/zero", 10, ERR_FORMAT, "is a device");
	assert_refuses(folder, 10, ERR_FORMAT, "is a folder");
	assert_refuses(link, 10, ERR_NOT_FOUND, "a link to something that is not there");
	assert_refuses(loop, 10, ERR_IO, "cannot be looked at");
	assert_refuses(below, 10, ERR_NOT_FOUND, "cannot be looked at");
	assert_refuses(odd, 10, ERR_NOT_FOUND, "o\\x1b[31mdd\\n");
	close(s);
	empty_folder();
}

struct scribbler {
	const char *path;
	atomic_bool stop;
	atomic_uint written;
};

/* Writes a file in place, so that it is always one letter, or in the middle of changing. */
static void *scribble(void *data)
{
	struct scribbler *w = data;
	int fd = open(w->path, O_WRONLY | O_CLOEXEC);
	static char bytes[1 << 16];

	for (int i = 0; !atomic_load(&w->stop); i++) {
		memset(bytes, 'a' + i % 26, sizeof(bytes));
		g_assert_cmpint(pwrite(fd, bytes, sizeof(bytes), 0), ==, sizeof(bytes));
		g_assert_cmpint(ftruncate(fd, (off_t)sizeof(bytes) - i % 3), ==, 0);
		atomic_fetch_add(&w->written, 1);
	}
	close(fd);
	return NULL;
}

/* What is read while somebody writes: all of it as it was at one time, or a clear refusal. */
static void changes_while_read(void)
{
	g_autofree char *path = made("busy", "", 0);
	struct scribbler w = { .path = path };
	pthread_t thread;
	unsigned refused = 0;

	pthread_create(&thread, NULL, scribble, &w);
	while (atomic_load(&w.written) < 3)
		sched_yield();
	for (int i = 0; i < 200; i++) {
		g_autoptr(GError) error = NULL;
		GBytes *bytes = file_read(path, 1 << 17, NULL, &error);

		if (!bytes) {
			g_assert_error(error, ERR, ERR_BUSY);
			refused++;
			continue;
		}
		g_assert_cmpuint(g_bytes_get_size(bytes), <=, 1 << 16);
		g_bytes_unref(bytes);
	}
	atomic_store(&w.stop, true);
	pthread_join(thread, NULL);
	g_test_message("%u of 200 readings gave up", refused);
	g_bytes_unref(file_read(path, 1 << 17, NULL, NULL));
	empty_folder();
}

static void writes_new(void)
{
	g_autofree char *path = in_folder("new"), *nowhere = in_folder("no/such");
	g_autoptr(GError) error = NULL;
	struct stat st;

	g_assert_true(file_write(path, "one", 3, 0640, FILE_NEW, &error));
	g_assert_no_error(error);
	assert_holds(path, "one");
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0640);

	g_assert_false(file_write(path, "two", 3, 0600, FILE_NEW, &error));
	g_assert_error(error, ERR, ERR_EXISTS);
	g_clear_error(&error);
	assert_holds(path, "one");

	g_assert_false(file_write(nowhere, "x", 1, 0600, FILE_NEW, &error));
	g_assert_error(error, ERR, ERR_NOT_FOUND);
	g_assert_cmpuint(entries(), ==, 1);
	empty_folder();
}

static void new_takes_no_links_place(void)
{
	g_autofree char *link = in_folder("dangling"), *goal = in_folder("goal");
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(symlink("goal", link), ==, 0);
	g_assert_false(file_write(link, "x", 1, 0600, FILE_NEW, &error));
	g_assert_error(error, ERR, ERR_EXISTS);
	g_assert_false(g_file_test(goal, G_FILE_TEST_EXISTS));
	empty_folder();
}

static void replaces(void)
{
	g_autofree char *path = made("old", "old bytes", 9), *link = in_folder("link");
	g_autoptr(GError) error = NULL;
	struct stat st;

	g_assert_cmpint(chmod(path, 0604), ==, 0);
	if (geteuid() == 0)
		g_assert_cmpint(chown(path, 1234, 4321), ==, 0);
	g_assert_cmpint(symlink("old", link), ==, 0);
	g_assert_true(file_write(link, "new", 3, 0600, FILE_REPLACE, &error));
	g_assert_no_error(error);
	assert_holds(path, "new");
	g_assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
	g_assert_cmpint(stat(path, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0604);
	if (geteuid() == 0) {
		g_assert_cmpuint(st.st_uid, ==, 1234);
		g_assert_cmpuint(st.st_gid, ==, 4321);
	}
	g_assert_cmpuint(entries(), ==, 2);
	empty_folder();
}

static void replaces_only_files(void)
{
	g_autofree char *fifo = in_folder("fifo"), *fresh = in_folder("fresh");
	g_autoptr(GError) error = NULL;

	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	g_assert_false(file_write(fifo, "x", 1, 0600, FILE_REPLACE, &error));
	g_assert_error(error, ERR, ERR_REFUSED);
	g_assert_true(file_write(fresh, "x", 1, 0600, FILE_REPLACE, NULL));
	assert_holds(fresh, "x");
	empty_folder();
}

/* A disk that is full, as far as a process can have one to itself: in a child, so that the
 * bound does not hit the test's own output. */
static void full_disk_leaves_the_old_file(void)
{
	g_autofree char *path = made("old", "old", 3);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct rlimit limit = { 100, 100 };
		static char many[1000];
		GError *error = NULL;
		bool wrote;

		signal(SIGXFSZ, SIG_IGN);
		setrlimit(RLIMIT_FSIZE, &limit);
		wrote = file_write(path, many, sizeof(many), 0600, FILE_REPLACE, &error);
		status = wrote ? 1 : g_error_matches(error, ERR, ERR_IO) ? 42 : 2;
		g_clear_error(&error);
		_exit(status);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	g_assert_true(WIFEXITED(status));
	g_assert_cmpint(WEXITSTATUS(status), ==, 42);
	assert_holds(path, "old");
	g_assert_cmpuint(entries(), ==, 1);
	empty_folder();
}

/* Two that replace one file over and over: a reader sees one or the other, never a mixture. */
static void *replacer(void *data)
{
	static char a[5000], b[5000];
	const char *path = data;

	memset(a, 'a', sizeof(a));
	memset(b, 'b', sizeof(b));
	for (int i = 0; i < 40; i++)
		g_assert_true(file_write(path, i & 1 ? a : b, sizeof(a), 0600, FILE_REPLACE,
					 NULL));
	return NULL;
}

static void replacing_is_atomic(void)
{
	g_autofree char *path = made("both", "a", 1);
	pthread_t thread;

	g_assert_true(file_write(path, "", 0, 0600, FILE_REPLACE, NULL));
	pthread_create(&thread, NULL, replacer, path);
	for (int i = 0; i < 200; i++) {
		GBytes *bytes = file_read(path, 5000, NULL, NULL);
		const char *p;
		gsize len;

		if (!bytes)
			continue;
		p = g_bytes_get_data(bytes, &len);
		g_assert_true(len == 0 || len == 5000);
		for (gsize k = 1; k < len; k++)
			g_assert_cmpint(p[k], ==, p[0]);
		g_bytes_unref(bytes);
	}
	pthread_join(thread, NULL);
	g_assert_cmpuint(entries(), ==, 1);
	empty_folder();
}

static void folders(void)
{
	g_autofree char *deep = in_folder("a/b"), *top = in_folder("a");
	g_autofree char *under = in_folder("f/g");
	g_autoptr(GError) error = NULL;
	struct stat st;

	g_free(made("f", "", 0));
	g_assert_true(file_make_folder(deep, &error));
	g_assert_true(file_make_folder(deep, &error));
	g_assert_no_error(error);
	g_assert_cmpint(stat(top, &st), ==, 0);
	g_assert_cmpint(st.st_mode & 07777, ==, 0700);
	g_assert_false(file_make_folder(under, &error));
	g_assert_nonnull(error);
	g_assert_cmpint(rmdir(deep), ==, 0);
	empty_folder();
}

static void xdg(void)
{
	g_autofree char *config = NULL, *data = NULL, *state = NULL, *home = NULL;

	g_setenv("XDG_CONFIG_HOME", "/x/config", TRUE);
	g_setenv("XDG_DATA_HOME", "not/absolute", TRUE);
	g_unsetenv("XDG_STATE_HOME");
	config = file_config_folder();
	data = file_data_folder();
	state = file_state_folder();
	g_assert_cmpstr(config, ==, "/x/config/certty");
	home = g_build_filename(g_get_home_dir(), ".local/share/certty", NULL);
	g_assert_cmpstr(data, ==, home);
	g_assert_true(g_str_has_suffix(state, "/.local/state/certty"));
}

static void absolute(void)
{
	g_autofree char *here = g_get_current_dir();
	g_autofree char *home = file_absolute("~"), *in_home = file_absolute("~//x/../y");
	g_autofree char *want = g_build_filename(g_get_home_dir(), "y", NULL);
	g_autofree char *relative = file_absolute("a/./b"), *tidy = file_absolute("/a//b/../c/");
	g_autofree char *want_here = g_build_filename(here, "a/b", NULL);

	g_assert_cmpstr(home, ==, g_get_home_dir());
	g_assert_cmpstr(in_home, ==, want);
	g_assert_cmpstr(relative, ==, want_here);
	g_assert_cmpstr(tidy, ==, "/a/c");
}

int main(int argc, char **argv)
{
	int rc;

	g_test_init(&argc, &argv, NULL);
	folder = g_dir_make_tmp("certty-file-XXXXXX", NULL);
	g_assert_nonnull(folder);
	g_test_add_func("/base/file/reads", reads);
	g_test_add_func("/base/file/refuses-traps", refuses_traps);
	g_test_add_func("/base/file/changes-while-read", changes_while_read);
	g_test_add_func("/base/file/writes-new", writes_new);
	g_test_add_func("/base/file/new-takes-no-links-place", new_takes_no_links_place);
	g_test_add_func("/base/file/replaces", replaces);
	g_test_add_func("/base/file/replaces-only-files", replaces_only_files);
	g_test_add_func("/base/file/full-disk-leaves-the-old-file", full_disk_leaves_the_old_file);
	g_test_add_func("/base/file/replacing-is-atomic", replacing_is_atomic);
	g_test_add_func("/base/file/folders", folders);
	g_test_add_func("/base/file/xdg", xdg);
	g_test_add_func("/base/file/absolute", absolute);
	rc = g_test_run();
	rmdir(folder);
	g_free(folder);
	return rc;
}

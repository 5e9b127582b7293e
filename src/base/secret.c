/*
 * Secrets live in OpenSSL's secure heap and nowhere else.  This file also asks people for
 * them: while a passphrase is typed the terminal is in a mode of ours, and however that ends,
 * by Return, by Ctrl-C or by a signal, it is given back as it was.
 */
#define _GNU_SOURCE
#include "certty/base/secret.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include "certty/base/err.h"
#include "certty/base/wiping.h"

#define HEAP_PIECE 16		/* smallest piece, a power of two */

static enum secret_heap heap;

/* OpenSSL's own memory: what it decodes and encrypts passes through that.  Only before it has
 * allocated anything, so of a test that asks later it stays as it is. */
static void *library_malloc(size_t len, const char *file, int line)
{
	return wiping_malloc(len);
}

static void *library_realloc(void *bytes, size_t len, const char *file, int line)
{
	return wiping_realloc(bytes, len);
}

static void library_free(void *bytes, const char *file, int line)
{
	wiping_free(bytes);
}

void secret_heap_open(void)
{
	int rc;

	CRYPTO_set_mem_functions(library_malloc, library_realloc, library_free);
	rc = CRYPTO_secure_malloc_init(SECRET_HEAP_SIZE, HEAP_PIECE);

	if (rc)
		heap = rc == 1 ? SECRET_HEAP_LOCKED : SECRET_HEAP_UNLOCKED;
}

enum secret_heap secret_heap_state(void)
{
	return heap;
}

size_t secret_heap_used(void)
{
	return CRYPTO_secure_used();
}

void secret_forbid_dumps(void)
{
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

struct secret *secret_new(const void *bytes, size_t len)
{
	struct secret *s;

	if (len > SECRET_HEAP_SIZE)
		return NULL;
	s = OPENSSL_secure_zalloc(sizeof(*s) + len + 1);
	if (!s)
		return NULL;
	s->len = len;
	if (bytes && len)
		memcpy(s->bytes, bytes, len);
	return s;
}

struct secret *secret_dup(const struct secret *s)
{
	return s ? secret_new(s->bytes, s->len) : NULL;
}

/* Bytes beyond the last whole round of the alphabet are thrown away, so that no letter is
 * likelier than another. */
struct secret *secret_random(size_t len)
{
	static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	const unsigned n = sizeof(signs) - 1;
	g_autoptr(secret) s = secret_new(NULL, len);

	for (size_t i = 0; s && i < len;) {
		unsigned char byte;

		if (RAND_bytes(&byte, 1) != 1)
			return NULL;
		if (byte < 256 / n * n)
			s->bytes[i++] = signs[byte % n];
	}
	return g_steal_pointer(&s);
}

void secret_free(struct secret *s)
{
	if (s)
		OPENSSL_secure_clear_free(s, sizeof(*s) + s->len + 1);
}

bool secret_equal(const struct secret *a, const struct secret *b)
{
	if (!a || !b)
		return a == b;
	return a->len == b->len && CRYPTO_memcmp(a->bytes, b->bytes, a->len) == 0;
}

void secret_clear(void *bytes, size_t len)
{
	OPENSSL_cleanse(bytes, len);
}

void secret_wipe(void *bytes, size_t len)
{
	if (!bytes)
		return;
	OPENSSL_cleanse(bytes, len);
	g_free(bytes);
}

__attribute__((noinline)) void secret_wipe_stack(void)
{
	char left[64 * 1024];

	OPENSSL_cleanse(left, sizeof(left));
}

/* ---- asking ------------------------------------------------------------------------------ */

static struct secret *refuse(GError **error, enum err code, const char *why)
{
	g_set_error(error, ERR, (int)code, "the secret cannot be read: %s", why);
	return NULL;
}

static struct secret *too_long(GError **error, size_t max)
{
	g_set_error(error, ERR, ERR_LIMIT, "the secret is longer than %zu bytes", max);
	return NULL;
}

static struct secret *cut_to(const struct secret *from, size_t len, GError **error)
{
	struct secret *s = secret_new(from->bytes, len);

	return s ? s : refuse(error, ERR_LIMIT, "the memory for secrets is full");
}

static struct secret *read_all(int fd, struct secret *room, size_t max, GError **error)
{
	size_t len = 0;
	ssize_t n;

	do {
		n = read(fd, room->bytes + len, room->len - len);
		if (n < 0 && errno != EINTR)
			return refuse(error, ERR_IO, g_strerror(errno));
		if (n > 0)
			len += (size_t)n;
	} while (n != 0 && len < room->len);
	if (len && room->bytes[len - 1] == '\n')
		len -= len > 1 && room->bytes[len - 2] == '\r' ? 2 : 1;
	if (len > max)
		return too_long(error, max);
	return cut_to(room, len, error);
}

/* One key of a typed line.  False when it ends the line; *len is -1 when a person gave up. */
static bool take_key(struct secret *room, char key, ssize_t *len)
{
	switch (key) {
	case '\r':
	case '\n':
		return false;
	case 'C' & 0x1f:
		*len = -1;
		return false;
	case 'D' & 0x1f:
		if (*len == 0)
			*len = -1;
		return false;
	case 'U' & 0x1f:
		*len = 0;
		return true;
	case '\b':
	case 0x7f:
		while (*len > 0 && (room->bytes[--*len] & 0xc0) == 0x80)
			;
		return true;
	default:
		if ((size_t)*len < room->len)
			room->bytes[(*len)++] = key;
		return true;
	}
}

/* The same of a block: it ends with an empty line or Ctrl-D. */
static bool take_block_key(struct secret *room, char key, ssize_t *len)
{
	bool is_break = key == '\r' || key == '\n';

	if (key == ('D' & 0x1f))
		return *len == 0 && take_key(room, key, len);
	if (!is_break)
		return take_key(room, key, len);
	if (*len == 0 || room->bytes[*len - 1] == '\n')
		return false;
	if ((size_t)*len < room->len)
		room->bytes[(*len)++] = '\n';
	return true;
}

typedef bool take_fn(struct secret *room, char key, ssize_t *len);

/* Types a line or a block into room; its length, or -1 when it was broken off. */
static ssize_t type_in(int fd, int signals, struct secret *room, take_fn *take)
{
	struct pollfd polls[] = { { .fd = fd, .events = POLLIN },
				  { .fd = signals, .events = POLLIN } };
	ssize_t len = 0, n;
	char key;

	for (;;) {
		if (poll(polls, 2, -1) < 0 && errno != EINTR)
			return -1;
		if (polls[1].revents)
			return -1;
		if (!polls[0].revents)
			continue;
		n = read(fd, &key, 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		if (!take(room, key, &len))
			return len;
	}
}

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0 &&
	    write(STDERR_FILENO, text, strlen(text)) < 0)
		return;	/* nobody to ask then; what is typed is still read */
}

/* Signals that would end us are held back until the terminal is itself again. */
static struct secret *ask(int fd, const char *prompt, struct secret *room, size_t max,
			  take_fn *take, GError **error)
{
	static const int held[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP };
	struct termios usual, quiet;
	sigset_t set, old;
	ssize_t len = -1;
	int signals;

	if (tcgetattr(fd, &usual) != 0)
		return refuse(error, ERR_IO, g_strerror(errno));
	sigemptyset(&set);
	for (size_t i = 0; i < G_N_ELEMENTS(held); i++)
		sigaddset(&set, held[i]);
	pthread_sigmask(SIG_BLOCK, &set, &old);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	quiet = usual;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	if (signals >= 0 && tcsetattr(fd, TCSAFLUSH, &quiet) == 0) {
		say(fd, prompt);
		len = type_in(fd, signals, room, take);
		tcsetattr(fd, TCSADRAIN, &usual);
		say(fd, "\n");
	}
	if (signals >= 0)
		close(signals);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (len < 0)
		return refuse(error, ERR_CANCELLED, "it was broken off");
	if ((size_t)len > max)
		return too_long(error, max);
	return cut_to(room, (size_t)len, error);
}

static struct secret *read_or_ask(int fd, const char *prompt, size_t max, take_fn *take,
				  GError **error)
{
	/* Two more than wanted, for the line break, and one that shows that there is more. */
	g_autoptr(secret) room = max < SECRET_HEAP_SIZE ? secret_new(NULL, max + 3) : NULL;

	if (!room)
		return refuse(error, ERR_LIMIT, "the memory for secrets is full");
	return isatty(fd) ? ask(fd, prompt, room, max, take, error) :
			    read_all(fd, room, max, error);
}

struct secret *secret_read(int fd, const char *prompt, size_t max, GError **error)
{
	return read_or_ask(fd, prompt, max, take_key, error);
}

struct secret *secret_read_block(int fd, const char *prompt, size_t max, GError **error)
{
	return read_or_ask(fd, prompt, max, take_block_key, error);
}

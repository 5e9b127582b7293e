/*
 * log: the file in which messages of certty and of the libraries below it are kept.
 *
 * A line is one write() of harmless text, so lines of several threads and processes do not mix.
 * What is set here is set before any thread is made.
 */
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>
#include <certty/base/text.h>
#include <certty/ui/hush.h>

#define MESSAGE_MAX 4096

static const struct {
	const char *word;
	GLogLevelFlags level;
} levels[] = {
	{ "error", G_LOG_LEVEL_CRITICAL },
	{ "warning", G_LOG_LEVEL_WARNING },
	{ "info", G_LOG_LEVEL_INFO },
	{ "debug", G_LOG_LEVEL_DEBUG },
};

static int log_fd = -1;
static GLogLevelFlags log_most = G_LOG_LEVEL_INFO;

static const char *field_of(const GLogField *fields, gsize n, const char *key)
{
	for (gsize i = 0; i < n; i++)
		if (!strcmp(fields[i].key, key) && fields[i].length < 0)
			return fields[i].value;
	return "";
}

static const char *word_of(GLogLevelFlags level)
{
	for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
		if (level <= levels[i].level)
			return levels[i].word;
	return levels[G_N_ELEMENTS(levels) - 1].word;
}

static GLogWriterOutput write_line(GLogLevelFlags flags, const GLogField *fields, gsize n,
				   gpointer who)
{
	GLogLevelFlags level = flags & G_LOG_LEVEL_MASK;
	g_autofree char *text = NULL;
	g_autoptr(GString) line = g_string_new(NULL);

	(void)who;
	if (log_fd < 0 || level > log_most)
		return G_LOG_WRITER_UNHANDLED;
	text = text_harmless_dup(field_of(fields, n, "MESSAGE"), MESSAGE_MAX);
	clock_say_iso(line, clock_now());
	g_string_append_printf(line, " %d %s %s: %s\n", (int)getpid(), word_of(level),
			       field_of(fields, n, "GLIB_DOMAIN"), text);
	return write(log_fd, line->str, line->len) < 0 ? G_LOG_WRITER_UNHANDLED :
							  G_LOG_WRITER_HANDLED;
}

void log_open(void)
{
	hush_also(write_line);
}

bool log_to(const char *file, const char *level, GError **error)
{
	bool known = !level;

	for (size_t i = 0; level && i < G_N_ELEMENTS(levels); i++) {
		if (strcmp(level, levels[i].word))
			continue;
		log_most = levels[i].level;
		known = true;
	}
	if (!known) {
		g_set_error(error, ERR, ERR_USAGE,
			    "--log-level takes error, warning, info or debug, not %s", level);
		return false;
	}
	if (!file)
		return true;
	log_fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY,
		      0600);
	if (log_fd >= 0)
		return true;
	g_set_error(error, ERR, ERR_IO, "the log file %s cannot be opened: %s", file,
		    g_strerror(errno));
	return false;
}

/*
 * cells: the few forms in which all views say times and lists.
 */
#include "own.h"

#include <certty/base/clock.h>

static const char *nothing(void)
{
	return text_is_ascii() ? "-" : "–";
}

void cell_until(GString *out, const struct frame *f, int64_t when)
{
	if (when)
		clock_say_until(out, f->now, when);
	else
		g_string_append(out, nothing());
}

void cell_as_of(GString *out, const struct frame *f, int64_t when)
{
	if (when)
		clock_say_as_of(out, f->now, when);
	else
		g_string_append(out, nothing());
}

void cell_iso(GString *out, int64_t when)
{
	if (when)
		clock_say_iso(out, when);
}

void cell_list(GString *out, char *const *strings, const char *between)
{
	for (char *const *s = strings; s && *s; s++)
		g_string_append_printf(out, "%s%s", s == strings ? "" : between, *s);
}

void value_iso(struct json_writer *w, const char *key, int64_t when)
{
	g_autoptr(GString) iso = g_string_new(NULL);

	cell_iso(iso, when);
	json_put_str(w, key, when ? iso->str : NULL);
}

void value_strings(struct json_writer *w, const char *key, char *const *strings)
{
	json_open(w, key, '[');
	for (; strings && *strings; strings++)
		json_put_str(w, NULL, *strings);
	json_close(w, ']');
}

enum tone tone_of_life(int64_t not_before, int64_t not_after, int64_t now)
{
	int64_t left = not_after - now, life = not_after - not_before;

	if (left < 0)
		return TONE_BAD;
	if (left < 7 * CLOCK_DAY && left < life / 3)
		return TONE_BAD;
	if (left < life / 10 && left < 30 * CLOCK_DAY)
		return TONE_WARN;
	if (left < 30 * CLOCK_DAY && left < life / 3)
		return TONE_NOTICE;
	return TONE_PLAIN;
}

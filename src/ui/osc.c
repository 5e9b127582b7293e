/*
 * osc: what is said to the terminal about other things than cells, as bytes.
 */
#include "osc.h"

#include <string.h>

#include <certty/base/secret.h>

#define ST "\x1b\\"

void osc_copy(GString *out, const void *bytes, size_t len, bool through_tmux)
{
	char *coded = g_base64_encode(bytes, len);

	g_string_append_printf(out, "\x1b]52;c;%s" ST, coded);
	if (through_tmux)	/* inside the wrapping every Esc is doubled */
		g_string_append_printf(out, "\x1bPtmux;\x1b\x1b]52;c;%s\x1b" ST ST, coded);
	secret_clear(coded, strlen(coded));	/* it may be a key */
	g_free(coded);
}

void osc_title(GString *out, const char *title)
{
	g_string_append_printf(out, "\x1b]2;%s" ST, title);
}

/*
 * sign: the few signs that stand beside words, with their plain form for ASCII mode.
 */
#include "sign.h"

#include <certty/base/text.h>

static const struct {
	const char *sign, *plain;
} signs[SIGN_COUNT] = {
#define SIGN_ROW(symbol, sign, plain, what) [SIGN_##symbol] = { sign, plain },
	SIGNS(SIGN_ROW)
#undef SIGN_ROW
};

static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };

const char *sign_text(enum sign which)
{
	return text_is_ascii() ? signs[which].plain : signs[which].sign;
}

int sign_bar(GString *out, int cells, int permille)
{
	int full = CLAMP(permille, 0, 1000) * cells * 8 / 1000;
	int n = full / 8;

	if (text_is_ascii()) {
		n = (full + 4) / 8;
		full = n * 8;
	}
	for (int i = 0; i < n; i++)
		g_string_append(out, text_is_ascii() ? "#" : "█");
	g_string_append(out, eighths[full % 8]);
	return n + (full % 8 != 0);
}

void sign_bar_rest(GString *out, int cells)
{
	for (int i = 0; i < cells; i++)
		g_string_append(out, sign_text(SIGN_dot));
}

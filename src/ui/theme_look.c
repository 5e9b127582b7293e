/*
 * theme_look: what a role looks like with the colours that this terminal has.
 *
 * Colours are computed down to the nearest that there is.  Two that could be read on each
 * other can come close on the way; then the letters become black or white, whichever can be read on the
 * ground, because being readable matters more than being the right hue.
 */
#include "theme.h"

#include <math.h>

#define READABLE 4.5	/* WCAG 2, level AA */

/* xterm's own 16, then the six levels of the cube of 216; 24 greys follow by rule. */
static const uint32_t base[16] = {
	0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
	0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
};
static const uint8_t cube[6] = { 0, 95, 135, 175, 215, 255 };

static struct theme_look without_colour(enum role role);
static int32_t show(struct theme_colour c, int colours);
static int32_t nearest(uint32_t rgb, unsigned from, unsigned to);
static void keep_readable(const struct theme_style *style, struct theme_look *look,
			  int colours);
static void fit_eight(struct theme_look *look);
static uint32_t rgb_shown(int32_t shown, int colours);

struct theme_look theme_look(const struct theme *t, enum role role, int colours)
{
	const struct theme_style *style = &t->style[role];
	struct theme_look look;

	if (colours < 8)
		return without_colour(role);
	colours = colours < 16	       ? 8
		  : colours < 256      ? 16
		  : colours < THEME_DIRECT ? 256
					   : THEME_DIRECT;
	look = (struct theme_look){ .fg = show(style->fg, colours),
				    .bg = show(style->bg, colours),
				    .attrs = style->attrs };
	if (colours == 8)
		fit_eight(&look);
	keep_readable(style, &look, colours);
	return look;
}

uint32_t theme_slot_rgb(unsigned slot)
{
	if (slot < 16)
		return base[slot];
	if (slot < 232) {
		slot -= 16;
		return (uint32_t)cube[slot / 36] << 16 | (uint32_t)cube[slot / 6 % 6] << 8 |
		       cube[slot % 6];
	}
	return (8 + 10 * (slot - 232)) * 0x010101u;
}

static struct theme_look without_colour(enum role role)
{
	unsigned attrs = 0;

	theme_read_attrs(theme_role(role)->without_colour, &attrs);
	return (struct theme_look){ .fg = -1, .bg = -1, .attrs = attrs };
}

static int32_t show(struct theme_colour c, int colours)
{
	uint32_t rgb = c.kind == COLOUR_RGB ? c.value : theme_slot_rgb(c.value & 0xff);
	/* On eight colours the bright half is told by bold; fit_eight() does that. */
	unsigned slots = colours == 8 ? 16 : (unsigned)colours;

	if (c.kind == COLOUR_DEFAULT)
		return -1;
	if (colours == THEME_DIRECT) {
		/* Numbers below 8 are slots there, so nearly black has to be black. */
		if (c.kind == COLOUR_SLOT && c.value < 8)
			return (int32_t)c.value;
		return rgb < 8 ? 0 : (int32_t)rgb;
	}
	if (c.kind == COLOUR_SLOT && c.value < slots)
		return (int32_t)c.value;
	return colours == 256 ? nearest(rgb, 16, 256) : nearest(rgb, 0, slots);
}

static int32_t nearest(uint32_t rgb, unsigned from, unsigned to)
{
	int32_t best = 0;
	int least = G_MAXINT;

	for (unsigned slot = from; slot < to; slot++) {
		uint32_t other = theme_slot_rgb(slot);
		int r = (int)(rgb >> 16 & 255) - (int)(other >> 16 & 255);
		int g = (int)(rgb >> 8 & 255) - (int)(other >> 8 & 255);
		int b = (int)(rgb & 255) - (int)(other & 255);
		int distance = 2 * r * r + 4 * g * g + 3 * b * b;	/* as eyes weigh them */

		if (distance < least) {
			least = distance;
			best = (int32_t)slot;
		}
	}
	return best;
}

/* Eight colours: bright letters are bold ones, and dark grey, which bold black is only with
 * luck, is the terminal's own colour dimmed. */
static void fit_eight(struct theme_look *look)
{
	if (look->fg == 8 && look->bg < 0) {
		look->fg = -1;
		look->attrs |= ATTR_DIM;
	} else if (look->fg >= 8) {
		look->fg -= 8;
		look->attrs |= ATTR_BOLD;
	}
	if (look->bg >= 8)
		look->bg -= 8;
}

static void keep_readable(const struct theme_style *style, struct theme_look *look, int colours)
{
	uint32_t ground;

	if (style->fg.kind != COLOUR_RGB || style->bg.kind != COLOUR_RGB ||
	    theme_contrast(style->fg.value, style->bg.value) < READABLE)
		return;		/* nothing to keep: a line is faint on purpose */
	ground = rgb_shown(look->bg, colours);
	if (theme_contrast(rgb_shown(look->fg, colours), ground) >= READABLE)
		return;
	look->fg = theme_contrast(0x000000, ground) >= theme_contrast(0xffffff, ground) ? 0
		   : colours == THEME_DIRECT ? 0xffffff
		   : colours == 8	     ? 7
					     : 15;
}

static uint32_t rgb_shown(int32_t shown, int colours)
{
	return colours == THEME_DIRECT && shown >= 8 ? (uint32_t)shown
						     : theme_slot_rgb((unsigned)shown);
}

/* Relative luminance and contrast ratio as WCAG 2 defines them. */
static double luminance(uint32_t rgb)
{
	static const double weight[] = { 0.0722, 0.7152, 0.2126 };
	double sum = 0;

	for (int i = 0; i < 3; i++) {
		double c = (rgb >> 8 * i & 255) / 255.0;

		sum += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

double theme_contrast(uint32_t a, uint32_t b)
{
	double la = luminance(a), lb = luminance(b);

	return (MAX(la, lb) + 0.05) / (MIN(la, lb) + 0.05);
}

/* page: what the engine found out, as a page: asked for, waited for, and printed. */
#include "own.h"

#include <stdio.h>

#include <certty/model/detail.h>

struct detail *cli_ask_page(struct engine *e, struct command *command, const char *id, int *ret_status)
{
	struct detail *page = NULL;
	struct cli_outcome o;
	gssize at;

	cli_do(e, command, &o);
	at = o.snap ? items_find(o.snap->details, id) : -1;
	if (o.cancelled)
		*ret_status = 130;
	else if (o.failed || at < 0)
		*ret_status = cli_fail(g_error_new_literal(ERR, o.failed ? (gint)o.code : ERR_FAILED,
							   o.said ? o.said : "it cannot be looked at"));
	else
		page = detail_ref(o.snap->details->item[at]);
	cli_outcome_done(&o);
	return page;
}

void cli_print_lines(const struct detail *d, size_t from, const char *indent)
{
	int width = 0;

	for (size_t i = from; i < d->n; i++)
		width = MAX(width, text_width(d->line[i].label, -1));
	for (size_t i = from; i < d->n; i++) {
		g_autoptr(GString) label = g_string_new(NULL);

		text_fit(label, d->line[i].label, width, ALIGN_LEFT);
		printf("%s%s  %s\n", indent, label->str, d->line[i].text);
	}
}

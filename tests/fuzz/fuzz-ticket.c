/* fuzz-ticket: what others put into the folder of tickets: what reads is written again as the same
 * bytes, and shown as harmless text. */
#include <certty/provider/tickets.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(struct ticket *t)
{
	struct tickets_one one = { .name = (char *)"name", .ticket = t, .key = (char *)"SHA256:k" };
	struct tickets_place place = { .folder = (char *)"/f", .identity = (char *)"ben" };
	g_autoptr(detail) d = tickets_detail(&one, "requests/x");
	g_autoptr(request) r = tickets_request(&place, &one, 0);

	for (size_t i = 0; i < d->n; i++)
		for (const char *c = d->line[i].text; *c; c++)
			g_assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
	for (const char *c = r->title; *c; c++)
		g_assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(ticket) t = ticket_read(data, size, NULL);
	g_autoptr(ticket_answer) a = ticket_answer_read(data, size, NULL);
	g_autofree char *again = t ? ticket_write(t, NULL) : a ? ticket_answer_write(a, NULL) : NULL;

	if (t || a) {
		g_assert_nonnull(again);
		g_assert_cmpmem(again, strlen(again), data, size);
	}
	if (t)
		show(t);
	return 0;
}

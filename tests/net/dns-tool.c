/* dns-tool RESOLVER PORT NAME TYPE VALUE [ONLY]: what each server of its zone says of a record, for
 * tests with servers of their own.  ONLY stands for safety.hosts. */
#include <stdio.h>
#include <stdlib.h>

#include <certty/net/dns.h>

int main(int argc, char **argv)
{
	struct dns_way *way = g_new0(struct dns_way, 1);
	g_autoptr(GError) error = NULL;
	g_autoptr(dns_found) f = NULL;

	if (argc < 6) {
		dns_way_free(way);
		return 2;
	}
	way->resolvers = g_strsplit(argv[1], ",", -1);
	way->port = (uint16_t)strtol(argv[2], NULL, 10);
	if (argc > 6)
		way->only[0] = g_strsplit(argv[6], ",", -1);
	f = dns_look(way, argv[3], argv[4], argv[5], NULL, &error);
	dns_way_free(way);
	if (!f) {
		printf("%s: %s\n", err_word((enum err)error->code), error->message);
		return 1;
	}
	printf("%s %s\n", f->zone, f->name);
	for (guint i = 0; i < f->says->len; i++) {
		const struct dns_says *s = f->says->pdata[i];

		printf("%s %s %s%s%s\n", s->server, s->address, dns_has_words(s->has),
		       *s->value ? ": " : "", s->value);
	}
	return 0;
}

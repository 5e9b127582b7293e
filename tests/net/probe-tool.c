/*
 * Prints the chain that an endpoint presents, one SHA-256 a line, leaf first; for tests that
 * compare it with what others see.
 *
 *	probe-tool smtp://127.0.0.1:2525
 */
#include "hostile.h"

int main(int argc, char **argv)
{
	const struct starttls *starttls;
	g_autoptr(GError) error = NULL;
	g_autoptr(reply) reply = NULL;
	g_autofree char *host = NULL;
	struct client *c;
	uint16_t port;

	if (argc != 2) {
		g_printerr("usage: probe-tool ENDPOINT\n");
		return 2;
	}
	if (!exchange_read_endpoint(argv[1], &host, &port, &starttls, &error)) {
		g_printerr("%s\n", error->message);
		return 2;
	}
	c = client_new(&error);
	if (!c) {
		g_printerr("%s\n", error->message);
		return 1;
	}
	reply = hostile_ask(c, exchange_probe(host, port, starttls));
	client_free(c);
	if (reply->error) {
		g_printerr("%s\n", reply->error->message);
		return 1;
	}
	for (unsigned i = 0; i < reply->chain->len; i++) {
		g_autofree char *digest = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256,
								       reply->chain->pdata[i]);

		g_print("%s\n", digest);
	}
	g_printerr("%s %s\n", reply->protocol, reply->cipher);
	return 0;
}

/* fuzz-endpoint: whatever a person writes, an endpoint is a host that no resolver reads as
 * another, and reading what was read gives the same. */
#include <string.h>
#include <net/exchange_own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_again(const char *host, uint16_t port, const struct starttls *starttls)
{
	bool is_long = strchr(host, ':');
	g_autofree char *text = g_strdup_printf("%s://%s%s%s:%u", starttls ? starttls->name : "tls",
						is_long ? "[" : "", host, is_long ? "]" : "", port);
	g_autofree char *host_again = NULL;
	const struct starttls *starttls_again;
	g_autoptr(GError) error = NULL;
	uint16_t port_again;

	exchange_read_endpoint(text, &host_again, &port_again, &starttls_again, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(host_again, ==, host);
	g_assert_cmpuint(port_again, ==, port);
	g_assert_true(starttls_again == starttls);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autofree char *host = NULL;
	const struct starttls *starttls;
	g_autoptr(GError) error = NULL;
	uint16_t port;

	if (exchange_read_endpoint(text, &host, &port, &starttls, &error)) {
		g_assert_true(exchange_is_host(host));
		g_assert_cmpuint(port, >, 0);
		check_again(host, port, starttls);
	} else {
		g_assert_error(error, ERR, ERR_USAGE);
		g_assert_true(g_utf8_validate(error->message, -1, NULL));
	}
	return 0;
}

/* fuzz-tsig: nothing that a DNS server answers counts as signed, unless it is one of the answers that
 * were; and nothing is read beyond it. */
#include <string.h>

#include "net/sign_tsig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Nobody has this key, or has signed for this MAC. */
	static const struct tsig_mac asked = { .bytes = { 1, 2, 3 }, .len = 32 };
	g_autoptr(secret) base64 = secret_new("YW5vdGhlcg==", 12);
	g_autoptr(dns_key) key = dns_key_new("certty-test", "hmac-sha256", base64, NULL);
	g_autofree uint8_t *copy = g_memdup2(data, size);
	struct tsig_says says = sign_tsig_check(copy, size, key, &asked, 1795404909);

	g_assert_false(says.is_signed);
	g_assert_cmpuint(says.error, <=, 0xffff);
	g_assert_true(!says.clock || says.error == TSIG_BADTIME);
	return 0;
}

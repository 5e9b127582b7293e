/* fuzz-azure-backup: what a vault gives as a backup is bytes or none, and goes back as the same bytes. */
#include <provider/azure/kv_change.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_back(GBytes *bytes)
{
	g_autofree char *body = kv_backup_body(bytes);
	g_autoptr(json) j = json_parse(body, strlen(body), EXCHANGE_BODY_MAX, NULL);
	g_autoptr(GBytes) back = kv_backup_read(j);

	g_assert_nonnull(back);
	g_assert_true(g_bytes_equal(bytes, back));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GBytes) whole = g_bytes_new(data, size);
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autoptr(GBytes) backup = kv_backup_read(j);

	if (backup) {
		g_assert_cmpuint(g_bytes_get_size(backup), >, 0);
		check_back(backup);
	}
	if (size)
		check_back(whole);
	return 0;
}

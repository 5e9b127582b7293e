/* fuzz-azure-profile: any bytes in the place of the Azure CLI's profile are a few accounts with ids
 * that fit and harmless text, or a trouble. */
#include <glib.h>
#include <stdint.h>
#include <string.h>
#include <certty/model/account.h>
#include <provider/azure/own.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *c = text; *c; c++)
		g_assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);

	azure_find_logins(data, size, "profile", found, troubles);
	g_assert_cmpuint(found->len, <=, 32);
	for (guint i = 0; i < found->len; i++) {
		const struct account *a = found->pdata[i];

		g_assert_true(account_id_is_fit(a->id));
		check_text(a->title);
		check_text(args_get(a->answers, "login-tenant"));
	}
	for (guint i = 0; i < troubles->len; i++)
		check_text(troubles->pdata[i]);
	return 0;
}

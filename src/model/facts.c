/*
 * facts: frees what a certificate's facts hold; making them is up to whoever knows it.
 */
#include <certty/model/facts.h>

#include <string.h>

void facts_done(struct facts *f)
{
	if (!f)
		return;
	g_free(f->name);
	g_strfreev(f->names);
	g_free(f->issuer);
	g_free(f->key);
	g_free(f->signature);
	g_free(f->serial);
	memset(f, 0, sizeof *f);
}

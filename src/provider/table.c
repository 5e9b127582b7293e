/*
 * table: the list of providers, alphabetical.  In a file of its own, so that a test of the
 * engine can bring another list.
 */
#include <certty/provider/provider.h>

extern const struct provider
	provider_akamai,
	provider_aws,
	provider_azure,
	provider_cloudflare,
	provider_godaddy,
	provider_keyfactor,
	provider_local,
	provider_rfc2136,
	provider_sectigo,
	provider_vault;

const struct provider *const provider_table[] = {
	&provider_akamai,
	&provider_aws,
	&provider_azure,
	&provider_cloudflare,
	&provider_godaddy,
	&provider_keyfactor,
	&provider_local,
	&provider_rfc2136,
	&provider_sectigo,
	&provider_vault,
	NULL
};

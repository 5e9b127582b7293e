/* Prints what a credential command gives: a command and the name of a field, for scripts. */
#include <certty/keyring/keyring_command.h>

#include <stdio.h>

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(secret) s = NULL;

	secret_heap_open();
	s = argc == 3 ? keyring_command(argv[1], argv[2], 30000, NULL, &error) : NULL;
	printf("%s\n", s ? s->bytes : error ? error->message : "COMMAND FIELD");
	return s ? 0 : 1;
}

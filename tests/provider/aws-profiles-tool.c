/* aws-profiles-tool: the profiles of a configuration and a credentials file as JSON, for comparison
 * with what AWS's own library reads: aws-profiles-tool CONFIG CREDENTIALS KEY… */
#include <provider/aws/aws_own.h>

#include <stdio.h>

#include <certty/base/file.h>

static GBytes *bytes_of(const char *path)
{
	GBytes *bytes = file_read(path, INI_BYTES, NULL, NULL);

	return bytes ? bytes : g_bytes_new(NULL, 0);
}

int main(int argc, char **argv)
{
	g_autoptr(GBytes) config = bytes_of(argc > 1 ? argv[1] : ""),
			  credentials = bytes_of(argc > 2 ? argv[2] : "");
	g_autoptr(GError) error = NULL;
	g_autoptr(aws_shared) s = aws_shared_read(config, credentials, &error);
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	for (const char *const *p = s ? aws_shared_profiles(s) : NULL; p && *p; p++) {
		json_open(&w, *p, '{');
		for (int i = 3; i < argc; i++)
			if (aws_shared_get(s, *p, argv[i]))
				json_put_str(&w, argv[i], aws_shared_get(s, *p, argv[i]));
		json_close(&w, '}');
	}
	json_close(&w, '}');
	puts(s ? out->str : error->message);
	return s ? 0 : 1;
}

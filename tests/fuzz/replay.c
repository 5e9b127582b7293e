/*
 * replay: feeds a fuzz target its corpus, and a few thousand changes of it, as an ordinary
 * test.  The changes come from a fixed seed, so a failure comes back until it is mended.
 */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS   2000
#define MAX_SIZE (64 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t state = 2463534242u;

static uint32_t draw(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

/* A copy in a block of exactly its size, so that a read behind its end is noticed. */
static void feed(const GByteArray *input)
{
	uint8_t *exact = g_memdup2(input->data, input->len);

	LLVMFuzzerTestOneInput(exact ? exact : (const uint8_t *)"", input->len);
	g_free(exact);
}

static void change(GByteArray *input)
{
	static const uint8_t telling[] = { 0, 1, 0x7f, 0x80, 0xff, '"', '\\', '\n', 0x1b, '%' };
	guint at = input->len ? draw(input->len) : 0;
	uint8_t byte = telling[draw(G_N_ELEMENTS(telling))];

	switch (draw(5)) {
	case 0:
		if (input->len)
			input->data[at] ^= (uint8_t)(1u << draw(8));
		break;
	case 1:
		if (input->len)
			input->data[at] = byte;
		break;
	case 2:
		g_byte_array_append(input, &byte, 1);
		break;
	case 3:
		g_byte_array_set_size(input, at);
		break;
	default:
		if (input->len && input->len < MAX_SIZE / 2) {
			g_autofree uint8_t *tail = g_memdup2(input->data + at, input->len - at);

			g_byte_array_append(input, tail, input->len - at);
		}
	}
}

static GPtrArray *load(const char *name)
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
	const char *tests = g_getenv("G_TEST_SRCDIR");
	g_autofree char *folder =
		g_build_filename(tests ? tests : "tests", "fuzz", "corpus", name, NULL);
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *file;

	while (dir && (file = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, file, NULL);
		char *bytes;
		gsize len;

		if (g_file_get_contents(path, &bytes, &len, NULL))
			g_ptr_array_add(all, g_byte_array_new_take((guint8 *)bytes, len));
	}
	if (dir)
		g_dir_close(dir);
	return all;
}

int main(int argc, char **argv)
{
	const char *name = g_strrstr(argv[0], "fuzz-");
	g_autoptr(GPtrArray) corpus = load(name ? name + strlen("fuzz-") : argv[0]);

	puts("1..2");
	for (guint i = 0; i < corpus->len; i++)
		feed(corpus->pdata[i]);
	printf("%s 1 - a corpus of %u inputs\n", corpus->len ? "ok" : "not ok", corpus->len);
	for (unsigned i = 0; i < ROUNDS && corpus->len; i++) {
		const GByteArray *seed = corpus->pdata[i % corpus->len];
		g_autoptr(GByteArray) input = g_byte_array_new();

		g_byte_array_append(input, seed->data, seed->len);
		for (uint32_t n = 1 + draw(8); n; n--)
			change(input);
		feed(input);
	}
	puts("ok 2 - changes of them");
	return corpus->len ? 0 : 1;
}

/*
 * scan: finds a word in all names, sixteen places at once, by the two bytes of the word that
 * names hold least often; the whole word is compared only where both are found.
 */
#define _GNU_SOURCE
#include "scan.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Bytes of host names by how often they occur; all others are rarer. */
static const char common[] = "eaot.inrsclmdpuwhgbfyv-k\n0123x45z6789jq";

static size_t rarity(char c)
{
	const char *at = c ? strchr(common, c) : NULL;

	return at ? (size_t)(at - common) : sizeof(common);
}

struct scan scan_new(const char *text)
{
	struct scan s = { text, strlen(text), 0, 0 };
	size_t second = 0;

	for (size_t i = 1; i < s.len; i++)
		if (rarity(text[i]) > rarity(text[s.a]))
			s.a = i;
	second = s.a == 0 && s.len > 1 ? 1 : 0;
	for (size_t i = 0; i < s.len; i++)
		if (i != s.a && rarity(text[i]) > rarity(text[second]))
			second = i;
	s.b = second > s.a ? second : s.a;
	s.a = second > s.a ? s.a : second;
	return s;
}

const char *scan_find(const struct scan *s, const char *from, const char *end)
{
	if ((size_t)(end - from) < s->len)
		return NULL;
	if (s->len == 1)
		return memchr(from, s->text[0], (size_t)(end - from));
#ifdef __SSE2__
	const __m128i a = _mm_set1_epi8(s->text[s->a]), b = _mm_set1_epi8(s->text[s->b]);

	for (; (size_t)(end - from) >= s->len + 15; from += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)(from + s->a));
		__m128i y = _mm_loadu_si128((const __m128i *)(const void *)(from + s->b));
		unsigned hits = (unsigned)_mm_movemask_epi8(
			_mm_and_si128(_mm_cmpeq_epi8(x, a), _mm_cmpeq_epi8(y, b)));

		for (; hits; hits &= hits - 1) {
			const char *at = from + __builtin_ctz(hits);

			if (memcmp(at, s->text, s->len) == 0)
				return at;
		}
	}
#endif
	return memmem(from, (size_t)(end - from), s->text, s->len);
}

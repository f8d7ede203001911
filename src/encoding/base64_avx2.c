#include "encoding/base64.h"

#if defined __x86_64__ && defined __GNUC__ && !defined BASE64_TABLES

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define ALL(c) _mm256_set1_epi8(c)
#define TABLE(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))

/* Splits three bytes a, b, c, which each 32-bit word holds as b a c b, into four values of six
 * bits. */
static inline AVX2 __m256i
spread(__m256i v)
{
	const __m256i second = _mm256_mulhi_epu16(_mm256_and_si256(v, _mm256_set1_epi32(0x0fc0fc00)),
	    _mm256_set1_epi32(0x04000040));
	const __m256i first = _mm256_mullo_epi16(_mm256_and_si256(v, _mm256_set1_epi32(0x003f03f0)),
	    _mm256_set1_epi32(0x01000010));

	return _mm256_or_si256(second, first);
}

/* Converts values to characters. The variable move is the distance from a value to its character;
 * each range of characters, such as A to Z, has its own distance. */
static inline AVX2 __m256i
characters(__m256i v)
{
	__m256i move = ALL('A');

	move = _mm256_add_epi8(move, _mm256_and_si256(_mm256_cmpgt_epi8(v, ALL(25)), ALL('a' - 'A' - 26)));
	move = _mm256_add_epi8(move, _mm256_and_si256(_mm256_cmpgt_epi8(v, ALL(51)), ALL('0' - 'a' - 26)));
	move = _mm256_add_epi8(move, _mm256_and_si256(_mm256_cmpgt_epi8(v, ALL(61)), ALL('+' - '0' - 10)));
	move = _mm256_add_epi8(move, _mm256_and_si256(_mm256_cmpgt_epi8(v, ALL(62)), ALL('/' - '+' - 1)));
	return _mm256_add_epi8(v, move);
}

static AVX2 size_t
put(unsigned char *to, const unsigned char *bytes, size_t n)
{
	/* lower half: the first twelve of its sixteen bytes; upper half: the last twelve */
	const __m256i order = _mm256_setr_epi8(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10,
	    5, 4, 6, 5, 8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14);
	size_t done;
	__m256i v;

	for (done = 0; n - done >= 24; done += 24, to += 32) {
		v = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)(bytes + done)));
		v = _mm256_inserti128_si256(v, _mm_loadu_si128((const __m128i *)(bytes + done + 8)), 1);
		v = characters(spread(_mm256_shuffle_epi8(v, order)));
		_mm256_storeu_si256((__m256i *)to, v);
	}
	return done;
}

/* Decodes 32 characters to 24 bytes. Returns the number of characters before the first outside the
 * base64 alphabet; from there on the bytes are meaningless. */
static inline AVX2 unsigned
take_block(unsigned char *to, const unsigned char *text)
{
	/* The halves of a character are its upper and its lower four bits. Upper halves
	 * are in five groups, each with a bit: 2; 3; 4 and 6; 5 and 7; all others. Tables:
	 *	set	by upper half: the bit of its group
	 *	refused	by lower half: the bits of the groups with which it makes a
	 *		character outside the base64 alphabet */
	const __m256i set = TABLE(16, 16, 1, 2, 4, 8, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16);
	const __m256i refused = TABLE(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
	    0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
	/* value minus character, by upper half; for the slash, by upper half minus 1 */
	const __m256i move = TABLE(0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a',
	    0, 0, 0, 0, 0, 0, 0, 0);
	const __m256i order = TABLE(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1);
	const __m256i together = _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7);
	__m256i v = _mm256_loadu_si256((const __m256i *)text), known;
	const __m256i upper = _mm256_and_si256(_mm256_srli_epi32(v, 4), ALL(15));
	const __m256i lower = _mm256_and_si256(v, ALL(15));

	known = _mm256_and_si256(_mm256_shuffle_epi8(refused, lower), _mm256_shuffle_epi8(set, upper));
	known = _mm256_cmpeq_epi8(known, _mm256_setzero_si256());
	v = _mm256_add_epi8(v, _mm256_shuffle_epi8(move, _mm256_add_epi8(upper, _mm256_cmpeq_epi8(v, ALL('/')))));
	/* joins four values of six bits to 24 bits of a 32-bit word */
	v = _mm256_maddubs_epi16(v, _mm256_set1_epi32(0x01400140));
	v = _mm256_madd_epi16(v, _mm256_set1_epi32(0x00011000));
	v = _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(v, order), together);
	_mm_storeu_si128((__m128i *)to, _mm256_castsi256_si128(v));
	_mm_storel_epi64((__m128i *)(to + 16), _mm256_extracti128_si256(v, 1));
	return (unsigned)__builtin_ctzll(~(unsigned long long)(unsigned)_mm256_movemask_epi8(known));
}

static AVX2 size_t
take(unsigned char *to, const unsigned char *text, size_t n)
{
	const size_t last = (n - 32) / 4 * 4;
	unsigned known;
	size_t done;

	for (done = 0; done < last; done += 32)
		if ((known = take_block(to + done / 4 * 3, text + done)) < 32)
			return done + known / 4 * 4;
	/* decodes the 32 characters from the offset last; the loop may have decoded some of them */
	return last + take_block(to + last / 4 * 3, text + last) / 4 * 4;
}

size_t
base64_avx2_put(unsigned char *to, const unsigned char *bytes, size_t n)
{
	return n >= 24 && __builtin_cpu_supports("avx2") ? put(to, bytes, n) : 0;
}

size_t
base64_avx2_take(unsigned char *to, const unsigned char *text, size_t n)
{
	return n >= 32 && __builtin_cpu_supports("avx2") ? take(to, text, n) : 0;
}

#else

size_t
base64_avx2_put(unsigned char *to, const unsigned char *bytes, size_t n)
{
	(void)to;
	(void)bytes;
	(void)n;
	return 0;
}

size_t
base64_avx2_take(unsigned char *to, const unsigned char *text, size_t n)
{
	return base64_avx2_put(to, text, n);
}

#endif

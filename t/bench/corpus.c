/*
 * corpus: public key lines that are the same in every run.
 *
 *	corpus COUNT LETTERS
 *
 * The letters are repeated: r RSA of 3072 bits, e Ed25519, p ECDSA on P-256. The
 * modulus and the Ed25519 key are random bytes, which ssh-keygen does not look
 * into; the points are real, since it does: multiples of the generator.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#define POINTS 2000

static unsigned char points[POINTS][65];

static uint64_t
next_random(void)
{
	static uint64_t state = 20200202;

	/* xorshift64* */
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1dU;
}

static void
put_random(unsigned char *p, size_t n)
{
	while (n-- > 0)
		*p++ = (unsigned char)(next_random() >> 56);
}

static unsigned char *
put_string(unsigned char *p, const void *s, size_t n)
{
	*p++ = 0;
	*p++ = 0;
	*p++ = (unsigned char)(n >> 8);
	*p++ = (unsigned char)n;
	memcpy(p, s, n);
	return p + n;
}

static void
make_points(void)
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
	EC_POINT *point = EC_POINT_dup(EC_GROUP_get0_generator(group), group);
	size_t i;

	for (i = 0; i < POINTS; i++) {
		if (EC_POINT_add(group, point, point, EC_GROUP_get0_generator(group), NULL) != 1 ||
		    EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, points[i], 65, NULL) != 65)
			exit(2);
	}
	EC_POINT_free(point);
	EC_GROUP_free(group);
}

static void
put_line(unsigned long i, char letter)
{
	static const char *const names[] = { "ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256" };
	const char *name = names[letter == 'r' ? 0 : letter == 'e' ? 1 : 2];
	unsigned char blob[512], number[385], *p = put_string(blob, name, strlen(name)), text[700];

	if (letter == 'r') {
		number[0] = 0;
		put_random(number + 1, 384);
		number[1] |= 0x80;
		number[384] |= 1;
		p = put_string(p, "\1\0\1", 3);
		p = put_string(p, number, 385);
	} else if (letter == 'e') {
		put_random(number, 32);
		p = put_string(p, number, 32);
	} else {
		p = put_string(p, "nistp256", 8);
		p = put_string(p, points[next_random() % POINTS], 65);
	}
	EVP_EncodeBlock(text, blob, (int)(p - blob));
	printf("%s %s jane%lu@lab.example\n", name, text, i);
}

int
main(int argc, char **argv)
{
	unsigned long i, n = argc == 3 ? strtoul(argv[1], NULL, 10) : 0;

	if (argc != 3 || *argv[2] == '\0') {
		fputs("usage: corpus COUNT LETTERS\n", stderr);
		return 2;
	}
	if (strchr(argv[2], 'p') != NULL)
		make_points();
	for (i = 0; i < n; i++)
		put_line(i, argv[2][i % strlen(argv[2])]);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}

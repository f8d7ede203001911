#include "mail/mail_parts.h"
#include "base/error.h"

#ifndef XFERKEY_GMIME

int
mail_parts_begin(void *kept[MAIL_PARTS_CHARSETS])
{
	(void)kept;
	return ERROR_SYSTEM;
}

int
mail_parts_read(struct slice message, struct mail_parts *m)
{
	(void)message;
	(void)m;
	return ERROR_SYSTEM;
}

#else

#include "encoding/base64.h"
#include "reader/html_text.h"
#include "reader/key_received.h"
#include "reader/lenient.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <stdint.h>

#define SUBJECT_MOST ((size_t)998)      /* RFC 5322, section 2.1.1 */

int
mail_parts_begin(void *kept[MAIL_PARTS_CHARSETS])
{
	static const char *const charsets[MAIL_PARTS_CHARSETS] = { "ISO-8859-1", "ISO-8859-2", "ISO-8859-15", "WINDOWS-1250",
	    "WINDOWS-1251", "WINDOWS-1252", "KOI8-R", "ISO-2022-JP", "SHIFT_JIS", "EUC-KR", "GB18030", "BIG5",
	    "UTF-16", "UTF-7" };
	gsize n;
	size_t i;

	g_mime_init();
	/* for a name that the C library does not know, GLib reads its own table of names, once */
	(void)g_iconv_open("UTF-8", "unknown");
	for (i = 0; i < MAIL_PARTS_CHARSETS; i++) {
		g_free(g_convert("a", 1, "UTF-8", charsets[i], NULL, &n, NULL));
		kept[i] = g_iconv_open("UTF-8", charsets[i]);
		/* EINVAL: the C library does not know this character set */
		if (kept[i] == (GIConv)-1 && errno != EINVAL)
			return ERROR_MEMORY;
	}
	return 0;
}

static void
refuse(struct mail_parts *m, const char *why)
{
	m->note = m->refused ? m->note : why;
	m->refused = 1;
}

/* Whether the text contains a private key. Without memory for the answer, the message is not read. */
static int
is_private(struct slice text, struct mail_parts *m)
{
	const int r = key_received_check(text, NULL);

	if (r == ERROR_MEMORY)
		buffer_fail(&m->text);
	return r == ERROR_NOT_PUBLIC;
}

/* Puts the text of a field, of at most most bytes; a private key in it belongs to the text. */
static void
put_field(struct buffer *out, const char *field, size_t most, struct mail_parts *m)
{
	struct slice text = slice_str(field != NULL ? field : "");

	if (is_private(text, m)) {
		buffer_put_slice(&m->text, text);
		buffer_puts(&m->text, "\n");
	} else {
		buffer_put(out, text.p, text.n < most ? text.n : most);
	}
}

static void
put_headers(GMimeMessage *message, struct mail_parts *m)
{
	InternetAddressList *from = g_mime_message_get_from(message);
	InternetAddress *first = from != NULL ? internet_address_list_get_address(from, 0) : NULL;
	GDateTime *date = g_mime_message_get_date(message);
	const char *address = NULL;
	char *text;

	if (first != NULL && INTERNET_ADDRESS_IS_MAILBOX(first))
		address = internet_address_mailbox_get_addr((InternetAddressMailbox *)first);
	put_field(&m->from, address, SIZE_MAX, m);
	if (date != NULL && (date = g_date_time_to_utc(date)) != NULL &&
	    (text = g_date_time_format(date, "%Y-%m-%dT%H:%M:%SZ")) != NULL)
		buffer_puts(&m->date, text);
	put_field(&m->subject, g_mime_message_get_subject(message), SUBJECT_MOST, m);
}

/* Appends text with LF as line ends, and one after it. */
static void
put_lines(struct buffer *out, struct slice text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		if (text.p[i] != '\r' || i + 1 == text.n || text.p[i + 1] != '\n')
			buffer_put(out, text.p + i, 1);
	if (text.n > 0 && text.p[text.n - 1] != '\n')
		buffer_puts(out, "\n");
}

/* Whether g_convert failed because of the text or its character set. */
static int
is_of_text(const GError *error)
{
	return error != NULL && error->domain == G_CONVERT_ERROR && (error->code == G_CONVERT_ERROR_NO_CONVERSION ||
	    error->code == G_CONVERT_ERROR_ILLEGAL_SEQUENCE || error->code == G_CONVERT_ERROR_PARTIAL_INPUT);
}

/* text in UTF-8, if its character set is known and another one. */
static struct slice
to_utf8(GMimeObject *part, struct slice text, struct mail_parts *m)
{
	const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
	struct buffer mended = BUFFER_INIT(8 * BUFFER_MAX);
	unsigned what = 0;
	char *converted;
	GError *error = NULL;
	gsize n;

	if (lenient_charset_utf16(text) != 0) {
		if (lenient_charset_mend(&text, &mended, &what) == ERROR_MEMORY)
			buffer_fail(&m->text);
	} else if (charset != NULL && g_ascii_strcasecmp(charset, "utf-8") != 0 &&
	    g_ascii_strcasecmp(charset, "us-ascii") != 0) {
		converted = g_convert((const char *)text.p, (gssize)text.n, "UTF-8", charset, NULL, &n, &error);
		if (converted != NULL)
			text = slice_of(converted, n);
		else if (!is_of_text(error))
			buffer_fail(&m->text);
	}
	return text;
}

static void
put_text(GMimeObject *part, struct slice text, const char *name, struct mail_parts *m)
{
	struct buffer lines = BUFFER_INIT(2 * MAIL_PARTS_TEXT);
	struct slice plain;

	put_lines(&lines, text);
	if (lines.failed)
		buffer_fail(&m->text);
	plain = buffer_slice(&lines);
	if ((slice_starts(plain, MAIL_PARTS_RENEWAL) || slice_ends(slice_str(name), ".renewal")) && !is_private(plain, m)) {
		if (m->renewal.n > 0)
			refuse(m, "more than one renewal");
		buffer_put_slice(&m->renewal, plain);
	} else if (g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", "html")) {
		html_text_put(&m->html, plain);
		buffer_puts(&m->html, "\n");
	} else {
		buffer_put_slice(&m->text, plain);
	}
	buffer_free(&lines);
}

/* What a part is that is not read, by its type and the name of its file; or NULL. An empty text: it
 * has no key. */
static const char *
unread(GMimeObject *part, const char *name)
{
	static const struct { const char *type, *subtype, *end, *what; } kinds[] = {
		{ "image", "*", "", "" }, { "audio", "*", "", "" }, { "video", "*", "", "" },
		{ "application", "pgp-signature", "", "" }, { "application", "pkcs7-signature", "", "" },
		{ "application", "x-pkcs7-signature", "", "" },
		{ "application", "pkcs7-mime", "", "S/MIME, encrypted or signed in one piece" },
		{ "application", "x-pkcs7-mime", "", "S/MIME, encrypted or signed in one piece" },
		{ "application", "pgp-encrypted", "", "encrypted" },
		{ "application", "ms-tnef", "", "winmail.dat, of Outlook: ask for the .pub as an attachment" },
		{ "application", "vnd.ms-tnef", "", "winmail.dat, of Outlook: ask for the .pub as an attachment" },
		{ "*", "*", "winmail.dat", "winmail.dat, of Outlook: ask for the .pub as an attachment" },
		{ "application", "vnd.ms-outlook", "", "a .msg, of Outlook: ask for the .pub as an attachment" },
		{ "*", "*", ".msg", "a .msg, of Outlook: ask for the .pub as an attachment" } };
	GMimeContentType *type = g_mime_object_get_content_type(part);
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (g_mime_content_type_is_type(type, kinds[i].type, kinds[i].subtype) &&
		    slice_ends(slice_str(name), kinds[i].end))
			return kinds[i].what;
	return NULL;
}

static void
read_part(GMimeObject *part, struct mail_parts *m)
{
	GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)part);
	const char *file = g_mime_part_get_filename((GMimePart *)part);
	char *name = g_ascii_strdown(file != NULL ? file : "", -1);
	const char *why = unread(part, name);
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;
	struct slice text;
	int binary;

	if (why != NULL && *why != '\0')
		m->note = m->note != NULL ? m->note : why;
	if (content == NULL || g_mime_data_wrapper_write_to_stream(content, stream) < 0)
		return;
	bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
	text = to_utf8(part, slice_of(bytes->data, bytes->len), m);
	if (text.n == 0)
		return;
	binary = memchr(text.p, '\0', text.n) != NULL;
	if (why != NULL || (binary && text.n > MAIL_PARTS_TEXT)) {
		if (is_private(text, m))
			refuse(m, MAIL_PARTS_PRIVATE);
	} else if (text.n > MAIL_PARTS_TEXT) {
		refuse(m, is_private(text, m) ? MAIL_PARTS_PRIVATE : "text of more than 1 MiB");
	} else if (!binary) {
		put_text(part, text, name, m);
	} else {
		base64_put(&m->binary, text, 0);
		buffer_puts(&m->binary, " ");
	}
}

static void
walk(GMimeObject *part, unsigned depth, struct mail_parts *m)
{
	GMimeMessage *inner;
	int i;

	if (part == NULL || m->refused)
		return;
	if (++m->parts > MAIL_PARTS_MOST) {
		refuse(m, "more than 64 parts");
	} else if (depth > MAIL_PARTS_DEEP) {
		refuse(m, "parts nested deeper than 16");
	} else if (GMIME_IS_MULTIPART(part)) {
		if (GMIME_IS_MULTIPART_ENCRYPTED(part))
			m->note = m->note != NULL ? m->note : "encrypted";
		for (i = 0; i < g_mime_multipart_get_count((GMimeMultipart *)part); i++)
			walk(g_mime_multipart_get_part((GMimeMultipart *)part, i), depth + 1, m);
	} else if (GMIME_IS_MESSAGE_PARTIAL(part)) {
		m->note = m->note != NULL ? m->note : "a piece of a message (message/partial)";
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		inner = g_mime_message_part_get_message((GMimeMessagePart *)part);
		walk(inner != NULL ? g_mime_message_get_mime_part(inner) : NULL, depth + 1, m);
	} else if (GMIME_IS_PART(part)) {
		read_part(part, m);
	}
}

int
mail_parts_read(struct slice message, struct mail_parts *m)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer((const char *)message.p, message.n);
	GMimeMessage *parsed = g_mime_parser_construct_message(g_mime_parser_new_with_stream(stream), NULL);

	if (parsed == NULL) {
		refuse(m, "not a mail message");
		return ERROR_NONE;
	}
	put_headers(parsed, m);
	walk(g_mime_message_get_mime_part(parsed), 0, m);
	if (m->text.failed == ERROR_TOO_BIG || m->html.failed == ERROR_TOO_BIG ||
	    m->renewal.failed == ERROR_TOO_BIG || m->binary.failed == ERROR_TOO_BIG)
		refuse(m, "text of more than 1 MiB");
	return m->from.failed || m->date.failed || m->subject.failed || m->text.failed == ERROR_MEMORY ||
	    m->html.failed == ERROR_MEMORY || m->renewal.failed == ERROR_MEMORY ||
	    m->binary.failed == ERROR_MEMORY ? ERROR_MEMORY : ERROR_NONE;
}

#endif

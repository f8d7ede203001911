/* ascp-args: prints the meaning of ascp's arguments as assignments for sh. */
#include "ascp/ascp_arguments.h"
#include "base/shell_quote.h"
#include "cmd/die.h"

#include <stdio.h>

const char die_tool[] = "ascp-args";

static void
print(const char *name, struct slice value)
{
	struct buffer quoted = BUFFER_INIT(ASCP_ARGUMENTS_MAX * 4);

	if (shell_quote_word(&quoted, value) != 0)
		die("out of memory");
	printf("ascp_%s=%.*s\n", name, (int)quoted.n, (char *)quoted.p);
	buffer_free(&quoted);
}

static void
print_value(const char *name, const char *value)
{
	print(name, slice_str(value != NULL ? value : ""));
}

static void
print_all(const struct ascp_arguments *a)
{
	const char *rate = a->value[ASCP_RATE];
	long long kbits = rate != NULL ? ascp_arguments_kbits(rate) : -1;
	char number[24] = "";

	if (kbits >= 0)
		(void)snprintf(number, sizeof number, "%lld", kbits);
	print("given", buffer_slice(&a->given));
	print("mode", slice_str(a->mode));
	print("user", a->user);
	print("host", a->host);
	print("sources", buffer_slice(&a->sources));
	print("destination", a->destination);
	print_value("key", a->value[ASCP_KEY]);
	print_value("port", a->value[ASCP_PORT]);
	print_value("rate", rate);
	print_value("kbits", number);
	print_value("resume", a->value[ASCP_RESUME]);
	print_value("log", a->value[ASCP_LOG]);
	print_value("file_list", a->value[ASCP_FILE_LIST]);
	print_value("file_pair_list", a->value[ASCP_FILE_PAIR_LIST]);
	print("other", buffer_slice(&a->other));
	print("unknown", buffer_slice(&a->unknown));
}

int
main(int argc, char **argv)
{
	struct ascp_arguments a;

	ascp_arguments_init(&a);
	if (ascp_arguments_read(&a, argv + (argc > 0)) != 0)
		die("%s", buffer_string(&a.wrong) == NULL ? "out of memory" : (char *)a.wrong.p);
	if (a.given.failed || a.sources.failed || a.other.failed || a.unknown.failed)
		die("out of memory");
	print_all(&a);
	ascp_arguments_free(&a);
	die_output();
	return STATUS_YES;
}

# ldif.awk: converts public keys, as pubfmt prints them, to LDIF (RFC 2849) with which ldapmodify adds them to an entry:
#
#	pubfmt FILE ... | awk -f ldif.awk -v dn=uid=jane,ou=people,dc=example,dc=org [-v change=delete] [-v comment=TEXT]
#
# By default the values have no comments: a directory service compares a key together with its comment. If a line is not
# a key, nothing is printed, and the status is 2.

function fail(fact) {
	print "ldif.awk: " fact >"/dev/stderr"
	failed = 2
	exit
}

BEGIN {
	# accepts only text that needs no base64 in LDIF; a distinguished name has \\C3\\A9 for other bytes
	if (dn !~ /^[A-Za-z0-9.-]+=[!-~]([ -~]*[!-~])?$/) fail("dn: not a distinguished name in printable ASCII")
	if (comment !~ /^([!-~]([ -~]*[!-~])?)?$/) fail("comment: not printable ASCII")
	if (change == "") change = "add"
	if (change !~ /^(add|delete)$/) fail("change: neither add nor delete")
}

$1 !~ /^[a-z][a-z0-9@.-]*$/ || $2 !~ /^AAAA[A-Za-z0-9+\/]+=*$/ { fail("line " NR ": not a public key") }

{
	value = "sshPublicKey: " $1 " " $2 (comment == "" ? "" : " " comment)
	if (!(value in seen)) values = values value "\n"
	seen[value]
}

END {
	if (failed) exit failed
	if (values != "") printf "dn: %s\nchangetype: modify\n%s: sshPublicKey\n%s-\n\n", dn, change, values
}

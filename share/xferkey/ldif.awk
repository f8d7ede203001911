# ldif.awk: public keys as pubfmt prints them, to the change (RFC 2849) that adds them to an entry of a directory:
#
#	pubfmt FILE ... | awk -f ldif.awk -v dn=uid=jane,ou=people,dc=example,dc=org [-v change=delete] [-v comment=TEXT]
#
# It is for ldapmodify. A directory compares a value with its comment: one without a comment is found again. If a line
# is not a key, the change would lack it: nothing is printed, and the status is 2.

function fail(fact) {
	print "ldif.awk: " fact >"/dev/stderr"
	failed = 2
	exit
}

BEGIN {
	# what needs no base64 there; a distinguished name has \\C3\\A9 for other bytes
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

# shellcheck shell=sh disable=SC2034,SC2154 # shared variables
# The text that rotate writes, mail attaches and intake judges. Sourced after key.sh.

# an awk function: the seconds since 1970 of YYYY-MM-DDTHH:MM:SSZ, or 0; its years begin in March
seconds_awk='
	function seconds(s, y, m) {
		y = substr(s, 1, 4) + 0
		m = substr(s, 6, 2) + 0
		if (m < 1 || m > 12) return 0
		if (m < 3) { y--; m += 12 }
		y = 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * m - 457) / 5) + substr(s, 9, 2) - 719469
		return sprintf("%.0f", 86400 * y + 3600 * substr(s, 12, 2) + 60 * substr(s, 15, 2) + substr(s, 18, 2))
	}'

# split_renewal: writes the signed text and the two signatures of standard input to $tmp/signed, $tmp/sig1 and
# $tmp/sig2, and its fields, tab-separated, to $tmp/fields; the date becomes its age at $now. Status 1: it has not
# exactly the lines that rotate writes.
split_renewal() {
	LC_ALL=C awk -v dir="$tmp" -v now="$now" "$seconds_awk"'
		BEGIN {
			split("account site host date old new key", name, " ")
			print_of = "^SHA256:[A-Za-z0-9+/]*$"
			pattern[1] = "^[A-Za-z0-9_][A-Za-z0-9._@+-]*[$]?$"
			pattern[2] = "^(-|[a-z0-9][a-z0-9-]*)$"
			pattern[3] = "^(-|[A-Za-z0-9._:][A-Za-z0-9._:-]*)$"
			pattern[4] = "^[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$"
			pattern[5] = pattern[6] = print_of
			pattern[7] = "^[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\001-\037\177]*)?$"
			begin = "-----BEGIN SSH SIGNATURE-----"
			end = "-----END SSH SIGNATURE-----"
		}
		function fail() { bad = 1; exit 1 }
		NR == 1 && $0 != "xferkey renewal 1" { fail() }
		NR > 1 && NR <= 8 {
			i = NR - 1
			value[i] = substr($0, length(name[i]) + 3)
			if (index($0, name[i] ": ") != 1 || value[i] !~ pattern[i]) fail()
			if ((i == 5 || i == 6) && length(value[i]) != 50) fail()
		}
		NR <= 8 { print >(dir "/signed"); next }
		$0 == begin { if (open || ++n > 2) fail(); open = 1 }
		!open || length($0) > 100 || NR > 1000 { fail() }
		{ print >(dir "/sig" n) }
		$0 == end { open = 0; next }
		$0 != begin && !/^[A-Za-z0-9+\/=]+$/ { fail() }
		END {
			if (bad || NR < 8 || n != 2 || open) exit 1
			age = now - seconds(value[4])
			print value[1] "\t" value[2] "\t" value[3] "\t" (age < -86400 ? "future" : age > 30 * 86400 ? "old" : "now") \
				"\t" value[5] "\t" value[6] "\t" value[7] >(dir "/fields")
		}'
}

# is_signed_by FINGERPRINT SIGNATURE TEXT: whether the file SIGNATURE is by this key over the file TEXT.
is_signed_by() {
	said=$(ssh-keygen -Y check-novalidate -n renewal@xferkey -s "$2" <"$3" 2>&1) && is_in "$said" "$1"
}

# who.awk: the rows of who: for each key of xferkey-judge whether sshd lets it in; and the verdict of authorize, intake,
# revoke and check. sshd.sh and who.sh write the tables: each operand part=NAME says which comes next. Variables: form
# (columns, labels, json or verdict), log_given, me (the uid), days (today, since 1970), kernel (its name), nologin (a
# file, or empty).

# As sshd compares: only * and ? are special.
function matches(pattern, text,   c) {
	if (pattern !~ /[*?]/)
		return pattern == text
	for (; (c = substr(pattern, 1, 1)) != ""; text = substr(text, 2)) {
		pattern = substr(pattern, 2)
		if (c == "*") {
			while (!matches(pattern, text) && text != "")
				text = substr(text, 2)
			return text != "" || matches(pattern, "")
		}
		if (text == "" || c != "?" && c != substr(text, 1, 1))
			return 0
	}
	return text == ""
}

# Whether a pattern of the comma-separated list matches the algorithm.
function listed(list, algorithm,   n, i, pattern, found) {
	n = split(list, pattern, ",")
	for (i = 1; i <= n; i++)
		if (sub(/^!/, "", pattern[i])) {
			if (matches(pattern[i], algorithm))
				return 0
		} else if (matches(pattern[i], algorithm))
			found = 1
	return found
}

# Whether the answer k accepts a signature that a key with this name makes.
function accepts(k, name,   list) {
	list = says[k, "pubkeyacceptedalgorithms"] says[k, "pubkeyacceptedkeytypes"]
	if (list == "")
		return 1
	if (!((k, name) in accepted))
		accepted[k, name] = listed(list, name) ||
			name == "ssh-rsa" && (listed(list, "rsa-sha2-512") || listed(list, "rsa-sha2-256"))
	return accepted[k, name]
}

# Whether from= has only names, or patterns of them, which no address matches.
function only_names(from,   n, i, pattern, names, others) {
	n = split(tolower(from), pattern, ",")
	for (i = 1; i <= n; i++) {
		if (pattern[i] ~ /^!/)
			continue
		if (pattern[i] !~ /:/ && (pattern[i] ~ /[g-z_]/ || pattern[i] ~ /[a-f]/ && pattern[i] !~ /[*?]/))
			names++
		else
			others++
	}
	return names && !others
}

# The first of the patterns, a line each, that matches one of the names, or nothing. In users, pattern@HOST counts as
# the pattern; sets host to "@HOST", or to nothing if that is any host.
function any(patterns, names, users,   n, i, pattern, m, j, name, at, found) {
	n = split(patterns, pattern, "\n")
	m = split(names, name, "\n")
	for (i = 1; i <= n; i++) {
		at = users ? index(pattern[i], "@") : 0
		for (j = 1; j <= m; j++)
			if (matches(at ? substr(pattern[i], 1, at - 1) : pattern[i], name[j])) {
				host = at ? substr(pattern[i], at) : ""
				if (host ~ /^(@\*+)?$/) {
					host = ""
					return pattern[i]
				}
				found = pattern[i]
				break
			}
	}
	return found
}

# The patterns of a setting, as they are shown.
function shown(word, patterns) {
	gsub(/\n/, " ", patterns)
	return word " " patterns
}

# The names of the account's groups, a line each.
function groups_of(name,   n, i, id, all) {
	n = split(gid[name] groups[name], id, " ")
	for (i = 1; i <= n; i++)
		if (id[i] in group)
			all = all (all == "" ? "" : "\n") group[id[i]]
	return all
}

# Why sshd, by its answer k, lets nobody into the account; sets doubt.
function account(k, name,   r) {
	if ((k, "denyusers") in says && (r = any(says[k, "denyusers"], name, 1)) != "") {
		if (host == "")
			return "DenyUsers " r
		doubt = "DenyUsers " r
	}
	if ((k, "allowusers") in says && any(says[k, "allowusers"], name, 1) == "")
		return shown("AllowUsers", says[k, "allowusers"])
	if ((k, "denygroups") in says && (r = any(says[k, "denygroups"], groups_of(name))) != "")
		return "DenyGroups " r
	if ((k, "allowgroups") in says && any(says[k, "allowgroups"], groups_of(name)) == "")
		return shown("AllowGroups", says[k, "allowgroups"])
	if (nologin != "" && uid[name] != 0)
		return nologin " exists"
	if (uid[name] == 0 && says[k, "permitrootlogin"] == "no")
		return "PermitRootLogin no"
	if (says[k, "chrootdirectory"] ~ /^(none)?$/ && shell[name] in bad_shell)
		return bad_shell[shell[name]]
	if (me != 0) {
		if (says[k, "usepam"] != "yes")
			doubt = "only root can see whether the account is locked"
	} else if (says[k, "usepam"] != "yes") {
		if (kernel == "Linux" && password[name] ~ /^!/)
			return "UsePAM no, and the account is locked (passwd -S)"
		if (expires[name] != "" && expires[name] < days)
			return "UsePAM no, and the account is expired (chage -l)"
	} else if (expires[name] != "" && expires[name] < days)
		doubt = "UsePAM yes, and the account is expired (chage -l)"
	return ""
}

# Why sshd, by its answer k, refuses the key in $0 of an account that it lets in; sets doubt.
function key(k, name,   algorithm, krl) {
	algorithm = $14
	sub(/ .*/, "", algorithm)
	if (says[k, "pubkeyauthentication"] == "no")
		return "PubkeyAuthentication no"
	if (!accepts(k, algorithm))
		return "PubkeyAcceptedAlgorithms has no " algorithm
	if (algorithm == "ssh-dss")
		doubt = "whether this sshd still knows DSA"
	if ($4 == "RSA" && $5 < says[k, "requiredrsasize"] + says[k, "rsaminsize"])
		return "RequiredRSASize " says[k, "requiredrsasize"] says[k, "rsaminsize"]
	if ((" " says[k, "authenticationmethods"] " ") !~ / (any|publickey) |^ +$/)
		return "AuthenticationMethods " says[k, "authenticationmethods"]
	if (uid[name] == 0 && says[k, "permitrootlogin"] == "forced-commands-only" && $13 == "-")
		return "PermitRootLogin forced-commands-only"
	if (says[k, "usedns"] == "no" && $12 != "-" && only_names($12))
		return "UseDNS no, and from= has only host names"
	krl = says[k, "revokedkeys"]
	return (krl, $6) in revoked ? "RevokedKeys " krl revoked[krl, $6] : ""
}

# The last column for $0.
function judged(name,   k, r) {
	if (!(name in uid))
		return "not known: passwd has no such name"
	k = "*" in class ? class["*"] : class[name]
	if (ENVIRON["elsewhere"] != "")
		return "not known: HOME is not the home of " name ": sshd looks in " ENVIRON["elsewhere"]
	if ($11 ~ /^no: /)
		return $11
	if (says[k, "assumed"] != "")
		return "not known: sshd could not be asked" ($10 != "-" ? "; by default it refuses " $10 : "")
	if ($10 != "-" && says[k, "strictmodes"] != "no")
		return "no: " $10
	doubt = ""
	if ((r = account(k, name)) != "" || (r = key(k, name)) != "")
		return "no: " r says[k, "suffix"]
	return $11 == "yes" && doubt != "" ? "not known: " doubt : $11
}

function json(i) {
	if (column[i] == "-" || i == 4 && column[i] == 0)
		return "null"
	if (i != 4 && i != 11) {
		gsub(/["\\]/, "\\\\&", column[i])
		return "\"" column[i] "\""
	}
	return column[i]
}

function put(   i, line) {
	for (i = 1; i <= 13; i++) {
		if (form == "json")
			line = line (i > 1 ? "," : "{") "\"" label[i] "\":" json(i)
		else if (form == "columns")
			line = line (i > 1 ? "\t" : "") column[i]
		else if (column[i] != "-")
			# mawk's sprintf ends at 8 KiB: only the label
			line = line sprintf("%-12s ", label[i]) column[i] "\n"
	}
	print line (form == "json" ? "}" : "")
}

BEGIN {
	split("account place type bits fingerprint options expires installed last from used comment verdict", label, " ")
}

part == "answers" {
	if ($2 ~ /^(allow|deny)(users|groups)$/ && ($1, $2) in says)
		$3 = says[$1, $2] "\n" $3
	says[$1, $2] = $3
	next
}
part == "classes" { class[$1] = $2; next }
part == "rows" {
	split($0, row, ":")
	password[row[1]] = row[2]
	uid[row[1]] = row[3]
	gid[row[1]] = row[4]
	shell[row[1]] = row[7]
	next
}
part == "groups" {
	n = split($0, row, ":")
	# sshd knows a group by its id
	if (!(row[3] in group))
		group[row[3]] = row[1]
	n = split(row[4], member, ",")
	for (i = 1; i <= n; i++)
		if (member[i] in uid)
			groups[member[i]] = groups[member[i]] " " row[3]
	next
}
part == "shadow" {
	split($0, row, ":")
	if (!(row[1] in shadowed) && row[1] in uid) {
		shadowed[row[1]]
		password[row[1]] = row[2]
		expires[row[1]] = row[8]
	}
	next
}
part == "shells" { bad_shell[$1] = $2; next }
part == "refused" { revoked[$1, $2] = $3; next }
part == "wanted" { wanted[$1, $6]; next }
part == "log" {
	if (!(($2, $3) in wanted))
		next
	if ($1 == "login") {
		last[$2, $3] = $5
		used[$2, $3] = $6
		address[$2, $3] = $7
	} else if ($1 == "authorized")
		installed[$2, $3] = $5
	next
}
{
	column[1] = $1
	column[2] = $2 ":" $3
	for (i = 3; i <= 7; i++)
		column[i] = $(i + 1)
	id = $1 SUBSEP $6
	column[8] = id in installed ? installed[id] : "-"
	column[9] = id in last ? last[id] : "-"
	column[10] = id in last ? address[id] : "-"
	column[11] = !log_given ? "-" : id in used ? used[id] : 0
	column[12] = $9
	column[13] = judged($1)
	if (form == "verdict")
		print column[13]
	else
		put()
}

// ssh2.js SET: what parseKey of ssh2 reads, for each line of standard input.
'use strict';
const { createHash } = require('crypto');
const { readFileSync } = require('fs');
const { utils } = require('ssh2');

function answer(name, passphrase) {
  try {
    const key = utils.parseKey(readFileSync(`${process.argv[2]}/${name}`), passphrase || undefined);
    if (key instanceof Error)
      return '';
    const first = Array.isArray(key) ? key[0] : key;
    return 'SHA256:' + createHash('sha256').update(first.getPublicSSH()).digest('base64').replace(/=+$/, '');
  } catch {
    return '';
  }
}

for (const line of readFileSync(0, 'utf8').split('\n')) {
  const [name, , passphrase] = line.split('\t');
  if (name)
    console.log(`${name}\t${answer(name, passphrase)}`);
}

#!/bin/sh
# Makes the secrets that compose.yaml wants, in deploy/secrets (ignored by git). Nothing that is there is replaced.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { # keep NAME VALUE: a file that the numeric users of the containers can read; the folder keeps others out
  [ -e "secrets/$1" ] || { printf '%s\n' "$2" > "secrets/$1"; chmod 0444 "secrets/$1"; echo "made secrets/$1"; }
}
if [ ! -e secrets/proxy_url ]; then
  password=$(random)
  salt=$(random | cut -c1-8)
  rm -f secrets/proxy_users
  keep proxy_users "gateway:$(openssl passwd -apr1 -salt "$salt" "$password")"
  keep proxy_url "http://gateway:$password@proxy:3128"
fi
keep gateway_api_key "$(random)"
# The simulator's own, said openly: they protect nothing.
keep chorus_pro_password mot-de-passe-du-simulateur
keep certificate_passphrase simulateur

#!/usr/bin/env bash
# Makes a development CA and the serving certificate of the webhook in this folder:
#   ca.crt ca.key      the CA, kept while it is valid for 30 more days
#   tls.crt tls.key    the serving certificate, new on each run
# usage: certs-dev/make.sh [--namespace NAMESPACE] [--out FOLDER]
set -euo pipefail
umask 077

out="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
namespace=infoscale-webhook
while [[ $# -gt 0 ]]; do
  case "$1" in
    --namespace) namespace="${2:?--namespace needs a value}"; shift 2 ;;
    --out) out="${2:?--out needs a value}"; shift 2 ;;
    -h | --help) sed -n '2,5s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "unknown argument: $1 (see --help)" >&2; exit 2 ;;
  esac
done
if ! [[ "$namespace" =~ ^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$ ]]; then
  echo "not a namespace: $namespace" >&2
  exit 2
fi
command -v openssl > /dev/null || { echo "openssl is not installed" >&2; exit 2; }
mkdir -p "$out"

if ! [[ -s "$out/ca.key" ]] || ! openssl x509 -in "$out/ca.crt" -noout -checkend $((30 * 86400)) > /dev/null 2>&1; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 365 -sha256 \
    -subj "/CN=InfoScale webhook development CA" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -keyout "$out/ca.key" -out "$out/ca.crt" 2> /dev/null
fi

# The API server asks for NAME.NAMESPACE.svc in the cluster, for localhost or the address when registered by URL.
service="infoscale-webhook.$namespace.svc"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 90 -sha256 \
  -CA "$out/ca.crt" -CAkey "$out/ca.key" -subj "/CN=$service" \
  -addext "basicConstraints=critical,CA:FALSE" -addext "keyUsage=critical,digitalSignature" -addext "extendedKeyUsage=serverAuth" \
  -addext "subjectAltName=DNS:$service,DNS:$service.cluster.local,DNS:localhost,IP:127.0.0.1,IP:::1" \
  -keyout "$out/tls.key.new" -out "$out/tls.crt.new" 2> /dev/null
mv "$out/tls.key.new" "$out/tls.key"
mv "$out/tls.crt.new" "$out/tls.crt"
chmod 644 "$out/ca.crt" "$out/tls.crt"

openssl verify -CAfile "$out/ca.crt" -purpose sslserver "$out/tls.crt" > /dev/null
echo "$out/tls.crt for $service and localhost, until $(openssl x509 -in "$out/tls.crt" -noout -enddate | cut -d= -f2)"

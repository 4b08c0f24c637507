#!/usr/bin/env bash
# Puts a real kube-apiserver 1.20.2, etcd and kubectl into one folder and prints its path, to be used as KUBEBUILDER_ASSETS.
# usage: install.sh [FOLDER]      default: ${XDG_CACHE_HOME:-$HOME/.cache}/kube-apiserver-test/1.20.2
#
# Everything comes from Debian through apt, because no release binaries are needed then: kube-apiserver is compiled from the
# source package "kubernetes" of Debian 12, etcd is its package etcd-server, and kubectl is the machine's own if it is 1.21 or
# newer (older ones render no overlay), else the one of Debian 13. Nothing but the Go compiler is installed on the machine.
# Needs root, Debian 12 and about 4 GB of disk while it compiles; takes some 7 minutes on 2 cores, a second run no time.
set -euo pipefail

assets="${1:-${XDG_CACHE_HOME:-$HOME/.cache}/kube-apiserver-test/1.20.2}"
if [[ -x "$assets/kube-apiserver" && -x "$assets/etcd" && -x "$assets/kubectl" ]]; then
  echo "$assets"
  exit 0
fi

mkdir -p "$assets"
work="$(mktemp -d)"
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

# The machine's own apt sources for Debian, rewritten by a sed script, as options for an apt that touches nothing else.
apt_with() {
  local name="$1" script="$2"
  mkdir -p "$work/$name/sources" "$work/$name/lists/partial" "$work/$name/cache/archives/partial"
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ -e "$file" ]] && grep -q -i debian "$file" && sed -E "$script" "$file" > "$work/$name/sources/$(basename "$file")"
  done
  if [[ -s /etc/apt/sources.list ]]; then
    sed -E "$script" /etc/apt/sources.list > "$work/$name/sources/list.list"
  fi
  apt=(-o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$work/$name/sources" -o "Dir::Cache=$work/$name/cache"
    -o "Dir::State::Lists=$work/$name/lists" -o "Dir::State::Status=$work/$name/status" -o "APT::Sandbox::User=root")
  : > "$work/$name/status" # what is installed does not count
  apt-get "${apt[@]}" update -qq
}

# The file of a package at that path, without installing the package.
file_of() {
  local package="$1" path="$2" folder="$work/package-$1"
  mkdir -p "$folder"
  (cd "$folder" && apt-get "${apt[@]}" download -qq "$package" && dpkg-deb -x ./*.deb .)
  install -m 755 "$folder$path" "$assets/$(basename "$path").new"
  mv "$assets/$(basename "$path").new" "$assets/$(basename "$path")"
}

install_etcd() {
  apt_with etcd ''
  file_of etcd-server /usr/bin/etcd
}

install_kubectl() {
  local own minor
  own="$(command -v kubectl || true)"
  if [[ -n "$own" ]]; then
    minor="$("$own" version --client -o yaml | sed -n 's/^  minor: "\([0-9]*\).*/\1/p')"
    if [[ "${minor:-0}" -ge 21 ]]; then
      ln -sfn "$own" "$assets/kubectl"
      return
    fi
  fi
  apt_with trixie 's/bookworm-security/trixie-security/; s/bookworm/trixie/g'
  file_of kubectl /usr/bin/kubectl
}

install_apiserver() {
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends golang-1.19-go golang-github-modern-go-reflect2-dev

  apt_with source 's/^Types:.*/Types: deb deb-src/; s/^deb /deb-src /'
  mkdir -p "$work/download"
  (cd "$work/download" && apt-get "${apt[@]}" source -qq --download-only kubernetes)

  export GOPATH="$work/go" GOCACHE="$work/go-cache" GO111MODULE=off GOFLAGS= CGO_ENABLED=0
  export PATH="/usr/lib/go-1.19/bin:$PATH"
  local tree="$GOPATH/src/k8s.io/kubernetes"
  mkdir -p "$tree"
  tar -xzf "$work"/download/kubernetes_*.orig.tar.gz -C "$tree" --strip-components=1
  cd "$tree"

  # Its copy of reflect2 is older than Go 1.18 and crashes at the first custom resource; Debian's package is mended.
  rm -rf vendor/github.com/modern-go/reflect2
  cp -rL /usr/share/gocode/src/github.com/modern-go/reflect2 vendor/github.com/modern-go/reflect2
  rm -f vendor/github.com/modern-go/reflect2/*_test.go

  # The release tarball leaves out one generated file: the OpenAPI definitions of the built-in types.
  go build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  local packages
  packages="$(grep -rl --include='*.go' '+k8s:openapi-gen=' staging/src/k8s.io pkg cmd | xargs -n1 dirname | sort -u |
    grep -v -E '/testdata|sample-|code-generator|/gengo|/kube-openapi|/test/' |
    sed -e 's#^staging/src/#k8s.io/kubernetes/vendor/#' -e 's#^pkg#k8s.io/kubernetes/pkg#' -e 's#^cmd#k8s.io/kubernetes/cmd#' | paste -sd,)"
  "$work/openapi-gen" --go-header-file hack/boilerplate/boilerplate.generatego.txt -i "$packages" \
    -p k8s.io/kubernetes/pkg/generated/openapi -O zz_generated.openapi -r "$work/openapi-report" --output-base "$GOPATH/src"

  # The tarball does not say its own version.
  sed -i -e 's/^\tgitVersion .*=.*/\tgitVersion = "v1.20.2"/' -e 's/^\tgitMajor .*/\tgitMajor = "1"/' -e 's/^\tgitMinor .*/\tgitMinor = "20"/' \
    staging/src/k8s.io/component-base/version/base.go staging/src/k8s.io/client-go/pkg/version/base.go
  go build -trimpath -ldflags '-s -w' -o "$work/kube-apiserver" ./cmd/kube-apiserver
  install -m 755 "$work/kube-apiserver" "$assets/kube-apiserver.new"
  mv "$assets/kube-apiserver.new" "$assets/kube-apiserver"
}

for part in kubectl etcd apiserver; do
  [[ "$part" == apiserver ]] && file=kube-apiserver || file="$part"
  [[ -x "$assets/$file" ]] && continue
  set +e # inside an "if" bash would ignore -e in the function
  (set -e; "install_$part") > "$work/log" 2>&1
  status=$?
  set -e
  if [[ $status -ne 0 ]]; then
    echo "$file could not be had; the end of the log:" >&2
    tail -n 30 "$work/log" >&2
    exit 1
  fi
done
echo "$assets"

#!/usr/bin/env bash
# Kubernetes' real kube-apiserver and kube-controller-manager, compiled once from Debian's source package and kept.
#
# Where KUBEBUILDER_ASSETS names a folder with an API server (setup-envtest makes such folders, with newer ones), that
# one is used and only what is missing there is built.
. "$(dirname "$0")/lib.sh"

# Raise it when the way of building changes, so that kept programs are built again.
recipe=1
programs=(kube-apiserver kube-controller-manager)

wanted=()
for program in "${programs[@]}"; do
  if [ -n "${KUBEBUILDER_ASSETS:-}" ] && [ -x "$KUBEBUILDER_ASSETS/$program" ]; then
    say "using $program of KUBEBUILDER_ASSETS"
  else
    wanted+=("$program")
  fi
done
if ((${#wanted[@]} == 0)); then
  exit 0
fi

kept="$cache/kubernetes-recipe$recipe"
take_turn kubernetes
make_work_folder
if [ -d "$kept" ]; then
  publish "${wanted[@]/#/$kept/}"
  say "kept from an earlier build"
  exit 0
fi

say "building ${programs[*]} from source: about 5 minutes on 2 cores, once"
command -v dpkg-source >/dev/null && command -v patch >/dev/null || install_packages dpkg-dev patch

private_apt "$work/apt"
run_quietly "reading the source package lists" apt-get "${apt_options[@]}" update
mkdir "$work/packages"
fetch() {
  cd "$work/packages"
  apt-get "${apt_options[@]}" source --download-only kubernetes
  apt-get "${apt_options[@]}" download golang-1.19-go golang-1.19-src golang-github-modern-go-reflect2-dev
}
run_quietly "downloading the source and its compiler" fetch

export GOROOT="$work/debian/usr/lib/go-1.19" GOPATH="$work/go" GOCACHE="$work/go-cache"
export GO111MODULE=off CGO_ENABLED=0 GOFLAGS=-p=2 GOTOOLCHAIN=local
source_folder="$GOPATH/src/k8s.io/kubernetes"
unpack() {
  local package
  for package in "$work"/packages/*.deb; do
    dpkg-deb --extract "$package" "$work/debian"
  done
  mkdir -p "$(dirname "$source_folder")"
  dpkg-source --no-check --extract "$work"/packages/kubernetes_*.dsc "$source_folder"
}
run_quietly "unpacking" unpack

# Two faults of this old source under a compiler younger than it break custom resources: its reflect2 crashes on maps
# such as labels, and its schema validation takes every zero value for null.
mend() {
  local reflect2="github.com/modern-go/reflect2"
  rm -r "${source_folder:?}/vendor/$reflect2"
  cp -rL "$work/debian/usr/share/gocode/src/$reflect2" "$source_folder/vendor/$reflect2"
  patch -d "$source_folder" -p1 <"$servers/kubernetes-null.patch"
}
run_quietly "mending two faults" mend

# The source package leaves out this one generated file.
generate_openapi() {
  cd "$source_folder"
  local inputs
  "$GOROOT/bin/go" build -o "$work/openapi-gen" ./vendor/k8s.io/kube-openapi/cmd/openapi-gen
  inputs="$(grep --recursive --files-with-matches --include='*.go' '+k8s:openapi-gen=' pkg cmd staging/src |
    grep --invert-match --extended-regexp '/(code-generator|sample-[^/]*)/|_test\.go$|zz_generated' |
    xargs -n 1 dirname | sort --unique |
    sed -e 's|^staging/src/|vendor/|' -e 's|^|k8s.io/kubernetes/|' | paste --serial --delimiters=,)"
  "$work/openapi-gen" -O zz_generated.openapi -p k8s.io/kubernetes/pkg/generated/openapi \
    -h hack/boilerplate/boilerplate.generatego.txt --output-base "$GOPATH/src" -i "$inputs"
}
run_quietly "generating the OpenAPI definitions" generate_openapi

dsc="$(basename "$work"/packages/kubernetes_*.dsc)"
version="${dsc#kubernetes_}"
version="${version#*really}"
version="${version%%-*}"
IFS=. read -r major minor _ <<<"$version"
ldflags="-s -w"
for package in component-base/version client-go/pkg/version; do
  prefix="k8s.io/kubernetes/vendor/k8s.io/$package"
  ldflags+=" -X $prefix.gitVersion=v$version -X $prefix.gitMajor=$major -X $prefix.gitMinor=$minor"
done
mkdir "$work/programs"
compile() {
  cd "$source_folder"
  nice "$GOROOT/bin/go" build -v -ldflags "$ldflags" -o "$work/programs/" "./cmd/$1"
}
for program in "${programs[@]}"; do
  run_quietly "compiling $program $version" compile "$program"
done
for program in "${programs[@]}"; do
  [ "$("$work/programs/$program" --version)" = "Kubernetes v$version" ] || fail "the built $program does not tell its version"
done

mv -T "$work/programs" "$kept"
publish "${wanted[@]/#/$kept/}"
say "built"

#!/bin/sh
# Unpacks Debian's llama-server and nginx, each with the libraries it needs, into .engines/ of the repository (about 110 MB on disk).
# Nothing of the machine is changed. Needs apt-get, dpkg and Debian's archive keyring.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# The archive that this machine already uses.
mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep '/debian/*$' | head -n 1)
[ -n "$mirror" ] || { echo 'install.sh requires a Debian archive among the sources of apt-get, got none' >&2; exit 1; }

# fetch <name> <suite> <package> <binary> <folder of plug-ins to start in>
fetch() {
  dir=$here/.engines/$1
  rm -rf "$dir"
  mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial" "$dir/root"
  touch "$dir/status"
  echo "deb [signed-by=$keyring] $mirror $2 main" > "$dir/sources.list"
  options="-qq -o Dir::Etc::sourcelist=$dir/sources.list -o Dir::Etc::sourceparts=- -o Dir::State=$dir -o Dir::State::lists=$dir/lists
    -o Dir::State::status=$dir/status -o Dir::Cache=$dir/cache -o APT::Sandbox::User=$(id -un) -o Debug::NoLocking=true"
  # shellcheck disable=SC2086 # the options are words
  apt-get $options update
  # shellcheck disable=SC2086
  apt-get $options -y --no-install-recommends --download-only install "$3"
  for package in "$dir"/cache/archives/*.deb; do dpkg -x "$package" "$dir/root"; done
  rm -rf "$dir/lists" "$dir/cache"
  # The loader's own name for the machine, such as x86_64-linux-gnu.
  lib=$(dirname "$(find "$dir/root" -name libc.so.6 | head -n 1)")
  loader=$(find "$lib" -maxdepth 1 -name 'ld-linux*' | head -n 1)
  cat > "$dir/$1" << EOF
#!/bin/sh
cd "$dir/root$5" && exec "$loader" --library-path "$lib:$lib/llama" "$dir/root$4" "\$@"
EOF
  sed -i "s#MULTIARCH#$(basename "$lib")#" "$dir/$1"
  chmod +x "$dir/$1"
}

fetch llama-server forky llama.cpp-tools /usr/bin/llama-server /usr/lib/MULTIARCH/ggml/backends0
fetch nginx bookworm nginx-light /usr/sbin/nginx /
"$here/.engines/llama-server/llama-server" --version
"$here/.engines/nginx/nginx" -v

#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Make a base image for "make ee" where no container registry is in reach: debian_image.sh NAME
#
# Needs root, debootstrap and podman. Debian comes from its mirror. What lets pip reach its index from here comes along,
# the machine's own certificate authorities and /etc/pip.conf: so use the image here only.

set -euo pipefail
name=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

debootstrap --variant=minbase --include=ca-certificates,python3-pip,python3-venv trixie "$folder" \
    "${MIRROR:-http://deb.debian.org/debian}"
find /usr/local/share/ca-certificates -name '*.crt' -exec cp -t "$folder/usr/local/share/ca-certificates" {} +
chroot "$folder" update-ca-certificates
if [[ -e /etc/pip.conf ]]; then
    cp /etc/pip.conf "$folder/etc/"
fi
rm -f "$folder"/var/cache/apt/archives/*.deb
tar -C "$folder" -c . | podman import - "$name"

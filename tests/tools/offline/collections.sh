#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later

# Install the collections that integration tests use from the wheel of the package "ansible": collections.sh PYTHON FOLDER
# See README.md.

set -euo pipefail
python=$1 folder=$2

rm -rf "$folder"
mkdir -p "$folder/ansible_collections"
"$python" -m pip download --quiet --no-deps --only-binary :all: --python-version 3.13 --dest "$folder" ansible
"$python" -m zipfile -e "$folder"/ansible-*.whl "$folder/all"
for name in awx/awx community/general; do
    mkdir -p "$folder/ansible_collections/${name%/*}"
    mv "$folder/all/ansible_collections/$name" "$folder/ansible_collections/$name"
done
rm -rf "$folder/all" "$folder"/ansible-*.whl

#!/bin/sh
# Puts the checks folder of HEAD, and nothing else, at the top of a branch: what `checkov --external-checks-git` can
# read. checkov ignores a `//subdir` and executes the Python files of every package folder in the repository it clones.
# usage: checks-branch.sh [BRANCH]
set -eu
branch=${1:-checks}
tree=$(git rev-parse --verify 'HEAD:checks')
parent=$(git rev-parse --quiet --verify "refs/heads/$branch" || true)
if [ -n "$parent" ] && [ "$(git rev-parse "$parent^{tree}")" = "$tree" ]; then
    echo "branch $branch is up to date"
    exit 0
fi
commit=$(git commit-tree "$tree" ${parent:+-p "$parent"} -m "Checks of $(git describe --always --tags HEAD)")
git update-ref "refs/heads/$branch" "$commit" "$parent"
echo "branch $branch holds the checks of $(git rev-parse --short HEAD)"

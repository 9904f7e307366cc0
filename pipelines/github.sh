#!/usr/bin/env bash
# A step of GitHub Actions: check, annotate, write the summary. Inputs come as variables, never as text of a command.
set -euo pipefail

words=()
while IFS= read -r word; do
  [ -z "$word" ] || words+=("$word")
done <<< "${LANDXML_OPTIONS:-}"
words+=(--)
while IFS= read -r path; do
  [ -z "$path" ] || words+=("$path")
done <<< "$LANDXML_PATHS"

formats=()
for format in github markdown sarif junit html json parquet; do
  formats+=(--format "$format")
done

code=0
"${LANDXML:-landxml}" --lang "$LANDXML_LANG" validate "${formats[@]}" -o "$LANDXML_OUTPUT/" \
  --profile "$LANDXML_PROFILE" --fail-on "$LANDXML_FAIL_ON" --no-progress "${words[@]}" || code=$?

if [ -f "$LANDXML_OUTPUT/github.txt" ]; then
  cat "$LANDXML_OUTPUT/github.txt"
  cat "$LANDXML_OUTPUT/report.md" >> "$GITHUB_STEP_SUMMARY"
  echo "report=$LANDXML_OUTPUT" >> "$GITHUB_OUTPUT"
fi
exit "$code"

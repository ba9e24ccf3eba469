#!/usr/bin/env bash
# A match of 10,000 games as a Slurm array: 100 tasks play 50 pairs each, a last job puts them together.
#
#     sbatch docs/match-slurm.sh
#
# Settings come from the environment: HANE (folder of this repository, built, on every node), OUT (shared folder for results),
# ENGINE_A and ENGINE_B (as `hane match --engine` takes them), OPENINGS (folder of SGF games; left out: from the policy).
# A task that was stopped or killed goes on where it was when it is queued again.
#SBATCH --job-name=hane-match
#SBATCH --array=1-100
#SBATCH --cpus-per-task=2
#SBATCH --mem=4G
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --signal=B:INT@120
set -euo pipefail

: "${HANE:?folder of the repository}" "${OUT:?shared folder for results}" "${ENGINE_A:?first engine}" "${ENGINE_B:?second engine}"
hane() { node "$HANE/dist/src/cli/main.js" "$@"; }
readonly PARTS=100 PAIRS=5000

if [ "${MERGE:-}" = yes ]; then
  hane match merge --out "$OUT/whole" "$OUT"/part-*
  exit
fi

# The first task queues the merging, which waits for all of them.
if [ "$SLURM_ARRAY_TASK_ID" = 1 ] && [ "${SLURM_RESTART_COUNT:-0}" = 0 ]; then
  sbatch --dependency="afterany:$SLURM_ARRAY_JOB_ID" --array=1-1 --export=ALL,MERGE=yes "$HANE/docs/match-slurm.sh"
fi

trap 'kill -INT "$match" 2>/dev/null || true; wait "$match" || true; exit 0' INT TERM
hane match --engine "$ENGINE_A" --engine "$ENGINE_B" --pairs "$PAIRS" --shard "$SLURM_ARRAY_TASK_ID/$PARTS" \
  ${OPENINGS:+--openings "$OPENINGS"} --concurrency "${SLURM_CPUS_PER_TASK:-1}" --out "$OUT/part-$SLURM_ARRAY_TASK_ID" &
match=$!
wait "$match"

# The campaign's part of a machine's script: MODULE and WORKLOAD are set before it is read.

parameters=/sys/module/$MODULE/parameters
kind=${WORKLOAD%%_*}

# The entry points' counters of the runtime; nothing for a native module.
counters() {
	grep -H -E '^(calls|faults|fallbacks):' /sys/kernel/debug/fgft/"$MODULE"/* 2>/dev/null | sed 's|.*/||'
}

sum_of() {
	counters | awk -v what="$1:" '$0 ~ ":" what { split($0, part, " "); total += part[2] } END { print total + 0 }'
}

campaign_state() {
	"${kind}_state" 2>&1 | grep -v '^~'
}

print_reached() {
	# One reading gives no more than a page.
	for reading in 1 2 3 4 5; do cat "$parameters/campaign_reached"; done | tr '\n' ' ' | sed "s/^/@@ reached $1 /" >&3
	echo >&3
}

# Which places each step of the workload reaches.
campaign_coverage() {
	for reading in 1 2 3 4 5; do cat "$parameters/campaign_reached"; done >/dev/null
	after_step=print_reached
	$WORKLOAD
	after_step=
}

# The state that every fault is compared with: whatever the workload changes for good is changed then.
campaign_baseline() {
	$WORKLOAD
	campaign_state >/tmp/state
}

# campaign_fault NUMBER STEP: makes one fault happen, then asks whether all is as before.
campaign_fault() {
	echo "@@ fault-begin $1 $2" >&3
	fault_faults=$(sum_of faults)
	fault_fallbacks=$(sum_of fallbacks)
	echo 0 >"$parameters/campaign_hits"
	echo "$1" >"$parameters/campaign_chosen"
	only=" $2 "
	$WORKLOAD
	fault_hits=$(cat "$parameters/campaign_hits")
	echo 0 >"$parameters/campaign_chosen"
	echo "@@ fault-hit $1 hits $fault_hits faults $(($(sum_of faults) - fault_faults)) fallbacks $(($(sum_of fallbacks) - fault_fallbacks))" >&3
	if [ "$(sum_of faults)" != "$fault_faults" ]; then
		grep -H -E '^last_fault:' /sys/kernel/debug/fgft/"$MODULE"/* | sed "s|^/sys/kernel/debug/fgft/$MODULE/[^:]*:last_fault:|@@ fault-said|" >&3
	fi
	echo "@@ fault-retry $1" >&3
	$WORKLOAD
	eval only="' '\$${kind}_health' '"
	echo "@@ fault-health $1" >&3
	$WORKLOAD
	only=
	campaign_state >/tmp/state-now
	if cmp -s /tmp/state /tmp/state-now; then
		echo "@@ fault-state $1 same" >&3
	else
		echo "@@ fault-state $1 changed" >&3
		diff /tmp/state /tmp/state-now | sed 's/^/| /' >&3
	fi
	echo "@@ fault-end $1 $(dmesg | grep -c -E 'Oops|BUG: |WARNING: |general protection|stalled') $(awk '/^(MemFree|Buffers|Cached)/ { total += $2 } END { print total }' /proc/meminfo)" >&3
}

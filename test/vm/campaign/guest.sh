# The campaign's part of a machine's script: MODULE and WORKLOAD are set before it is read.

parameters=/sys/module/$MODULE/parameters
kind=${WORKLOAD%%_*}
alarming='Oops|BUG: |WARNING: |general protection|stalled|refcount_t|waiting for .* to become free'

campaign_state() {
	"${kind}_state" 2>&1 | grep -v '^~'
}

# Every isolated entry point is switched off: its parameter has its name, like its file in debugfs.
all_native() {
	for entry in /sys/kernel/debug/fgft/"$MODULE"/*; do
		echo 0 >"$parameters/${entry##*/}" || echo "@@ step switch-off 1 0" >&3
	done
}

# The workload, and behind it the driver's devices taken from it and given back: so its probe and remove functions run, too.
campaign_workload() {
	$WORKLOAD
	[ -s /tmp/devices ] && step rebind rebind
}

# Lines "DEVICE DRIVER" for the devices that the module drives; a driver's name may have blanks.
campaign_devices() {
	for driver in /sys/module/"$MODULE"/drivers/*; do
		for device in "$driver"/*; do
			[ -L "$device" ] && [ -e "$device/driver" ] && echo "${device##*/} $driver"
		done
	done >/tmp/devices
}

rebind() {
	rebind_status=0
	while read -r device driver; do
		[ -e "$driver/$device" ] && { echo "$device" >"$driver/unbind" || rebind_status=1; }
		[ -e "$driver/$device" ] || echo "$device" >"$driver/bind" || rebind_status=1
	done </tmp/devices
	[ $rebind_status = 0 ] && "${kind}_again"
}

print_reached() {
	# One reading gives no more than a page.
	for reading in 1 2 3 4 5; do cat "$parameters/campaign_reached"; done | tr '\n' ' ' | sed "s/^/@@ reached $1 /" >&3
	echo >&3
}

# Which places each step of the workload reaches.
campaign_coverage() {
	campaign_devices
	for reading in 1 2 3 4 5; do cat "$parameters/campaign_reached"; done >/dev/null
	after_step=print_reached
	campaign_workload
	after_step=
	isolation_counts
}

# The state that every fault is compared with: what the workload changes for good, and what somebody set by hand.
campaign_baseline() {
	campaign_devices
	$WORKLOAD
	"${kind}_prepare"
	campaign_state >/tmp/state
}

# Counters of the entry points as lines "NAME faults fallbacks".
counted() {
	for entry in /sys/kernel/debug/fgft/"$MODULE"/*; do
		[ -f "$entry" ] || continue
		awk -v name="${entry##*/}" '/^faults:/ { faults = $2 } /^fallbacks:/ { print name, faults, $2 }' "$entry"
	done
}

# campaign_fault NUMBER STEP: makes one fault happen, then asks whether all is as before.
campaign_fault() {
	echo "@@ fault-begin $1 $2" >&3
	counted >/tmp/counted
	echo 0 >"$parameters/campaign_hits"
	echo "$1" >"$parameters/campaign_chosen"
	only=" $2 "
	campaign_workload
	fault_hits=$(cat "$parameters/campaign_hits")
	echo 0 >"$parameters/campaign_chosen"
	counted >/tmp/counted-now
	# In which entry points faults were noticed: "NAME how often, how many calls ran natively".
	awk 'NR == FNR { faults[$1] = $2; fallbacks[$1] = $3; next } { print $1, $2 - faults[$1], $3 - fallbacks[$1] }' \
		/tmp/counted /tmp/counted-now >/tmp/noticed
	echo "@@ fault-hit $1 hits $fault_hits faults $(awk '{ n += $2 } END { print n + 0 }' /tmp/noticed) fallbacks $(awk '{ n += $3 } END { print n + 0 }' /tmp/noticed)" >&3
	while read -r noticed times rest; do
		[ "$times" -gt 0 ] && sed -n -e "s|^last_fault: |@@ fault-said $1 |p" -e "s|^last_recovery_ns: |@@ fault-recovery $1 |p" \
			/sys/kernel/debug/fgft/"$MODULE/$noticed" >&3
	done </tmp/noticed
	echo "@@ fault-retry $1" >&3
	campaign_workload
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
		# What one fault has changed must not be put down to the next.
		"${kind}_prepare"
		campaign_state >/tmp/state
	fi
	echo "@@ fault-end $1 $(dmesg | grep -c -E "$alarming")" >&3
}

# What the kernel holds, one line each: objects of every slab cache, module references, mapped and unaccounted pages.
held() {
	for cache in /sys/kernel/slab/*; do
		[ -L "$cache" ] && continue
		echo 1 >"$cache/shrink"
		read -r objects rest <"$cache/objects"
		echo "slab ${cache##*/} $objects"
	done 2>/dev/null
	read -r references </sys/module/"$MODULE"/refcnt && echo "references $MODULE $references"
	awk '/^VmallocUsed/ { print "vmalloc KiB", $2 }
		/^MemTotal/ { left = $2 } /^(MemFree|Buffers|Cached|Slab|AnonPages|PageTables|KernelStack|VmallocUsed|Percpu):/ { left -= $2 }
		END { print "pages KiB", left }' /proc/meminfo
}

# One round: the fault REPETITIONS times, each followed by the step without it. Fault 0 is none.
leak_round() {
	leak_time=0
	while [ $leak_time -lt "$2" ]; do
		echo "$1" >"$parameters/campaign_chosen"
		campaign_workload >/dev/null
		echo 0 >"$parameters/campaign_chosen"
		campaign_workload >/dev/null
		leak_time=$((leak_time + 1))
	done
}

# grown REPETITIONS: what became more by one for each repetition, and more than without a fault, in every round so far. A slab that a
# processor works on counts as full, so one round alone proves nothing.
grown() {
	cat /tmp/held-* | awk -v times="$1" '
		{ key = $1 " " $2; n[key]++; value[key, n[key]] = $3 }
		END {
			for (key in n) {
				without = value[key, 2] - value[key, 1]
				all = n[key] > 2
				words = key " " without
				for (i = 3; i <= n[key]; i++) {
					more = value[key, i] - value[key, i - 1]
					words = words " " more
					if (more < times + (without > 0 ? without : 0))
						all = 0
				}
				if (all)
					print "@@ leak", words
			}
		}'
}

# campaign_leaks NUMBER STEP SECONDS: a round that warms up, one without a fault, three with it, and three more if something grew. A round
# has as many repetitions as fit into SECONDS, between 6 and 32.
campaign_leaks() {
	echo "@@ leak-begin $1" >&3
	rm -f /tmp/held-*
	only=" $2 "
	leak_start=$(milliseconds)
	leak_round "$1" 2
	leak_spent=$((($(milliseconds) - leak_start) / 2 + 1))
	leak_times=$(($3 * 1000 / leak_spent))
	[ $leak_times -lt 6 ] && leak_times=6
	[ $leak_times -gt 32 ] && leak_times=32
	held >/tmp/held-0
	leak_round 0 $leak_times
	held >/tmp/held-1
	for leak_number in 2 3 4 5 6 7; do
		leak_round "$1" $leak_times
		held >/tmp/held-$leak_number
		[ $leak_number = 4 ] && [ -z "$(grown $leak_times)" ] && break
	done
	only=
	grown $leak_times >&3
	echo "@@ leak-end $1 $leak_times" >&3
}

# The driver goes, and comes again: how long it takes until its first step works. Tells of references that were not given back.
campaign_reload() {
	$WORKLOAD >/dev/null
	reload_alarms=$(dmesg | grep -c -E "$alarming")
	reload_start=$(labtool now)
	rmmod "$MODULE"
	reload_status=$?
	reload_gone=$(labtool now)
	load_driver && only=" $1 " && $WORKLOAD
	only=
	echo "@@ reload $reload_status $((reload_gone - reload_start)) $(($(labtool now) - reload_gone)) $(($(dmesg | grep -c -E "$alarming") - reload_alarms))" >&3
}

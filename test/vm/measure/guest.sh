# The measurements' part of a machine's script: MODULE and WORKLOAD are set before it is read.

parameters=/sys/module/$MODULE/parameters
kind=${WORKLOAD%%_*}
measured=/sys/kernel/debug/fgft_measure

# Loads: the same work every time.
net_load() {
	labtool tcp-echo 10.0.2.100 1234 2097152
}
sound_load() {
	labtool pcm "$(first_of '/dev/snd/pcmC0D*p')" 5000
}
block_load() {
	labtool block "$1" 6
}
input_load() {
	labtool motion "$pointer" 20
}
watchdog_load() {
	labtool watchdog /dev/watchdog 5000
}

# Begins to measure the functions of /lab/functions. Isolated code has copies under the same names, which are left out: what is measured
# is what the kernel calls.
begin_measuring() {
	grep -F "[$MODULE]" /proc/kallsyms | awk '
		NR == FNR { wanted[$1] = 1; next }
		$3 == "fgft_text_begin" { from = "x" $1 }
		$3 == "fgft_text_end" { to = "x" $1 }
		$3 in wanted { count++; name[count] = $3; at[count] = $1 }
		END {
			for (i = 1; i <= count; i++)
				if (from == "" || "x" at[i] < from || "x" at[i] >= to)
					print name[i], at[i]
		}' /lab/functions - >/tmp/places
	while read -r name address; do
		echo "$name $address" >$measured/functions || echo "@@ unmeasured $name" >&3
	done </tmp/places
}

calls_of_entries() {
	for entry in /sys/kernel/debug/fgft/"$MODULE"/*; do
		[ -f "$entry" ] && awk -v name="${entry##*/}" '/^calls:/ { print name, $2 }' "$entry"
	done
}

# Each function over two workloads, behind one that warms up.
functions_phase() {
	echo "@@ phase $1" >&3
	$WORKLOAD >/dev/null
	begin_measuring
	$WORKLOAD >/dev/null
	$WORKLOAD >/dev/null
	sed 's/^/@@ function /' $measured/functions >&3
	echo forget >$measured/functions
}

# The load without a probe, three times.
loads_phase() {
	echo "@@ phase $1" >&3
	for turn in 1 2 3; do
		read -r load_now load_idle <$measured/clock
		"${kind}_load" ${WORKLOAD#*_workload} >/tmp/load 2>&1
		load_status=$?
		read -r load_then load_slept <$measured/clock
		echo "@@ load $load_status $((load_then - load_now)) $((load_slept - load_idle))" >&3
	done
}

# Kilobytes that the kernel itself holds.
kernel_memory() {
	awk '/^(SUnreclaim|VmallocUsed|Percpu):/ { total += $2 } END { print total }' /proc/meminfo
}

tell_memory() {
	echo "@@ memory $1 $(cat /sys/module/"$MODULE"/coresize) $(($(kernel_memory) - memory_before))" >&3
}

all_entries() {
	for entry in /sys/kernel/debug/fgft/"$MODULE"/*; do
		echo "$1" >"$parameters/${entry##*/}" || echo "@@ unmeasured ${entry##*/}" >&3
	done
}

measure_native() {
	memory_before=$(kernel_memory)
	load_native
	tell_memory native
	functions_phase native
	loads_phase native
	rmmod "$MODULE"
}

measure_isolated() {
	memory_before=$(kernel_memory)
	load_isolated
	tell_memory isolated
	all_entries 0
	functions_phase off
	loads_phase off
	all_entries 1
	functions_phase isolated
	calls_of_entries >/tmp/calls-before
	loads_phase all
	calls_of_entries >/tmp/calls-after
	isolation_counts
	# The data path: what was called at least ten times in each of the three loads.
	awk 'NR == FNR { before[$1] = $2; next } $2 - before[$1] >= 30 { print $1 }' /tmp/calls-before /tmp/calls-after >/tmp/data-path
	sed 's/^/@@ data-path /' /tmp/data-path >&3
	while read -r name; do echo 0 >"$parameters/$name"; done </tmp/data-path
	loads_phase control
	if [ -w "$parameters/fgft_restore" ]; then
		all_entries 1
		read -r restoring <"$parameters/fgft_restore"
		echo "@@ restoring $restoring" >&3
		case $restoring in 0 | N) other=1 ;; *) other=0 ;; esac
		echo $other >"$parameters/fgft_restore"
		functions_phase "restore-$other"
	fi
}

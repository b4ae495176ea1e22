# The words in which scripts for the laboratory's machine are written.

milliseconds() {
	read -r up rest </proc/uptime
	echo "${up%.*}${up#*.}0"
}

# Names of the only steps that run, with a blank on both sides; empty: all.
only=

# step NAME COMMAND...: runs it, reports its output and its exit status. Calls after_step with the name, if that is defined.
step() {
	step_name=$1
	shift
	case "${only:- $step_name }" in *" $step_name "*) ;; *) return 0 ;; esac
	step_start=$(milliseconds)
	echo "@@ begin $step_name" >&3
	step_output=$("$@" 2>&1)
	step_status=$?
	[ -n "$step_output" ] && echo "$step_output" | sed 's/^/| /' >&3
	echo "@@ step $step_name $step_status $(($(milliseconds) - step_start))" >&3
	[ -n "$after_step" ] && $after_step "$step_name"
	return $step_status
}

# load NAME [PARAMETER...]: inserts a module with everything that it needs, as modules/NAME.list orders it.
load() {
	load_name=$1
	shift
	while read -r module; do
		[ -d "/sys/module/$module" ] && continue
		if [ "$module" = "$load_name" ]; then
			insmod "/lab/modules/$module.ko" "$@" || return 1
		else
			insmod "/lab/modules/$module.ko" || return 1
		fi
	done <"/lab/modules/$load_name.list"
}

# until_true SECONDS COMMAND...: repeats it until it succeeds.
until_true() {
	until_end=$(($(milliseconds) + $1 * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(milliseconds)" -ge "$until_end" ] && return 1
		sleep 0.1
	done
}

# first_of PATTERN: the first name that exists. Quote the pattern: it is matched anew on every call.
first_of() {
	for first in $1; do
		[ -e "$first" ] && echo "$first" && return 0
	done
	return 1
}

# sleep_and_wake: the whole way of the drivers through suspend to idle and back. The kernel wakes up by itself.
sleep_and_wake() {
	echo devices >/sys/power/pm_test && echo freeze >/sys/power/state
	sleep_status=$?
	echo none >/sys/power/pm_test
	return $sleep_status
}

for workload in /lab/workloads/*.sh; do
	. "$workload"
done

# isolation_counts: what the entry points of isolated modules count, one line each: name, calls, faults, fallbacks, checks, late fields.
isolation_counts() {
	for counts in /sys/kernel/debug/fgft/*/*; do
		[ -f "$counts" ] || continue
		awk -v name="${counts##*/}" '{ of[$1] = $2 } END { print "@@ entry", name, of["calls:"], of["faults:"], of["fallbacks:"], of["checks:"], of["late_fields:"] }' "$counts" >&3
	done
}

# Sound, disks, pointers and watchdogs in use.

sound_workload() {
	until_true 40 first_of '/dev/snd/pcmC0D*p' || return 1
	playback=$(first_of '/dev/snd/pcmC0D*p')
	capture=$(first_of '/dev/snd/pcmC0D*c')
	step play labtool pcm "$playback" 400
	[ -n "$capture" ] && step capture labtool pcm "$capture" 200 capture
	step mixer labtool mixer /dev/snd/controlC0
	step mixer-toggle labtool mixer /dev/snd/controlC0 toggle
	step mixer-after labtool mixer /dev/snd/controlC0
	step play-again labtool pcm "$playback" 200
	step proc sh -c 'cat /proc/asound/card0/pcm0p/info >/dev/null'
}

# block_workload DEVICE
block_workload() {
	until_true 20 test -b "$1" || return 1
	step size cat "/sys/block/$(basename "$1")/size"
	step data labtool block "$1" 4
	step scheduler cat "/sys/block/$(basename "$1")/queue/logical_block_size"
	step data-again labtool block "$1" 1
}

# find_pointer: sets `pointer`; among keyboards and buttons it is the one that reports relative axes.
find_pointer() {
	for event in /sys/class/input/event*; do
		[ "$(cat "$event/device/capabilities/rel" 2>/dev/null || echo 0)" = 0 ] || pointer=/dev/input/$(basename "$event")
	done
	[ -n "$pointer" ]
}

input_workload() {
	pointer=
	until_true 30 find_pointer || return 1
	step motion labtool motion "$pointer" 20
	step motion-again labtool motion "$pointer" 20
}

watchdog_workload() {
	until_true 10 test -c /dev/watchdog || return 1
	step watchdog labtool watchdog /dev/watchdog
	step watchdog-again labtool watchdog /dev/watchdog
}

sound_state() {
	labtool mixer /dev/snd/controlC0
}
sound_health='play-again mixer-after'

block_state() {
	cat /sys/block/[svn]*/size
}
block_health='data-again'

input_state() {
	cat /sys/class/input/input*/name /sys/class/input/input*/capabilities/rel
}
input_health='motion-again'

watchdog_state() {
	cat /sys/class/watchdog/watchdog0/* 2>/dev/null
}
watchdog_health='watchdog-again'

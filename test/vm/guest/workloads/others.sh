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

# Every control that can be written gets a value that it does not have by itself.
sound_prepare() {
	labtool mixer /dev/snd/controlC0 set >/dev/null
}
sound_state() {
	labtool mixer /dev/snd/controlC0
}
sound_health='play-again mixer-after'

block_prepare() {
	for attribute in /sys/block/[svn]*/cache_type /sys/class/scsi_disk/*/cache_type; do
		[ -w "$attribute" ] && echo 'write through' >"$attribute"
	done
	for attribute in /sys/block/[svn]*/queue/nr_requests; do
		[ -w "$attribute" ] && echo 32 >"$attribute"
	done
	:
}
block_state() {
	cat /sys/block/[svn]*/size
	cat /sys/block/[svn]*/cache_type /sys/class/scsi_disk/*/cache_type /sys/block/[svn]*/queue/nr_requests 2>/dev/null
}
block_health='data-again'

# A mouse at the PS/2 port has attributes of its own.
input_prepare() {
	for port in /sys/bus/serio/devices/serio*; do
		[ -w "$port/rate" ] && echo 80 >"$port/rate" && echo 100 >"$port/resolution"
	done
	:
}
input_state() {
	cat /sys/class/input/input*/name /sys/class/input/input*/capabilities/rel
	for attribute in rate resolution resetafter resync_time protocol; do
		cat /sys/bus/serio/devices/serio*/$attribute 2>/dev/null
	done
}
input_health='motion-again'

watchdog_prepare() {
	:
}
watchdog_state() {
	for attribute in identity options state status timeout nowayout bootstatus; do
		echo "$attribute $(cat /sys/class/watchdog/watchdog0/$attribute 2>/dev/null)"
	done
}
watchdog_health='watchdog-again'

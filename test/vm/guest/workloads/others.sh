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
	step attributes pointer_attributes
	step set pointer_set
	step motion-again labtool motion "$pointer" 20
}

# A mouse at the PS/2 port has attributes of its own.
pointer_attributes() {
	for attribute in protocol rate resolution resetafter resync_time extra name description; do
		for file in /sys/bus/serio/devices/serio*/$attribute; do
			[ -r "$file" ] && echo "${file##*/serio/devices/} $(cat "$file")"
		done
	done
	:
}

pointer_set() {
	for file in /sys/bus/serio/devices/serio*/rate; do
		port=${file%/rate}
		[ -w "$file" ] || continue
		echo 100 >"$file" && echo 200 >"$port/resolution" && echo 5 >"$port/resetafter" && echo 3 >"$port/resync_time" &&
			echo 0 >"$port/resync_time" && echo 80 >"$file" && echo 100 >"$port/resolution" || return 1
	done
	:
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
sound_again() {
	until_true 20 test -c /dev/snd/controlC0 && sound_prepare
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
block_again() {
	until_true 20 sh -c 'ls /sys/block | grep -q ^[svn]' && block_prepare
}
block_health='data-again'

input_prepare() {
	:
}
input_state() {
	cat /sys/class/input/input*/name /sys/class/input/input*/capabilities/rel
	pointer_attributes
}
input_again() {
	until_true 20 find_pointer && pointer_set
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
watchdog_again() {
	until_true 10 test -c /dev/watchdog && labtool watchdog /dev/watchdog >/dev/null
}
watchdog_health='watchdog-again'

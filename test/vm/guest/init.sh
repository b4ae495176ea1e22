#!/bin/sh
# First process of the laboratory's machine. Results go to the second serial line, the kernel's own words to the first.
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev 2>/dev/null
mkdir -p /tmp
mount -t debugfs debug /sys/kernel/debug 2>/dev/null
mount -t tracefs trace /sys/kernel/tracing 2>/dev/null
exec 3>/dev/ttyS1
stty -F /dev/ttyS1 -onlcr 2>/dev/null
echo "@@ booted $(cut -d' ' -f1 /proc/uptime)" >&3
cd /lab || exit 1
# What the kernel said while it booted is not about the driver: a slow emulation alone brings warnings of stalled processors.
dmesg -c >/tmp/boot
. /lab/steps.sh
. /lab/script.sh
dmesg | grep -E 'Oops|BUG:|WARNING:|general protection|stalled|Call Trace|corruption|refcount_t' | sed 's/^/@@ alarm /' >&3
isolation_counts
echo "@@ taint $(cat /proc/sys/kernel/tainted)" >&3
echo "@@ end" >&3
sync
poweroff -f

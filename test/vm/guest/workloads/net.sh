# A network interface in use. QEMU's user network answers at 10.0.2.2; TCP to 10.0.2.100:1234 comes back as it went.

net_up() {
	ip link set "$1" up && ip addr add 10.0.2.15/24 dev "$1" 2>/dev/null
	until_true 10 sh -c "ip link show $1 | grep -q LOWER_UP"
}

net_ping() {
	# The first packet may wait for the address of the other side.
	until_true 10 ping -c 1 -W 2 10.0.2.2 && ping -c 3 -i 0.2 -W 5 10.0.2.2 | grep -q ' 0% packet loss'
}

net_down_up() {
	ip link set "$1" down && sleep 0.2 && net_up "$1" && net_ping
}

net_mtu() {
	ip link set "$1" mtu 1400 && net_ping && ip link set "$1" mtu 1500 && net_ping
}

net_modes() {
	ip link set "$1" promisc on && ip link set "$1" promisc off &&
		labtool multicast "$1" 70
}

net_set() {
	labtool ethtool-set "$1" msglvl 7
	labtool ethtool-set "$1" wol 0
	labtool ethtool-set "$1" nway 0
	labtool ethtool-set "$1" pause 0
}

# net_workload: everything that a user does with the first interface.
net_workload() {
	until_true 20 first_of '/sys/class/net/[eu]*' || return 1
	interface=$(basename "$(first_of '/sys/class/net/[eu]*')")
	step up net_up "$interface"
	step ping net_ping
	step tcp labtool tcp-echo 10.0.2.100 1234 "${1:-1048576}"
	step ethtool labtool ethtool "$interface"
	step mii labtool mii "$interface"
	step modes net_modes "$interface"
	step mtu net_mtu "$interface"
	step set net_set "$interface"
	step down-up net_down_up "$interface"
	step tcp-again labtool tcp-echo 10.0.2.100 1234 65536
	step statistics sh -c "test \$(cat /sys/class/net/$interface/statistics/rx_packets) -gt 20"
}

# net_prepare: what somebody has set before a fault, beside what the steps set themselves.
net_prepare() {
	ip link set "$interface" allmulticast on
	labtool ethtool-set "$interface" msglvl 7
	ip link set "$interface" txqueuelen 500
	for tunable in gro_flush_timeout napi_defer_hard_irqs; do
		[ -w "/sys/class/net/$interface/$tunable" ] && echo 2000 >"/sys/class/net/$interface/$tunable"
	done
	:
}

# net_again: after the driver was given its device anew.
net_again() {
	until_true 20 test -e "/sys/class/net/$interface" && net_up "$interface" && net_prepare
}

# net_state: what must be the same after a fault as before it.
net_state() {
	ip link show "$interface" | sed 's/qlen.*//; s/state [A-Z]* //' | head -1
	labtool ethtool "$interface"
	for attribute in mtu address flags tx_queue_len gro_flush_timeout napi_defer_hard_irqs; do
		echo "$attribute $(cat "/sys/class/net/$interface/$attribute" 2>/dev/null)"
	done
}

net_health='ping tcp-again'

// SPDX-License-Identifier: MIT
/*
 * What a workload needs and busybox lacks: TCP echo with checksums, ethtool queries, sound through the kernel's own interface,
 * input events, block reads and writes with checksums, the watchdog's ioctls. Built static; one subcommand each.
 *
 * Every subcommand prints lines that are the same on every run of a working driver, except for those that begin with '~',
 * which carry times and counts. Exit status 0 means that all went as it should.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/input.h>
#include <linux/mii.h>
#include <linux/sockios.h>
#include <linux/watchdog.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sound/asound.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static int fail(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	printf("error: ");
	vprintf(format, list);
	printf("\n");
	va_end(list);
	return 1;
}

/* FNV-1a with 64 bits. */
static uint64_t digest(uint64_t sum, const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sum = (sum ^ bytes[i]) * 0x100000001b3ULL;
	return sum;
}

#define DIGEST_START 0xcbf29ce484222325ULL

/* A stream of bytes that a seed fixes (xorshift64). */
static void fill(unsigned char *bytes, size_t count, uint64_t *state)
{
	for (size_t i = 0; i < count; i++) {
		*state ^= *state << 13;
		*state ^= *state >> 7;
		*state ^= *state << 17;
		bytes[i] = *state >> 32;
	}
}

/*
 * Bytes under way at most. An emulated card drops what does not fit its ring while the processor is emulated too, and a
 * transfer that waits for retransmissions measures those instead of the driver.
 */
#define IN_FLIGHT 12288

static int tcp_echo(int argc, char **argv)
{
	if (argc < 4)
		return fail("usage: tcp-echo ADDRESS PORT BYTES [SECONDS]");
	long total = atol(argv[3]), sent = 0, received = 0;
	double start = now(), limit = argc > 4 ? atof(argv[4]) : 30;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[2])) };
	uint64_t state = 88172645463325252ULL, out = DIGEST_START, in = DIGEST_START;
	static unsigned char chunk[4096], back[16384];
	size_t have = 0, at = 0;
	int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	inet_pton(AF_INET, argv[1], &to.sin_addr);
	if (connect(s, (struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS)
		return fail("connect: %s", strerror(errno));
	while (received < total) {
		int may_send = sent < total && sent - received < IN_FLIGHT;
		struct pollfd p = { .fd = s, .events = POLLIN | (may_send ? POLLOUT : 0) };

		if (now() - start > limit)
			return fail("only %ld of %ld bytes came back in %.0f s", received, total, limit);
		if (poll(&p, 1, 1000) < 0)
			return fail("poll: %s", strerror(errno));
		if (p.revents & POLLOUT) {
			if (at == have) {
				have = total - sent < (long)sizeof(chunk) ? total - sent : (long)sizeof(chunk);
				fill(chunk, have, &state);
				out = digest(out, chunk, have);
				at = 0;
			}
			ssize_t n = send(s, chunk + at, have - at, MSG_NOSIGNAL);

			if (n < 0 && errno != EAGAIN)
				return fail("send: %s", strerror(errno));
			if (n > 0) {
				at += n;
				sent += n;
			}
		}
		if (p.revents & (POLLIN | POLLHUP | POLLERR)) {
			ssize_t n = recv(s, back, sizeof(back), 0);

			if (n == 0)
				return fail("the other side closed after %ld bytes", received);
			if (n < 0 && errno != EAGAIN)
				return fail("recv: %s", strerror(errno));
			if (n > 0) {
				in = digest(in, back, n);
				received += n;
			}
		}
	}
	close(s);
	printf("sent %ld received %ld sums %s\n", sent, received, in == out ? "equal" : "DIFFER");
	printf("~seconds %.3f\n", now() - start);
	return in != out;
}

static int ethtool_query(int s, struct ifreq *request, const char *what, void *data, size_t size)
{
	request->ifr_data = data;
	if (ioctl(s, SIOCETHTOOL, request)) {
		printf("%s: errno %d\n", what, errno);
		return -1;
	}
	printf("%s: ok %016llx\n", what, (unsigned long long)digest(DIGEST_START, data, size));
	return 0;
}

/* Every question that changes nothing. Registers and statistics move by themselves: of those only the sizes count. */
static int ethtool(int argc, char **argv)
{
	if (argc < 2)
		return fail("usage: ethtool INTERFACE");
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq r = { 0 };
	static const struct { unsigned int command; const char *name; } values[] = {
		{ ETHTOOL_GMSGLVL, "message level" }, { ETHTOOL_GLINK, "link" }, { ETHTOOL_GSG, "scatter-gather" },
		{ ETHTOOL_GTSO, "segmentation" }, { ETHTOOL_GFLAGS, "flags" },
	};

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", argv[1]);
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	r.ifr_data = (void *)&info;
	if (ioctl(s, SIOCETHTOOL, &r))
		return fail("%s: %s", argv[1], strerror(errno));
	printf("bus %s statistics %u registers %u eeprom %u\n", info.bus_info, info.n_stats, info.regdump_len, info.eedump_len);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct ethtool_value v = { .cmd = values[i].command };

		r.ifr_data = (void *)&v;
		if (ioctl(s, SIOCETHTOOL, &r))
			printf("%s: errno %d\n", values[i].name, errno);
		else
			printf("%s: %u\n", values[i].name, v.data);
	}
	struct { struct ethtool_link_settings head; uint32_t masks[3 * 127]; } link = { .head.cmd = ETHTOOL_GLINKSETTINGS };

	r.ifr_data = (void *)&link;
	if (!ioctl(s, SIOCETHTOOL, &r) && link.head.link_mode_masks_nwords < 0) {
		link.head.cmd = ETHTOOL_GLINKSETTINGS;
		link.head.link_mode_masks_nwords = -link.head.link_mode_masks_nwords;
		if (!ioctl(s, SIOCETHTOOL, &r))
			printf("link settings: speed %u duplex %u autonegotiation %u port %u\n", link.head.speed, link.head.duplex,
			       link.head.autoneg, link.head.port);
	} else {
		printf("link settings: errno %d\n", errno);
	}
	struct ethtool_wolinfo wol = { .cmd = ETHTOOL_GWOL };

	r.ifr_data = (void *)&wol;
	if (ioctl(s, SIOCETHTOOL, &r))
		printf("wake-up: errno %d\n", errno);
	else
		printf("wake-up: supported %x options %x\n", wol.supported, wol.wolopts);
	struct ethtool_ringparam rings = { .cmd = ETHTOOL_GRINGPARAM };
	struct ethtool_coalesce coalesce = { .cmd = ETHTOOL_GCOALESCE };
	struct ethtool_pauseparam pause = { .cmd = ETHTOOL_GPAUSEPARAM };

	ethtool_query(s, &r, "rings", &rings, sizeof(rings));
	ethtool_query(s, &r, "coalescing", &coalesce, sizeof(coalesce));
	ethtool_query(s, &r, "pause", &pause, sizeof(pause));
	if (info.regdump_len) {
		struct ethtool_regs *registers = calloc(1, sizeof(*registers) + info.regdump_len);

		registers->cmd = ETHTOOL_GREGS;
		registers->len = info.regdump_len;
		r.ifr_data = (void *)registers;
		printf("registers: %s\n", ioctl(s, SIOCETHTOOL, &r) ? strerror(errno) : "ok");
	}
	if (info.eedump_len) {
		struct ethtool_eeprom *e = calloc(1, sizeof(*e) + info.eedump_len);

		e->cmd = ETHTOOL_GEEPROM;
		e->len = info.eedump_len;
		ethtool_query(s, &r, "eeprom", e, sizeof(*e) + info.eedump_len);
	}
	if (info.n_stats) {
		struct ethtool_stats *statistics = calloc(1, sizeof(*statistics) + 8 * info.n_stats);

		statistics->cmd = ETHTOOL_GSTATS;
		statistics->n_stats = info.n_stats;
		r.ifr_data = (void *)statistics;
		printf("statistics: %s\n", ioctl(s, SIOCETHTOOL, &r) ? strerror(errno) : "ok");
	}
	return 0;
}

/* `registers INTERFACE`: the driver's dump, 16 bytes to a line. */
static int registers(int argc, char **argv)
{
	if (argc < 2)
		return fail("usage: registers INTERFACE");
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq r = { 0 };
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };

	strncpy(r.ifr_name, argv[1], IFNAMSIZ - 1);
	r.ifr_data = (void *)&info;
	if (ioctl(s, SIOCETHTOOL, &r) || !info.regdump_len)
		return fail("no registers to dump");
	struct ethtool_regs *dump = calloc(1, sizeof(*dump) + info.regdump_len);

	dump->cmd = ETHTOOL_GREGS;
	dump->len = info.regdump_len;
	r.ifr_data = (void *)dump;
	if (ioctl(s, SIOCETHTOOL, &r))
		return fail("the registers cannot be read");
	for (unsigned int i = 0; i < dump->len; i++)
		printf("%s%02x%s", i % 16 ? " " : "", dump->data[i], i % 16 == 15 ? "\n" : "");
	return 0;
}

/* `ethtool-set INTERFACE msglvl|wol|nway|ring VALUE`: prints the answer's errno, 0 for success. */
static int ethtool_set(int argc, char **argv)
{
	if (argc < 4)
		return fail("usage: ethtool-set INTERFACE msglvl|wol|nway|pause VALUE");
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq r = { 0 };
	unsigned int number = strtoul(argv[3], NULL, 0);
	struct ethtool_value value = { .cmd = ETHTOOL_SMSGLVL, .data = number };
	struct ethtool_wolinfo wol = { .cmd = ETHTOOL_SWOL, .wolopts = number };
	struct ethtool_pauseparam pause = { .cmd = ETHTOOL_SPAUSEPARAM, .autoneg = number & 1, .rx_pause = number >> 1 & 1 };

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", argv[1]);
	if (!strcmp(argv[2], "wol"))
		r.ifr_data = (void *)&wol;
	else if (!strcmp(argv[2], "pause"))
		r.ifr_data = (void *)&pause;
	else
		r.ifr_data = (void *)&value;
	if (!strcmp(argv[2], "nway"))
		value.cmd = ETHTOOL_NWAY_RST;
	printf("%s: errno %d\n", argv[2], ioctl(s, SIOCETHTOOL, &r) ? errno : 0);
	return 0;
}

static int mii(int argc, char **argv)
{
	if (argc < 2)
		return fail("usage: mii INTERFACE");
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq r = { 0 };
	struct mii_ioctl_data *data = (void *)&r.ifr_data;

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", argv[1]);
	if (ioctl(s, SIOCGMIIPHY, &r)) {
		printf("phy: errno %d\n", errno);
		return 0;
	}
	printf("phy %u\n", data->phy_id);
	for (int i = 0; i < 6; i++) {
		data->reg_num = i;
		if (ioctl(s, SIOCGMIIREG, &r))
			printf("register %d: errno %d\n", i, errno);
		else
			printf("register %d: %04x\n", i, data->val_out);
	}
	return 0;
}

/* Joins and leaves multicast groups, so that the receive filter is written. */
static int multicast(int argc, char **argv)
{
	if (argc < 3)
		return fail("usage: multicast INTERFACE COUNT");
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	for (int i = 0; i < atoi(argv[2]); i++) {
		struct ifreq r = { 0 };
		unsigned char *address = (unsigned char *)r.ifr_hwaddr.sa_data;

		snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", argv[1]);
		r.ifr_hwaddr.sa_family = AF_UNSPEC;
		memcpy(address, (unsigned char[]){ 1, 0, 0x5e, 1, i >> 8, i }, 6);
		if (ioctl(s, SIOCADDMULTI, &r))
			return fail("add: %s", strerror(errno));
		if (ioctl(s, SIOCDELMULTI, &r))
			return fail("remove: %s", strerror(errno));
	}
	printf("multicast ok\n");
	return 0;
}

static void any(struct snd_pcm_hw_params *p)
{
	memset(p, 0, sizeof(*p));
	for (int i = 0; i <= SNDRV_PCM_HW_PARAM_LAST_MASK - SNDRV_PCM_HW_PARAM_FIRST_MASK; i++)
		memset(p->masks[i].bits, 0xff, sizeof(p->masks[i].bits));
	for (int i = 0; i <= SNDRV_PCM_HW_PARAM_LAST_INTERVAL - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL; i++)
		p->intervals[i].max = UINT32_MAX;
	p->rmask = UINT32_MAX;
	p->info = UINT32_MAX;
}

static void mask(struct snd_pcm_hw_params *p, int which, unsigned int bit)
{
	struct snd_mask *m = &p->masks[which - SNDRV_PCM_HW_PARAM_FIRST_MASK];

	memset(m, 0, sizeof(*m));
	m->bits[bit / 32] = 1u << bit % 32;
}

static void exactly(struct snd_pcm_hw_params *p, int which, unsigned int value)
{
	struct snd_interval *i = &p->intervals[which - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];

	*i = (struct snd_interval){ .min = value, .max = value, .integer = 1 };
}

/* Opens, sets up, plays a saw tooth for some periods, drains, closes. */
static int pcm(int argc, char **argv)
{
	if (argc < 3)
		return fail("usage: pcm DEVICE MILLISECONDS [capture]");
	int f = open(argv[1], O_RDWR | O_NONBLOCK), capture = argc > 3;
	unsigned int rate = 44100, channels = 2;
	struct snd_pcm_hw_params p;
	static short buffer[2 * 1024];

	if (f < 0)
		return fail("%s: %s", argv[1], strerror(errno));
	fcntl(f, F_SETFL, 0);
	any(&p);
	mask(&p, SNDRV_PCM_HW_PARAM_ACCESS, SNDRV_PCM_ACCESS_RW_INTERLEAVED);
	mask(&p, SNDRV_PCM_HW_PARAM_FORMAT, SNDRV_PCM_FORMAT_S16_LE);
	exactly(&p, SNDRV_PCM_HW_PARAM_CHANNELS, channels);
	if (ioctl(f, SNDRV_PCM_IOCTL_HW_REFINE, &p))
		return fail("formats: %s", strerror(errno));
	struct snd_interval *r = &p.intervals[SNDRV_PCM_HW_PARAM_RATE - SNDRV_PCM_HW_PARAM_FIRST_INTERVAL];

	if (rate < r->min || rate > r->max)
		rate = r->max;
	exactly(&p, SNDRV_PCM_HW_PARAM_RATE, rate);
	exactly(&p, SNDRV_PCM_HW_PARAM_PERIOD_SIZE, 1024);
	exactly(&p, SNDRV_PCM_HW_PARAM_PERIODS, 4);
	p.rmask = UINT32_MAX;
	if (ioctl(f, SNDRV_PCM_IOCTL_HW_PARAMS, &p))
		return fail("parameters: %s", strerror(errno));
	if (ioctl(f, SNDRV_PCM_IOCTL_PREPARE))
		return fail("prepare: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(buffer) / sizeof(buffer[0]); i++)
		buffer[i] = i * 257;
	long frames = rate * atol(argv[2]) / 1000;
	double start = now();

	if (capture && ioctl(f, SNDRV_PCM_IOCTL_START))
		return fail("start: %s", strerror(errno));
	for (long done = 0; done < frames; done += 1024) {
		struct snd_xferi x = { .buf = buffer, .frames = 1024 };
		int status = ioctl(f, capture ? SNDRV_PCM_IOCTL_READI_FRAMES : SNDRV_PCM_IOCTL_WRITEI_FRAMES, &x);

		/* A slow emulation may run dry: start anew, as every player does. */
		if (status && errno == EPIPE) {
			ioctl(f, SNDRV_PCM_IOCTL_PREPARE);
			if (capture)
				ioctl(f, SNDRV_PCM_IOCTL_START);
		} else if (status) {
			return fail("transfer after %ld frames: %s", done, strerror(errno));
		}
		if (now() - start > 30)
			return fail("only %ld of %ld frames in 30 s", done, frames);
	}
	if (!capture && ioctl(f, SNDRV_PCM_IOCTL_DRAIN) && errno != EPIPE)
		return fail("drain: %s", strerror(errno));
	if (capture && ioctl(f, SNDRV_PCM_IOCTL_DROP))
		return fail("stop: %s", strerror(errno));
	if (ioctl(f, SNDRV_PCM_IOCTL_HW_FREE))
		return fail("release: %s", strerror(errno));
	close(f);
	printf("%s %ld frames at %u\n", capture ? "captured" : "played", frames, rate);
	printf("~seconds %.3f\n", now() - start);
	return 0;
}

/*
 * Prints every control with its values; with `toggle`, writes each back changed and then as it was; with `set`, gives each
 * a value in the middle.
 */
static int mixer(int argc, char **argv)
{
	if (argc < 2)
		return fail("usage: mixer DEVICE [toggle|set]");
	int f = open(argv[1], O_RDWR), toggle = argc > 2, set = toggle && !strcmp(argv[2], "set"), wrong = 0;
	static struct snd_ctl_elem_id ids[512];
	struct snd_ctl_elem_list list = { .space = 512, .pids = ids };

	if (f < 0)
		return fail("%s: %s", argv[1], strerror(errno));
	if (ioctl(f, SNDRV_CTL_IOCTL_ELEM_LIST, &list))
		return fail("list: %s", strerror(errno));
	for (unsigned int i = 0; i < list.used; i++) {
		struct snd_ctl_elem_info info = { .id = ids[i] };
		struct snd_ctl_elem_value value = { .id = ids[i] }, changed;

		if (ioctl(f, SNDRV_CTL_IOCTL_ELEM_INFO, &info) || ioctl(f, SNDRV_CTL_IOCTL_ELEM_READ, &value))
			continue;
		if (info.type != SNDRV_CTL_ELEM_TYPE_INTEGER && info.type != SNDRV_CTL_ELEM_TYPE_BOOLEAN &&
		    info.type != SNDRV_CTL_ELEM_TYPE_ENUMERATED)
			continue;
		int enumerated = info.type == SNDRV_CTL_ELEM_TYPE_ENUMERATED;

		printf("%s:", info.id.name);
		for (unsigned int n = 0; n < info.count && n < 8; n++)
			printf(" %ld", enumerated ? (long)value.value.enumerated.item[n] : value.value.integer.value[n]);
		printf("\n");
		if (!toggle || !(info.access & SNDRV_CTL_ELEM_ACCESS_WRITE))
			continue;
		changed = value;
		for (unsigned int n = 0; n < info.count; n++) {
			if (enumerated)
				changed.value.enumerated.item[n] = (value.value.enumerated.item[n] + 1) % info.value.enumerated.items;
			else
				changed.value.integer.value[n] =
					set ? (info.value.integer.min + info.value.integer.max + 1) / 2 :
					value.value.integer.value[n] == info.value.integer.min ? info.value.integer.max :
												 info.value.integer.min;
		}
		if (ioctl(f, SNDRV_CTL_IOCTL_ELEM_WRITE, &changed) < 0 ||
		    (!set && ioctl(f, SNDRV_CTL_IOCTL_ELEM_WRITE, &value) < 0)) {
			printf("error: %s cannot be written: %s\n", info.id.name, strerror(errno));
			wrong = 1;
			/* What was there before is put back, as somebody at a mixer would. */
			ioctl(f, SNDRV_CTL_IOCTL_ELEM_WRITE, &value);
		}
	}
	close(f);
	return wrong;
}

/* Writes a pattern behind the first megabyte, reads it back past the cache, and compares. */
static int block(int argc, char **argv)
{
	if (argc < 3)
		return fail("usage: block DEVICE MEGABYTES");
	size_t size = 1 << 20;
	long count = atol(argv[2]);
	unsigned char *buffer;
	uint64_t state = 362436069, wrote = DIGEST_START, got = DIGEST_START;
	int f = open(argv[1], O_RDWR | O_DIRECT);
	double start = now();

	if (f < 0)
		return fail("%s: %s", argv[1], strerror(errno));
	if (posix_memalign((void **)&buffer, 4096, size))
		return fail("no memory");
	for (long i = 0; i < count; i++) {
		fill(buffer, size, &state);
		wrote = digest(wrote, buffer, size);
		if (pwrite(f, buffer, size, (i + 1) * size) != (ssize_t)size)
			return fail("write %ld: %s", i, strerror(errno));
	}
	if (fsync(f))
		return fail("flush: %s", strerror(errno));
	for (long i = 0; i < count; i++) {
		if (pread(f, buffer, size, (i + 1) * size) != (ssize_t)size)
			return fail("read %ld: %s", i, strerror(errno));
		got = digest(got, buffer, size);
	}
	printf("wrote and read %ld MiB sums %s\n", count, wrote == got ? "equal" : "DIFFER");
	printf("~seconds %.3f\n", now() - start);
	return wrote != got;
}

/* Waits until relative motion has come; prints '@@ motion' first, on which the host moves the mouse. */
static int motion(int argc, char **argv)
{
	if (argc < 3)
		return fail("usage: motion DEVICE SECONDS");
	int f = open(argv[1], O_RDONLY | O_NONBLOCK), x = 0, y = 0, events = 0;
	double limit = now() + atof(argv[2]);

	if (f < 0)
		return fail("%s: %s", argv[1], strerror(errno));
	dprintf(3, "@@ motion\n");
	while (now() < limit && (events < 20 || !x || !y)) {
		struct pollfd p = { .fd = f, .events = POLLIN };
		struct input_event e;

		poll(&p, 1, 200);
		while (read(f, &e, sizeof(e)) == sizeof(e)) {
			if (e.type != EV_REL)
				continue;
			events++;
			x += e.code == REL_X ? e.value : 0;
			y += e.code == REL_Y ? e.value : 0;
		}
	}
	printf("~motion %d %d in %d events\n", x, y, events);
	return !(events && x && y);
}

static int watchdog(int argc, char **argv)
{
	if (argc < 2)
		return fail("usage: watchdog DEVICE [TIMES]");
	int f = open(argv[1], O_RDWR), seconds = 45, enabled = WDIOS_ENABLECARD, left = -1;
	int times = argc > 2 ? atoi(argv[2]) : 5;
	struct watchdog_info info = { 0 };

	if (f < 0)
		return fail("%s: %s", argv[1], strerror(errno));
	if (ioctl(f, WDIOC_GETSUPPORT, &info))
		return fail("support: %s", strerror(errno));
	printf("identity %s options %x\n", info.identity, info.options);
	if (ioctl(f, WDIOC_SETTIMEOUT, &seconds))
		return fail("set time-out: %s", strerror(errno));
	if (ioctl(f, WDIOC_GETTIMEOUT, &seconds))
		return fail("get time-out: %s", strerror(errno));
	printf("time-out %d\n", seconds);
	if (ioctl(f, WDIOC_SETOPTIONS, &enabled))
		printf("enable: errno %d\n", errno);
	for (int i = 0; i < times; i++)
		if (ioctl(f, WDIOC_KEEPALIVE, 0))
			return fail("keep-alive: %s", strerror(errno));
	if (!ioctl(f, WDIOC_GETTIMELEFT, &left))
		printf("time left %s\n", left > 0 && left <= seconds ? "ok" : "WRONG");
	if (write(f, "V", 1) != 1)
		return fail("magic close: %s", strerror(errno));
	return close(f) ? fail("close: %s", strerror(errno)) : 0;
}

/* Nanoseconds of the clock that settings do not move. */
static int clock_now(int argc, char **argv)
{
	struct timespec t;

	(void)argc, (void)argv;
	clock_gettime(CLOCK_MONOTONIC, &t);
	printf("%lld\n", t.tv_sec * 1000000000LL + t.tv_nsec);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct { const char *name; int (*run)(int argc, char **argv); } verbs[] = {
		{ "tcp-echo", tcp_echo }, { "ethtool", ethtool }, { "ethtool-set", ethtool_set }, { "registers", registers }, { "mii", mii },
		{ "multicast", multicast }, { "pcm", pcm }, { "mixer", mixer }, { "block", block },
		{ "motion", motion }, { "watchdog", watchdog },
		{ "now", clock_now },
	};

	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(verbs[i].name, argv[1]))
			return verbs[i].run(argc - 1, argv + 1);
	fprintf(stderr, "usage: labtool VERB ...\n");
	return 2;
}
